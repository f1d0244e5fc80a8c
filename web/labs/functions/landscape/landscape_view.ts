// The slice through the loss as a map with lines of equal loss and the path of training.
import { part } from "../../../ui/dom";
import type { Slice } from "../engine/landscape";
import { mix, paint, rgb } from "../../../ui/plots/color_field";
import { Plane, write } from "../../../ui/plots/plane";

const bands = 14;

export class LandscapeView {
  private slice: Slice | undefined;
  private readonly plane: Plane;
  private readonly picture = document.createElement("canvas");

  constructor(private readonly place: HTMLElement) {
    this.plane = new Plane(part(place, "landscape-plot"), (plane) => this.draw(plane));
    this.show(undefined);
  }

  // Shows a slice; undefined where there is none of this net yet.
  show(slice: Slice | undefined): void {
    const [scale, about] = [part(this.place, "heights"), part(this.place, "landscape-about")];
    this.slice = slice;
    this.plane.redraw();
    scale.hidden = !slice;
    const isRandom = slice?.plane === "random";
    part(this.place, "path-key").hidden = isRandom;
    part(this.place, "here-key").hidden = !isRandom;
    part(this.place, "landscape-plot").classList.toggle("drawn", slice !== undefined);
    if (!slice) {
      about.textContent = "";
      this.plane.canvas.ariaLabel = "The loss landscape: not drawn yet";
      return;
    }
    const [low, high] = ends(slice);
    scale.firstElementChild!.textContent = write(low, 3);
    scale.lastElementChild!.textContent = write(high, 3);
    const how =
      slice.plane === "path"
        ? "This plane goes through the start, the end and the place that is farthest from the straight " +
          "line between them; what else is on the path is seen from straight above."
        : "This plane goes through the current weights in two random directions, each neuron’s as long as its " +
          "own weights (filter normalisation, Li et al. 2018); the path is hardly in it and is not drawn.";
    const sentence = `At step ${slice.step} the loss here is ${write(slice.here)}.`;
    about.textContent = `${sentence} ${how}`;
    this.plane.canvas.ariaLabel = `The loss on a plane through the weights, from ${write(low, 3)} to ${write(high, 3)}. ${sentence}`;
  }

  private draw(plane: Plane): void {
    const { slice } = this;
    if (!slice) return plane.note("not measured yet");
    plane.setAxes({
      x: slice.x,
      y: slice.y,
      xName: slice.plane === "path" ? "along the way from the start" : "first random direction",
      yName: slice.plane === "path" ? "across it" : "second random direction",
    });
    const [low, high] = ends(slice).map(Math.log10) as [number, number];
    const height = (loss: number) => Math.min(1, Math.max(0, (loss - low) / (high - low || 1)));
    const [paper, blue] = [rgb(plane.color("--raised")), rgb(plane.color("--train"))];
    const lines: [number, number, number] = [0, 0, 0];
    mix(blue, rgb(plane.color("--ink")), 0.35, lines);
    const band = ([loss]: Float64Array) => Math.floor(bands * height(loss!) - 1e-9);
    paint(this.picture, {
      size: slice.size,
      channels: 1,
      values: slice.losses.map((loss) =>
        Number.isFinite(loss) ? Math.log10(Math.max(loss, 1e-30)) : high,
      ),
      detail: 8,
      color: (here, out) => mix(paper, blue, (0.85 * (band(here) + 1)) / bands, out),
      band,
      ink: lines,
    });
    plane.image(this.picture);
    plane.frame(false);
    const { x, y } = slice.path;
    plane.line(x, y, { color: "--raised", width: 4.5, alpha: 0.8 });
    plane.line(x, y, { color: "--test", width: 2.5 });
    const size = 5;
    if (x.length > 1)
      plane.dots([x[0]!], [y[0]!], { color: "--test", shape: "circle", size, hollow: true });
    plane.dots([x.at(-1)!], [y.at(-1)!], {
      color: "--test",
      shape: "square",
      size,
      outline: "--ink",
    });
  }
}

// The lowest loss, and the highest that is told apart.
function ends({ losses, here }: Slice): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const loss of [here, ...losses]) {
    if (!Number.isFinite(loss)) continue;
    low = Math.min(low, loss);
    high = Math.max(high, loss);
  }
  // All losses have diverged.
  if (low > high) return [1, 10];
  low = Math.max(low, 1e-12);
  return [low, Math.max(Math.min(high, 1e7 * low), 1.001 * low)];
}
