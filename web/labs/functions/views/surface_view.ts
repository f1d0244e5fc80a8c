// A function of x and y: f and the net's answer as heat maps in one scale, with the points on f.
import { part } from "../../../ui/dom";
import { gridPlaces, coordinates, type ExperimentInfo, type Snapshot } from "../engine/snapshot";
import { diverging, largest, paint, type Rgb } from "../../../ui/plots/color_field";
import { Plane, write } from "../../../ui/plots/plane";
import type { UnitMaps } from "./unit_maps";

export class SurfaceView {
  private shown: { info: ExperimentInfo; snapshot: Snapshot } | undefined;
  private readonly truth: Plane;
  private readonly answer: Plane;
  private readonly pictures = [0, 1].map(() => document.createElement("canvas"));

  constructor(
    private readonly place: HTMLElement,
    private readonly maps: () => UnitMaps,
  ) {
    this.truth = new Plane(part(place, "truth-plot"), (plane) => this.drawTruth(plane));
    this.answer = new Plane(part(place, "answer-plot"), (plane) => this.drawAnswer(plane));
  }

  show(info: ExperimentInfo, snapshot: Snapshot): void {
    const isNew = this.shown?.info !== info;
    this.shown = { info, snapshot };
    for (const scale of this.place.querySelectorAll('[data-part="scale"]')) {
      const most = write(this.most, 3);
      scale.firstElementChild!.textContent = `−${most}`;
      scale.lastElementChild!.textContent = most;
    }
    if (isNew) this.truth.redraw();
    this.answer.redraw();
    this.describe();
  }

  // Draws again, since another unit may be looked at.
  redraw(): void {
    this.answer.redraw();
  }

  // The end of the scale, which the data decide.
  private get most(): number {
    const { truth, points } = this.shown!.info;
    return largest(points.values, truth ?? []);
  }

  private drawTruth(plane: Plane): void {
    if (!this.shown) return;
    const { grid: size, truth, points } = this.shown.info;
    this.axes(plane);
    const color = (name: string) => plane.color(name);
    const colors = diverging(color, this.most);
    if (truth) {
      paint(this.pictures[0]!, { size, channels: 1, values: truth, detail: 5, color: colors });
      plane.image(this.pictures[0]!);
    }
    plane.frame(!truth);
    const [xs, ys] = coordinates(points.inputs);
    const out: Rgb = [0, 0, 0];
    points.values.forEach((value, i) => {
      colors(Float64Array.of(value), out);
      plane.dots([xs![i]!], [ys![i]!], {
        color: `rgb(${out.map(Math.round).join()})`,
        shape: "circle",
        size: points.values.length > 400 ? 2 : 3,
        outline: "--muted",
      });
    });
  }

  private drawAnswer(plane: Plane): void {
    if (!this.shown) return;
    const { info, snapshot } = this.shown;
    const picture = this.pictures[1]!;
    this.axes(plane);
    const unit = this.maps().picked;
    const color = diverging((name) => plane.color(name), this.most);
    const values = snapshot.view.answer;
    paint(picture, unit ?? { size: info.grid, channels: 1, values, detail: 5, color });
    plane.image(picture);
    plane.frame(false);
    if (unit) plane.title(info.hidden ? `neuron ${unit.unit} alone` : `input ${unit.unit} alone`);
  }

  private axes(plane: Plane): void {
    const [x, y] = this.shown!.info.box as [[number, number], [number, number]];
    plane.setAxes({ x, y, xName: "x", yName: "y" });
  }

  private describe(): void {
    const { info, snapshot } = this.shown!;
    const [x, y] = gridPlaces(info.box);
    const said = [0, 20, 40].flatMap((j) =>
      [0, 20, 40].map((i) => {
        const at = j * info.grid + i;
        const f = info.truth ? ` (f: ${write(info.truth[at]!, 3)})` : "";
        return `at (${write(x![i]!, 3)}, ${write(y![j]!, 3)}) ${write(snapshot.view.answer[at]!, 3)}${f}`;
      }),
    );
    this.answer.canvas.ariaLabel = `The net’s answer at step ${snapshot.step}: ${said.join("; ")}.`;
    this.truth.canvas.ariaLabel = `${info.points.values.length} points${info.truth ? " on f as a heat map" : ""}, colours from −${write(this.most, 3)} to ${write(this.most, 3)}.`;
  }
}
