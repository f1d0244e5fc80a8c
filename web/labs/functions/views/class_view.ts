// Points in classes on a plane. Each class has its own colour and shape. Behind them is the field
// of the net's probabilities, with the boundary where another class becomes the most probable.
import { make, part } from "../../../ui/dom";
import { coarsePercent } from "../../../ui/format";
import { shape } from "../../../ui/svg";
import type { ExperimentInfo, Snapshot } from "../engine/snapshot";
import { classField, looks } from "../../../ui/plots/class_field";
import { paint, type ColorField } from "../../../ui/plots/color_field";
import { Plane } from "../../../ui/plots/plane";
import { coordinates } from "../engine/snapshot";
import type { UnitMaps } from "./unit_maps";

export class ClassView {
  private shown: { info: ExperimentInfo; snapshot: Snapshot } | undefined;
  private readonly plane: Plane;
  private readonly picture = document.createElement("canvas");

  constructor(
    place: HTMLElement,
    private readonly maps: () => UnitMaps,
  ) {
    this.plane = new Plane(part(place, "classes-plot"), (plane) => this.draw(plane));
  }

  show(info: ExperimentInfo, snapshot: Snapshot): void {
    this.shown = { info, snapshot };
    this.redraw();
    const count = (label: number) =>
      info.points.values.reduce((sum, value) => sum + Number(value === label), 0);
    const all = Array.from({ length: info.classes }, (_, c) => `${count(c)} of class ${"ABC"[c]}`);
    const share = (score: { accuracy: number } | undefined) => coarsePercent(score?.accuracy ?? 0);
    this.plane.canvas.ariaLabel =
      `${all.join(", ")}, and the net’s probabilities at step ${snapshot.step}. It gets ${share(snapshot.train)} ` +
      `of its training points right and ${share(snapshot.held)} of those held out.`;
  }

  redraw(): void {
    this.plane.redraw();
  }

  private draw(plane: Plane): void {
    if (!this.shown) return;
    const { info } = this.shown;
    const [x, y] = info.box as [[number, number], [number, number]];
    plane.setAxes({ x, y, xName: "x", yName: "y" });
    const unit = this.maps().picked;
    paint(this.picture, unit ?? this.field(plane));
    plane.image(this.picture);
    plane.frame(false);
    for (const [points, hollow] of [
      [info.heldPoints, true],
      [info.points, false],
    ] as const) {
      if (!points) continue;
      const [xs, ys] = coordinates(points.inputs);
      for (let label = 0; label < info.classes; label++) {
        const of = (all: number[]) => all.filter((_, i) => points.values[i] === label);
        const size = hollow ? 2.4 : 3.8;
        plane.dots(of(xs), of(ys), { ...looks[label]!, size, hollow });
      }
    }
    if (unit) plane.title(info.hidden ? `neuron ${unit.unit} alone` : `input ${unit.unit} alone`);
  }

  private field(plane: Plane): ColorField {
    const { info, snapshot } = this.shown!;
    const values = snapshot.view.answer;
    return classField((name) => plane.color(name), {
      size: info.grid,
      classes: info.classes,
      values,
    });
  }
}

// The key above the plot: "● class A ■ class B".
export function classKey(classes: number): HTMLElement[] {
  const shapes = ["M5 0a5 5 0 1 0 .01 0", "M.5.5h9v9h-9z", "M5 0l5 9.5h-10z"];
  return looks.slice(0, classes).map(({ color }, i) => {
    const path = shape("path", { d: shapes[i]! });
    path.style.fill = `var(${color})`;
    const box = { viewBox: "0 0 10 10", "aria-hidden": "true" };
    return make("span", {}, shape("svg", box, path), `class ${"ABC"[i]}`);
  });
}
