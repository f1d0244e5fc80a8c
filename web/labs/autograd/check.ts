// The gradients beside central differences, which know nothing of derivatives.
import { make, table } from "./elements";
import type { Difference } from "./graph";
import { long, short } from "./numbers";

export const elementName = ({
  name,
  shape,
  index,
}: Pick<Difference, "name" | "shape" | "index">) =>
  shape.length === 0 ? name : `${name}[${Math.floor(index / shape[1]!)}, ${index % shape[1]!}]`;

// Of the larger one: "0.0041 %".
const share = (relative: number) =>
  Number.isFinite(relative) ? `${short(100 * relative, 2)} %` : "–";

export function checkTable(differences: readonly Difference[]): Node[] {
  const rows = differences.map((each) => [
    elementName(each),
    long(each.gradient),
    long(each.numeric),
    share(each.relative),
    long(each.below),
    long(each.above),
    short(each.step),
  ]);
  const worst = Math.max(...differences.map(({ relative }) => relative));
  const head = [
    "value",
    "gradient",
    "difference / distance",
    "they differ by",
    "f just below",
    "f just above",
    "distance",
  ];
  return [
    make(
      "div",
      {
        className: "scroll",
        tabIndex: 0,
        role: "region",
        ariaLabel: "Gradients checked numerically",
      },
      table(head, rows, "central-differences"),
    ),
    make(
      "p",
      { className: "verdict", test: "verdict" },
      differences.length === 0
        ? "No value requires a gradient."
        : worst === 0
          ? "They agree in every digit."
          : worst < 1e-2
            ? `They agree: no two differ by more than ${share(worst)} of themselves.`
            : Number.isFinite(worst)
              ? `They differ by up to ${share(worst)} of themselves: near here the result bends sharply, as ReLU does at 0, or the gradient is tiny beside the result.`
              : "Some of these are no numbers: f is not defined around here, like the logarithm of what is not above 0.",
    ),
  ];
}
