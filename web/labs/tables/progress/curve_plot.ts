// The loss or the accuracy over epochs: each step's batch is pale, the line through them solid, and the held-out rows at
// the ends of epochs dotted.
import type { Cell } from "../../../ui/download";
import { part, setText } from "../../../ui/dom";
import { coarsePercent, loss } from "../../../ui/format";
import { Plane } from "../../../ui/plots/plane";
import type { TablesRun } from "../run/tables_run";

const least = 1e-9;

export class CurvePlot {
  readonly plane: Plane;
  private readonly write: (value: number) => string;

  constructor(
    private readonly place: HTMLElement,
    private readonly run: TablesRun,
    private readonly name: "loss" | "accuracy",
  ) {
    this.write = name === "loss" ? loss : coarsePercent;
    this.plane = new Plane(part(place, "curve"), (plane) => this.draw(plane));
  }

  /** Draws all of it, with the latest values in its key. */
  show(): void {
    this.plane.redraw();
    const { training, ended } = this.curves;
    const [train, held] = [training.latest, ended.validation.y.at(-1) ?? NaN];
    const put = (name: string, value: number) =>
      setText(part(this.place, name), Number.isFinite(value) ? this.write(value) : "");
    put("train", train);
    put("held", held);
    const title = this.name === "loss" ? "Loss" : "Accuracy";
    this.plane.canvas.ariaLabel = Number.isFinite(train)
      ? `${title} over ${this.run.settings.epochs} epochs: training ${this.write(train)}${Number.isFinite(held) ? `, held-out rows ${this.write(held)}` : ""}.`
      : `${title}: no training yet.`;
  }

  /** All points as rows, with a head. */
  table(): Cell[][] {
    const { training, ended } = this.curves;
    const { x, y, smooth } = training;
    const rows = (curve: string, x: number[], y: number[]) =>
      x.map((epoch, i) => [curve, epoch, y[i]]);
    return [
      ["curve", "epoch", this.name],
      ...rows("batch", x, y),
      ...rows("running mean", x, smooth),
      ...rows("held out", ended.validation.x, ended.validation.y),
    ];
  }

  private get curves() {
    return this.run.session.curves[this.name];
  }

  private draw(plane: Plane): void {
    const { training, ended, lowest, highest } = this.curves;
    const { x, y, smooth } = training;
    const isLoss = this.name === "loss";
    const [low, high] = lowest <= highest ? [lowest, highest] : isLoss ? [0.1, 1] : [0, 1];
    plane.setAxes({
      x: [0, this.run.settings.epochs],
      y: isLoss
        ? [10 ** Math.floor(Math.log10(Math.max(least, 0.9 * low))), 1.15 * Math.max(high, least)]
        : [Math.floor(Math.min(90, 100 * low) / 10) * 10, 101],
      log: isLoss,
      xName: "epoch",
      yName: isLoss ? "" : "%",
    });
    plane.frame();
    const scaled = (values: readonly number[]) =>
      isLoss ? values : values.map((value) => 100 * value);
    plane.line(x, scaled(y), { color: "--train", width: 1, alpha: 0.22 });
    plane.line(x, scaled(smooth), { color: "--train", width: 2.25 });
    const held = scaled(ended.validation.y);
    plane.line(ended.validation.x, held, { color: "--validation", width: 2, dash: [2, 4] });
    // A few epochs are seen as points, too.
    if (held.length <= 40) {
      const dots = { color: "--validation", shape: "circle", size: 3 } as const;
      plane.dots(ended.validation.x, held, dots);
    }
  }
}
