// A function of x: the points, f and the net's answer in one plot, and what each hidden unit adds
// in another.
import { part } from "../../../ui/dom";
import { partsOf, type ExperimentInfo, type Snapshot } from "../engine/snapshot";
import { Plane, write } from "../../../ui/plots/plane";
import { UnitButtons } from "./unit_buttons";

export interface Curve {
  x: number[];
  info: ExperimentInfo;
  snapshot: Snapshot;
}

export class CurveView {
  private shown: Curve | undefined;
  private readonly answer: Plane;
  private readonly parts: Plane;
  private readonly units: UnitButtons;

  constructor(private readonly place: HTMLElement) {
    this.answer = new Plane(part(place, "curve-plot"), (plane) => this.drawAnswer(plane));
    this.parts = new Plane(part(place, "units-plot"), (plane) => this.drawParts(plane));
    this.units = new UnitButtons(part(place, "curve-units"), () => {
      this.parts.redraw();
      this.showSentence();
    });
    const { canvas } = this.parts;
    canvas.addEventListener("pointermove", (event) => this.units.pick(this.nearest(event)));
    canvas.addEventListener("pointerleave", () => this.units.pick(undefined));
    canvas.addEventListener("click", (event) => this.units.pick(this.nearest(event)));
  }

  show(x: number[], info: ExperimentInfo, snapshot: Snapshot): void {
    this.shown = { x, info, snapshot };
    this.units.show(info.unitsShown, false);
    this.answer.redraw();
    this.parts.redraw();
    this.showSentence();
    this.describe();
  }

  private drawAnswer(plane: Plane): void {
    if (!this.shown) return;
    const { x, info, snapshot } = this.shown;
    const { points, truth } = info;
    // The points and f decide how far the axis reaches; an answer may run out of the plot.
    const reach = span([points.values, truth ?? []], 0.12);
    plane.setAxes({ x: info.box[0]!, y: reach, xName: "x", yName: "" });
    plane.frame();
    plane.dots(points.inputs, points.values, {
      color: "--muted",
      shape: "circle",
      size: points.values.length > 300 ? 2.5 : 3.6,
      hollow: true,
    });
    if (truth) plane.line(x, truth, { color: "--test", width: 2, dash: [7, 5] });
    plane.line(x, snapshot.view.answer, { color: "--train", width: 2.75 });
  }

  private drawParts(plane: Plane): void {
    if (!this.shown) return;
    const { x, info, snapshot } = this.shown;
    const { view } = snapshot;
    const { picked } = this.units;
    const parts = partsOf(view, info);
    plane.setAxes({
      x: info.box[0]!,
      y: span([view.units, view.answer, view.bias], 0.06),
      xName: "x",
      yName: "",
    });
    plane.frame();
    const alpha = picked === undefined ? 0.75 : 0.3;
    for (const curve of parts) plane.line(x, curve, { color: "--muted", width: 1.2, alpha });
    const bias = x.map(() => view.bias[0]!);
    plane.line(x, bias, { color: "--muted", width: 2, dash: [2, 4] });
    plane.line(x, view.answer, {
      color: "--train",
      width: 2.75,
      alpha: picked === undefined ? 1 : 0.5,
    });
    if (picked !== undefined && parts[picked]) {
      plane.line(x, parts[picked], { color: "--validation", width: 3.25 });
    }
  }

  private nearest(event: PointerEvent | MouseEvent): number | undefined {
    if (!this.shown) return undefined;
    const { x, info, snapshot } = this.shown;
    const under = this.parts.under(event as PointerEvent);
    const at = Math.round(((under.x - x[0]!) / (x.at(-1)! - x[0]!)) * (x.length - 1));
    let [best, distance]: [number | undefined, number] = [undefined, 24];
    partsOf(snapshot.view, info).forEach((curve, unit) => {
      const away = under.distance(curve[at]!);
      if (away < distance) [best, distance] = [unit, away];
    });
    return best;
  }

  private showSentence(): void {
    const { shown } = this;
    if (!shown) return;
    const { info, snapshot, x } = shown;
    const { picked } = this.units;
    const { view } = snapshot;
    const bias = write(view.bias[0]!, 3);
    const curve = picked === undefined ? undefined : partsOf(view, info)[picked];
    const more =
      info.units > info.unitsShown ? ` The first ${info.unitsShown} of them are drawn.` : "";
    part(this.place, "curve-sentence").textContent =
      curve === undefined
        ? info.hidden
          ? `${info.units} ${info.units === 1 ? "neuron" : "neurons"} and the bias, ${bias}.${more}`
          : `There is no hidden layer: x itself times a weight, and the bias, ${bias}.`
        : `${info.hidden ? `Neuron ${picked! + 1}` : "x"} adds ${write(curve[0]!, 3)} at x = ${write(x[0]!, 3)}, ` +
          `${write(curve[(curve.length - 1) / 2]!, 3)} in the middle and ${write(curve.at(-1)!, 3)} at ` +
          `x = ${write(x.at(-1)!, 3)}. Its outgoing weight is ${write(view.weights[picked!]!, 3)}.`;
  }

  // Describes some values of each curve in words, for people who do not see the plot.
  private describe(): void {
    const { x, info, snapshot } = this.shown!;
    const at = [0, 50, 100, 150, 200];
    const list = (values: ArrayLike<number>) => at.map((i) => write(values[i]!, 3)).join(", ");
    const f = info.truth ? `; f is ${list(info.truth)}` : "";
    this.answer.canvas.ariaLabel =
      `${info.points.values.length} points and the net’s answer at step ${snapshot.step}. At x = ` +
      `${list(x)} it answers ${list(snapshot.view.answer)}${f}.`;
    this.parts.canvas.ariaLabel =
      `${info.hidden ? `What each of ${info.units} hidden neurons` : "What x"} adds to the answer; the bias is ` +
      `${write(snapshot.view.bias[0]!, 3)}. The buttons below say each one’s values.`;
  }
}

// The range from the least to the greatest of the numbers, with a margin.
export function span(all: ArrayLike<number>[], margin: number): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const values of all) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (!Number.isFinite(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (low > high) return [-1, 1];
  const room = margin * (high - low) || 0.5;
  return [low - room, high + room];
}
