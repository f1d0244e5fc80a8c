// Looks for a small change of a picture that makes the net read something else, by following the gradient.
import { mostProbable } from "../run/current_net";

// What the search asks the net.
export interface Asked {
  // The gradient of log p(label) − log p(other) by each pixel, with the probabilities of the classes.
  inputGradient(
    pixels: Float32Array,
    label: number,
    other: number,
  ): Promise<{ probabilities: Float32Array; gradient: Float32Array }>;
  // The probabilities [count, classes] of pictures that follow each other.
  predict(pixels: Float32Array, count: number): Promise<Float32Array>;
}

export interface Change {
  pixels: Float32Array;
  // What the net answers to the changed picture, as probabilities.
  probabilities: Float32Array;
  // What is changed, as a share of all ink that the picture had.
  share: number;
}

// The most steps, and the most ink that one changes: so many black pixels.
const mostSteps = 80;
const stepInk = 1.5;
// How much further than the gradient promises a step goes, since the promise holds for small changes only.
const further = 1.1;
const least = 0.05;
// The changes on the way back that are tried at once.
const tried = 32;

// The smallest change found, with pixels from 0 to 1, whose answer is `target`; undefined where none was found, or
// where the net answers the unchanged picture with `target` by now.
export async function findChange(
  before: Float32Array,
  target: number,
  asked: Asked,
  wanted: () => boolean = () => true,
): Promise<Change | undefined> {
  const reached = await reach(before, target, asked, wanted);
  return reached && smallest(before, reached, target, asked);
}

// Follows the gradient until the net answers `target`.
async function reach(
  before: Float32Array,
  target: number,
  asked: Asked,
  wanted: () => boolean,
): Promise<Float32Array | undefined> {
  const pixels = before.slice();
  for (let step = 0; step < mostSteps && wanted(); step++) {
    // The most probable other answer has to give way.
    const now = await asked.predict(pixels, 1);
    const top = mostProbable(now);
    if (top === undefined) return undefined;
    if (top === target) return step === 0 ? undefined : pixels;
    const { probabilities, gradient } = await asked.inputGradient(pixels, target, top);
    const gap = Math.log(probabilities[top]! / Math.max(probabilities[target]!, 1e-30));
    if (!move(pixels, gradient, further * Math.max(gap, 0) + least)) return undefined;
  }
  return undefined;
}

// Moves the pixels that count most, as far as they go, until the gradient promises `wanted` or the step's ink is
// used up. Returns whether any moved.
function move(pixels: Float32Array, gradient: Float32Array, wanted: number): boolean {
  const order = Array.from(gradient.keys()).sort(
    (a, b) => Math.abs(gradient[b]!) - Math.abs(gradient[a]!),
  );
  let [promised, ink] = [0, 0];
  for (const p of order) {
    const slope = gradient[p]!;
    const room = slope > 0 ? 1 - pixels[p]! : pixels[p]!;
    const by = Math.min(room, stepInk - ink, (wanted - promised) / Math.abs(slope));
    if (!(by > 0)) continue;
    pixels[p]! += Math.sign(slope) * by;
    promised += by * Math.abs(slope);
    ink += by;
    if (ink >= stepInk || promised >= wanted) break;
  }
  return ink > 0;
}

// Goes back on the straight way from `reached` as far as the answer stays. All of it is asked in one question, so
// that it holds for one net, also while that learns.
async function smallest(
  before: Float32Array,
  reached: Float32Array,
  target: number,
  asked: Asked,
): Promise<Change | undefined> {
  const size = before.length;
  const shares = Array.from({ length: tried + 1 }, (_, i) => i / tried);
  const pictures = new Float32Array(shares.length * size);
  shares.forEach((share, i) => {
    for (let p = 0; p < size; p++) {
      pictures[i * size + p] = before[p]! + share * (reached[p]! - before[p]!);
    }
  });
  const all = await asked.predict(pictures, shares.length);
  const classes = all.length / shares.length;
  const answer = (i: number) => all.slice(i * classes, (i + 1) * classes);
  if (mostProbable(answer(0)) === target) return undefined;
  const first = shares.findIndex((_, i) => mostProbable(answer(i)) === target);
  if (first < 0) return undefined;
  const pixels = pictures.slice(first * size, (first + 1) * size);
  let [ink, changed] = [0, 0];
  before.forEach((value, p) => {
    ink += value;
    changed += Math.abs(pixels[p]! - value);
  });
  return { pixels, probabilities: answer(first), share: ink > 0 ? changed / ink : Infinity };
}
