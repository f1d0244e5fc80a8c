// What follows from a net's answers to labelled pictures, as counting and known formulas have it: the confusion
// matrix, how far a share may be off by chance, and how its confidence compares with how often it is right.

// A net's answers, one per picture: the likeliest class, how sure it was of it, and what probability it gave
// to the class that would have been right.
export interface Answered {
  readonly classes: number;
  readonly labels: Uint8Array;
  readonly answers: Uint8Array;
  readonly confidences: Float32Array;
  readonly ofLabels: Float32Array;
}

export const rightCount = ({ labels, answers }: Answered): number =>
  labels.reduce((sum, label, i) => sum + (label === answers[i] ? 1 : 0), 0);

// The cross-entropy, as the test has it; the least that a float can hold stands in for 0.
export const meanLoss = ({ ofLabels }: Answered): number =>
  ofLabels.reduce((sum, share) => sum - Math.log(Math.max(share, 1e-45)), 0) / ofLabels.length;

// classes × classes counts, a row per label, a column per answer.
export function confusion({ classes, labels, answers }: Answered): Int32Array {
  const counts = new Int32Array(classes * classes);
  labels.forEach((label, i) => counts[label * classes + answers[i]!]!++);
  return counts;
}

// The interval that holds the true share in 95 of 100 cases, where `right` of `count` were seen: Wilson (1927),
// Probable inference, the law of succession, and statistical inference. Unlike p ± 1.96 √(p(1−p)/n) it stays
// within 0 to 1 and holds for few cases, too. [0, 1] where none were seen.
export function wilson(right: number, count: number): [number, number] {
  if (count === 0) return [0, 1];
  const z = 1.959964; // of the normal distribution, 2.5 % lie beyond
  const share = right / count;
  const middle = share + z ** 2 / (2 * count);
  const reach = z * Math.sqrt((share * (1 - share)) / count + z ** 2 / (4 * count ** 2));
  const scale = 1 + z ** 2 / count;
  return [Math.max(0, (middle - reach) / scale), Math.min(1, (middle + reach) / scale)];
}

export interface Bin {
  from: number;
  to: number;
  count: number;
  right: number;
  confidence: number; // mean; NaN where the bin is empty, like the next
  accuracy: number;
}

// The answers by how sure it was of them; a bin holds its upper bound: (0, 0.1], (0.1, 0.2], …, as in Guo et
// al. (2017), On calibration of modern neural networks.
export function bins({ labels, answers, confidences }: Answered, number = 10): Bin[] {
  const all = Array.from({ length: number }, (_, i) => {
    return { from: i / number, to: (i + 1) / number, count: 0, right: 0, sum: 0 };
  });
  confidences.forEach((confidence, i) => {
    const place = Math.min(Math.max(Math.ceil(confidence * number) - 1, 0), number - 1);
    const bin = all[place]!;
    bin.count++;
    bin.sum += confidence;
    if (labels[i] === answers[i]) bin.right++;
  });
  return all.map(({ sum, ...bin }) => {
    return { ...bin, confidence: sum / bin.count, accuracy: bin.right / bin.count };
  });
}

// Guo et al.: the mean over all answers of |accuracy − mean confidence| of their bins.
export function calibrationError(filled: readonly Bin[]): number {
  const all = filled.reduce((sum, { count }) => sum + count, 0);
  return filled.reduce((sum, { count, accuracy, confidence }) => {
    return count === 0 ? sum : sum + (count / all) * Math.abs(accuracy - confidence);
  }, 0);
}

// Indices of the wrong answers, those it was surest of first.
export function worst({ labels, answers, confidences }: Answered): number[] {
  return surestFirst(
    Array.from(labels.keys()).filter((i) => labels[i] !== answers[i]),
    confidences,
  );
}

// Indices of the pictures of one class that were answered with one.
export function within({ labels, answers, confidences }: Answered, label: number, answer: number) {
  return surestFirst(
    Array.from(labels.keys()).filter((i) => labels[i] === label && answers[i] === answer),
    confidences,
  );
}

function surestFirst(indices: number[], confidences: Float32Array): number[] {
  return indices.sort((a, b) => confidences[b]! - confidences[a]! || a - b);
}
