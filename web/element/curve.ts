// The curve of the loss: one line, with a point for each of at most a thousand groups of steps.
import { loss } from "../ui/format";
import { Plane } from "../ui/plots/plane";

const mostPoints = 1000;

export class LossCurve {
  private xs: number[] = [];
  private ys: number[] = [];
  // The points that came since the last one that is drawn, and how many make one.
  private group: [number, number][] = [];
  private perPoint = 1;
  private end = 1;
  private readonly plane: Plane;

  constructor(place: HTMLElement) {
    this.plane = new Plane(place, (plane) => this.draw(plane));
    this.describe();
  }

  /** Forgets all points; `steps` is how many there will be. */
  begin(steps: number): void {
    [this.xs, this.ys, this.group, this.perPoint, this.end] = [[], [], [], 1, Math.max(1, steps)];
    this.show();
  }

  add(step: number, value: number): void {
    this.group.push([step, value]);
    if (this.group.length < this.perPoint) return;
    this.xs.push(step);
    this.ys.push(this.group.reduce((sum, [, each]) => sum + each, 0) / this.group.length);
    this.group = [];
    if (this.xs.length <= mostPoints) return;
    this.perPoint *= 2;
    const { ys } = this;
    const pairs = Array.from({ length: ys.length >> 1 }, (_, i) => 2 * i);
    this.ys = pairs.map((i) => (ys[i]! + ys[i + 1]!) / 2);
    this.xs = pairs.map((i) => this.xs[i + 1]!);
  }

  show(): void {
    this.plane.redraw();
    this.describe();
  }

  private describe(): void {
    const { xs, ys } = this;
    this.plane.canvas.ariaLabel =
      xs.length === 0
        ? "The loss: no step yet."
        : `The loss over ${xs.at(-1)} steps: from ${loss(ys[0]!)} to ${loss(ys.at(-1)!)}.`;
  }

  private draw(plane: Plane): void {
    const most = this.ys.reduce((a, b) => (b > a ? b : a), 0) || 1;
    plane.setAxes({ x: [0, this.end], y: [0, 1.05 * most], xName: "step", yName: "loss" });
    plane.frame();
    plane.line(this.xs, this.ys, { color: "--train", width: 2 });
  }
}
