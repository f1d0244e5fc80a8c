// What the explanation says, each sentence as a function of the numbers that it is derived from.
import {
  coarsePercent,
  compact,
  counted,
  grouped,
  percentage,
  powerOfTen,
  probability,
} from "../../../ui/format";
import type { PictureSet } from "../run/picture_set";
import { places, type Strongest } from "./evidence";
import type { Convolution, Neurons, Sum } from "./first_layer/sums";

type Named = Pick<PictureSet, "names" | "noun">;

// An answer within a sentence: "3", “ankle boot”, or "class 3" where nobody has named it.
export function quoted({ names, noun }: Named, label: number): string {
  const name = names[label]!;
  if (noun === "digit") return name;
  return /^\d+$/.test(name) ? `class ${name}` : `“${name}”`;
}

// What the net does with a picture.
export const verb = ({ noun }: Pick<Named, "noun">): string =>
  noun === "digit" ? "reads" : "sees";

// What is explained: "Test digit 1, a 7: it reads 7, 98.2 % sure, after 600 steps."
export function stateSentence(
  pictures: Named,
  { called, best, sure, step, epoch }: { called: string; best: number; sure: number; step: number; epoch: number | undefined }, // prettier-ignore
): string {
  const when =
    step === 0
      ? "before it has learned anything, so its reasons are chance"
      : `after ${counted(step, "step")}${epoch === undefined ? "" : `, with the weights of epoch ${epoch}`}`;
  return `${capital(called)}: it ${verb(pictures)} ${quoted(pictures, best)}, ${probability(sure)} sure, ${when}.`;
}

// ---- Which ink speaks for and against ---------------------------------------

// What the ink that is there says, or what the pixels say that are in colour.
export function inkSentence(
  answer: string,
  other: string,
  ink: Strongest,
  colored = false,
): string {
  const [first, second] = [ink.for, ink.against];
  const [Ink, what, speaks] = colored ? ["What is", "what is", "speaks"] : ["Ink", "ink", "speaks"];
  if (first !== undefined && second !== undefined)
    return `${Ink} ${places[first]} ${speaks} most for ${answer}; ${what} ${places[second]} ${speaks} most against it, for ${other}.`;
  if (first !== undefined)
    return `${Ink} ${places[first]} ${speaks} most for ${answer}; no place as a whole speaks for ${other}.`;
  if (second !== undefined)
    return `${Ink} ${places[second]} ${speaks} most for ${other}; no place as a whole speaks for ${answer}.`;
  return `No ${colored ? "place" : "ink"} speaks for ${answer} or for ${other}.`;
}

// What ink would say where there is none, or more light in a picture in colour.
export function emptySentence(
  answer: string,
  other: string,
  empty: Strongest,
  colored = false,
): string {
  const [first, second] = [empty.for, empty.against];
  if (colored) {
    const lighter = [
      first !== undefined && `more light ${places[first]} would speak most for ${answer}`,
      second !== undefined && `more light ${places[second]} would speak most for ${other}`,
    ].filter((part) => part !== false);
    if (lighter.length === 0) return "More light in any one place would speak for neither.";
    return `${capital(lighter.join(", and "))}.`;
  }
  const parts = [
    first !== undefined && `some ${places[first]} would speak most for ${answer}`,
    second !== undefined && `some ${places[second]} would speak most for ${other}`,
  ].filter((part) => part !== false);
  if (parts.length === 0) return "Where there is no ink, none would speak for either.";
  return `Where there is no ink, ${parts.join(", and ")}.`;
}

// How many times as probable one answer is as another: "3 is 17 times as likely as 7".
export function odds(answer: string, other: string, p: number, q: number): string {
  const [more, less] = p >= q ? [answer, other] : [other, answer];
  return `${more} is ${times(Math.max(p, q) / Math.min(p, q))} as likely as ${less}`;
}

function times(ratio: number): string {
  if (!(ratio < 1e6))
    return `${ratio < 1e29 ? powerOfTen(ratio.toExponential(0).replace("+", "")) : "over 10²⁹"} times`;
  const rounded = Number(ratio.toPrecision(2));
  if (rounded === 1) return "about";
  return `${ratio < 10 ? rounded : grouped(rounded)} times`;
}

// One variant of the picture: how probable both answers are.
export interface Pair {
  p: number;
  q: number;
}

// The picture without the ink of a place, which has a number in `places`.
interface Rubbed {
  place: number;
  pair: Pair;
}

// How much more probable, as a logarithm, the answer is than the other; of floats, which may be 0.
const lead = ({ p, q }: Pair) => Math.log(Math.max(p, 1e-30) / Math.max(q, 1e-30));
// What changes it by less than this hardly matters.
const leastChange = Math.log(1.1);

// What rubbing out the ink of each place does, which the net was asked: the gradient, by which `promised` was found,
// promises it for small changes only. Named are the places that do most for either answer.
export function rubbedOut(
  answer: string,
  other: string,
  whole: Pair,
  rubbed: readonly Rubbed[],
  promised: Strongest,
  colored = false,
): string {
  const now = `Asked to be sure: as it stands, ${odds(answer, other, whole.p, whole.q)}.`;
  const [first, ...rest] = rubbed.toSorted((a, b) => lead(a.pair) - lead(b.pair));
  if (!first) return `${now} There is no ink to rub out.`;
  const said = (of: Rubbed, name: string, place: number | undefined) => {
    const colors =
      place === of.place
        ? ""
        : " (the colours promise something else: they hold for small changes)";
    const gone = colored
      ? `With its mean colour ${places[of.place]}`
      : `Without all ink ${places[of.place]}`;
    return `${gone}, ${odds(answer, other, of.pair.p, of.pair.q)}: no other place does as much for ${name}${colors}.`;
  };
  const last = rest.at(-1) ?? first;
  const sentences = [
    lead(whole) - lead(first.pair) > leastChange && said(first, answer, promised.for),
    lead(last.pair) - lead(whole) > leastChange && said(last, other, promised.against),
  ].filter((sentence) => sentence !== false);
  if (sentences.length === 0)
    sentences.push(
      colored
        ? "That hardly changes with its mean colour in any one place."
        : "That hardly changes without all ink of any one place.",
    );
  return `${now} ${sentences.join(" ")}`;
}

// ---- The nearest training pictures ------------------------------------------

const words = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
const word = (count: number) => words[count] ?? String(count);

// "Four of the five nearest are 3s, one is an 8."
export function nearestSentence(
  pictures: Named,
  labels: readonly number[],
  answer: number,
): string {
  const counts = new Map([[answer, 0]]);
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const [[, own] = [answer, 0], ...others] = [...counts];
  others.sort(([, a], [, b]) => b - a);
  const all = labels.length;
  const name = (label: number, count: number) => {
    const called = quoted(pictures, label);
    if (pictures.noun !== "digit") return called;
    return count > 1 ? `${called}s` : `${/^(8|11|18)/.test(called) ? "an" : "a"} ${called}`;
  };
  if (all === 1) return `The nearest is ${name(labels[0]!, 1)}.`;
  if (own === all) return `All ${word(all)} nearest are ${name(answer, all)}.`;
  const rest = others.map(
    ([label, count]) => `${word(count)} ${count === 1 ? "is" : "are"} ${name(label, count)}`,
  );
  const first =
    own === 0
      ? `None of the ${word(all)} nearest is ${name(answer, 1)}`
      : `${capital(word(own))} of the ${word(all)} nearest ${own === 1 ? "is" : "are"} ${name(answer, own)}`;
  return `${first}${own === 0 ? ":" : ","} ${rest.join(", ")}.`;
}

// What was compared with what.
export function comparedSentence(
  { noun }: Pick<Named, "noun">,
  { compared, trained, numbers, layer }: { compared: number; trained: number; numbers: number; layer: string }, // prettier-ignore
): string {
  const which =
    compared < trained
      ? `${grouped(compared)} of the ${counted(trained, `training ${noun}`)}, drawn by the seed,`
      : compared === 1
        ? `the one training ${noun}`
        : `all ${counted(compared, `training ${noun}`)}`;
  const what =
    layer === "x"
      ? `by their ${grouped(numbers)} pixels, since this net has no hidden layer`
      : `by the ${counted(numbers, "number")} that its last layer is given`;
  return `It was compared with ${which} ${what}. The number below each is the cosine between both lists: 1 means the same direction.`;
}

// ---- What would have to change ----------------------------------------------

// `share` is that of the ink, or of all light of a picture in colour; the probability is that of the answer to the changed picture.
export function changeSentence(
  pictures: Pick<Named, "noun"> & { channels?: number },
  { from, to, share, sure }: { from: string; to: string; share: number; sure: number },
): string {
  const what = (pictures.channels ?? 1) > 1 ? "light" : "ink";
  return `With a change of ${amount(share)} of the ${pictures.noun}’s ${what} the net ${verb(pictures)} ${to} (${probability(sure)} sure) instead of ${from}. Found by following the gradient; other small changes may do it as well.`;
}

function amount(share: number): string {
  if (share === Infinity) return "more than all";
  if (share < 0.001) return `less than ${percentage(0.1)}`;
  return `about ${share < 0.01 ? coarsePercent(share) : percentage(Math.round(100 * share))}`;
}

export const noChangeSentence = (pictures: Pick<Named, "noun">, from: string, to: string): string =>
  `Following the gradient, no change was found with which the net ${verb(pictures)} ${to} instead of ${from}.`;

// ---- The first layer --------------------------------------------------------

const scaled = (isNormalized: boolean) =>
  isNormalized
    ? " It takes the pixels shifted and scaled to mean 0, so empty ones count, too."
    : "";

export function filterSentence({
  kernel,
  map,
  filters,
  pad,
  channels,
  isNormalized,
}: Convolution): string {
  const size = `${kernel.height}\u00a0×\u00a0${kernel.width}`;
  const edge = pad > 0 ? " Beyond the edge it finds 0." : "";
  const colors = channels > 1 ? ", red, green and blue each by their own," : "";
  return `The first layer slides ${counted(filters, "filter")} of ${size} over the picture. At each place it multiplies what lies below by the filter’s weights${colors} and adds it all up: one number of a map of ${map.height}\u00a0×\u00a0${map.width}.${edge}${scaled(isNormalized)}`;
}

// The sum of one window: "The 25 products add up to 1.2; with the bias −0.1 that is 1.1."
export function sumSentence({ products, bias, value }: Sum, hasBias: boolean): string {
  const plus = hasBias
    ? ` add up to ${compact(value - bias)}; with the bias ${compact(bias)} that is ${compact(value)}`
    : ` add up to ${compact(value)}`;
  return `The ${counted(products.length, "product")}${plus}.`;
}

export function neuronSentence(
  { noun, channels = 1 }: Pick<Named, "noun"> & { channels?: number },
  { count, strongest, hasBias, isNormalized }: Neurons,
  sum: Sum,
): string {
  const which =
    count === 1
      ? "The sum of its first layer’s one neuron"
      : `Of the ${grouped(count)} neurons of its first layer, number ${strongest + 1} has the largest sum for this ${noun}`;
  const { value, bias } = sum;
  const each = channels > 1 ? "Each pixel’s red, green and blue" : "Each pixel";
  const plus = hasBias ? `, its bias of ${compact(bias)} included` : "";
  return `${which}: ${compact(value)}${plus}. ${each} is multiplied by a weight of its own, and all products are added.${scaled(isNormalized)}`;
}

const capital = (text: string) => text[0]!.toUpperCase() + text.slice(1);
