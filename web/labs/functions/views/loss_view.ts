// The loss over the steps: each step's batch is pale, the line through them solid, and the held-out
// points dashed.
import { part } from "../../../ui/dom";
import type { Snapshot } from "../engine/snapshot";
import { Plane, write } from "../../../ui/plots/plane";

export class LossView {
  private snapshot: Snapshot | undefined;
  private readonly plane: Plane;

  constructor(place: HTMLElement) {
    this.plane = new Plane(part(place, "loss-plot"), (plane) => this.draw(plane));
  }

  show(snapshot: Snapshot): void {
    this.snapshot = snapshot;
    this.plane.redraw();
    const held = snapshot.held ? `, held out ${write(snapshot.held.loss)}` : "";
    this.plane.canvas.ariaLabel = `Loss after ${snapshot.step} steps: training ${write(snapshot.train.loss)}${held}.`;
  }

  private draw(plane: Plane): void {
    if (!this.snapshot) return;
    const { curve, heldCurve, step, train, held } = this.snapshot;
    const positive = [...curve.smooth, ...heldCurve.y, train.loss, held?.loss ?? NaN].filter(
      (value) => value > 0 && Number.isFinite(value),
    );
    const low = Math.max(
      1e-12,
      positive.reduce((least, value) => Math.min(least, value), 1),
    );
    const high = positive.reduce((most, value) => Math.max(most, value), 2 * low);
    plane.setAxes({
      x: [0, Math.max(10, step)],
      y: [10 ** Math.floor(Math.log10(low * 0.9)), 10 ** Math.ceil(Math.log10(high * 1.1))],
      log: true,
      xName: "step",
      yName: "",
    });
    plane.frame();
    plane.line(curve.x, curve.y, { color: "--train", width: 1, alpha: 0.25 });
    plane.line(curve.x, curve.smooth, { color: "--train", width: 2.25 });
    plane.line(heldCurve.x, heldCurve.y, { color: "--test", width: 2, dash: [7, 5] });
  }
}
