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

export function checkTable(differences: readonly Difference[]): Node[] {
  const rows = differences.map((each) => [
    elementName(each),
    long(each.below),
    long(each.above),
    short(each.step),
    long(each.numeric),
    long(each.gradient),
    Number.isFinite(each.relative) ? each.relative.toExponential(1).replace("-", "−") : "–",
  ]);
  const worst = Math.max(...differences.map(({ relative }) => relative));
  const head = [
    "",
    "f just below",
    "f just above",
    "apart by",
    "difference / distance",
    "gradient",
    "relative difference",
  ];
  head[0] = "value";
  return [
    make(
      "div",
      {
        className: "scroll",
        tabIndex: 0,
        role: "region",
        ariaLabel: "Gradients checked numerically",
      },
      table(head, rows, "differences"),
    ),
    make(
      "p",
      { className: "verdict", test: "verdict" },
      differences.length === 0
        ? "No value requires a gradient."
        : worst < 1e-2
          ? `They agree: the largest relative difference is ${worst.toExponential(1).replace("-", "−")}.`
          : Number.isFinite(worst)
            ? `They differ by up to ${worst.toExponential(1).replace("-", "−")}: near here the result bends sharply, as ReLU does at 0, or the gradient is tiny beside the result.`
            : "Some of these are no numbers: f is not defined around here, like the logarithm of what is not above 0.",
    ),
  ];
}
