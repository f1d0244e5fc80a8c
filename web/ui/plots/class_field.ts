// Classes on a plane, as plots show them: each with a colour and a shape, and behind the points the field of a net's
// probabilities, with the boundary where another class becomes the most probable.
import { mix, rgb, type ColorField } from "./color_field";
import type { Shape } from "./plane";

/** The colours, as names of custom properties, and the shapes of the classes. */
export const looks: readonly { color: string; shape: Shape }[] = [
  { color: "--train", shape: "circle" },
  { color: "--test", shape: "square" },
  { color: "--validation", shape: "triangle" },
];

/** The field of probabilities on a grid, [size, size, classes]; it is pale where the net is not sure. */
export function classField(
  color: (name: string) => string,
  { size, classes, values }: { size: number; classes: number; values: Float32Array },
): ColorField {
  const paper = rgb(color("--raised"));
  const colors = looks.map((look) => rgb(color(look.color)));
  const best = (p: Float64Array) => {
    let first = 0;
    for (let c = 1; c < classes; c++) if (p[c]! > p[first]!) first = c;
    return first;
  };
  return {
    size,
    channels: classes,
    values,
    detail: 6,
    color(p, out) {
      const c = best(p);
      mix(paper, colors[c]!, (0.5 * (p[c]! - 1 / classes)) / (1 - 1 / classes), out);
    },
    band: best,
    ink: rgb(color("--ink")),
  };
}
