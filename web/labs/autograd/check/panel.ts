// The check of the gradients: they are compared with central differences, which need no derivatives.
import { make, part, scroller, table } from "../../../ui/dom";
import { percentage } from "../../../ui/format";
import type { Difference } from "../engine/graph";
import { long, short } from "../language/numbers";
import type { FormulaRun } from "../run/formula_run";

export function mount(place: HTMLElement, run: FormulaRun): void {
  const result = part(place, "differences");
  part(place, "check").addEventListener("click", () => void run.check());
  run.on("differences", (differences) => {
    result.replaceChildren(...checkTable(differences));
    result.hidden = false;
  });
}

const elementName = ({ name, shape, index }: Pick<Difference, "name" | "shape" | "index">) =>
  shape.length === 0 ? name : `${name}[${Math.floor(index / shape[1]!)}, ${index % shape[1]!}]`;

// The difference as a share of the larger number: "0.0041 %".
const share = (relative: number) =>
  Number.isFinite(relative) ? percentage(short(100 * relative, 2)) : "–";

// Numbers whose relative difference is below this agree.
const enough = 1e-2;
const finite = Number.isFinite;
const apart = (a: number, b: number) => Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b));
const agree = (a: number, b: number, noise = 0) =>
  a === b || apart(a, b) < enough || Math.abs(a - b) <= noise;

// Whether the slopes on both sides stay apart however close one looks.
function isKink({ left, right, noise, closer }: Difference): boolean {
  const gap = Math.abs(closer.left - closer.right);
  return (
    !agree(closer.left, closer.right, 2 * closer.noise) &&
    gap > Math.abs(left - right) / 2 &&
    gap > 2 * noise
  );
}

/** What keeps a difference from showing the gradient at this value, or undefined where both agree. */
function objection(each: Difference): string | undefined {
  const { at, gradient, numeric, noise, relative, largest, closer } = each;
  const says = `the engine says ${short(gradient)}`;
  if (!finite(at)) {
    return `f itself is ${short(at)} here, so no difference means anything; ${says}`;
  }
  const side = (name: string, value: number) =>
    finite(value) ? `${name} the slope is ${short(value)}` : `${name} f has no value`;
  // The slopes are those of the farther look where both of its sides have a value.
  const { left, right } = finite(numeric) && isKink(each) ? each : closer;
  const sides = `${side("from the left", left)}, ${side("from the right", right)}`;
  if (!finite(numeric)) return `beside this value f is not finite: ${sides}; ${says}`;
  if (!finite(gradient)) return `no difference can show this gradient: ${sides}; ${says}`;
  if (isKink(each)) return `a kink: ${sides}; ${says}`;
  if (relative < enough || numeric === gradient) return undefined;
  if (agree(numeric, gradient, noise)) {
    return `too coarse to tell: with numbers as large as ${short(largest)} on the way, rounding alone moves the difference by up to ${short(noise, 2)}; ${says}`;
  }
  if (Math.abs(closer.numeric - gradient) < Math.abs(numeric - gradient) / 2) {
    return `f bends sharply near here: over this distance the slope is ${short(numeric)}, closer it is ${short(closer.numeric)}; ${says}`;
  }
  return `they differ by ${share(relative)} of their size: the difference says ${short(numeric)}, ${says}`;
}

const mostObjections = 4;

/** What the table shows, in sentences. */
function verdict(differences: readonly Difference[]): string {
  if (differences.length === 0) return "No value requires a gradient.";
  const objections = differences.flatMap((each) => {
    const sentence = objection(each);
    return sentence ? [`${elementName(each)}: ${sentence}.`] : [];
  });
  if (objections.length === 0) {
    const worst = Math.max(...differences.map(({ relative }) => relative));
    return worst === 0
      ? "They agree in every digit."
      : `They agree: no two differ by more than ${share(worst)} of their size.`;
  }
  const more = objections.length - mostObjections;
  return [
    ...objections.slice(0, mostObjections),
    ...(more > 0 ? [`${more} more values are like these.`] : []),
    ...(objections.length < differences.length ? ["The others agree."] : []),
  ].join(" ");
}

function checkTable(differences: readonly Difference[]): Node[] {
  const rows = differences.map((each) => [
    elementName(each),
    long(each.gradient),
    long(each.numeric),
    share(each.relative),
    long(each.below),
    long(each.above),
    short(each.step),
  ]);
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
    scroller("Gradients checked numerically", table(head, rows, "central-differences")),
    make("p", { className: "verdict", test: "verdict" }, verdict(differences)),
  ];
}
