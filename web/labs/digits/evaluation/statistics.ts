// What follows from a net's answers to labelled pictures by counting and by known formulas: the
// confusion matrix, how far a share may be off by chance, and how confidence compares with the
// share of right answers.

// A net's answers, one per picture: the most probable class, its probability, and the probability
// of the right class.
export interface Answered {
  readonly classes: number;
  readonly labels: Uint8Array;
  readonly answers: Uint8Array;
  readonly confidences: Float32Array;
  readonly ofLabels: Float32Array;
}

export const rightCount = ({ labels, answers }: Answered): number =>
  labels.reduce((sum, label, i) => sum + (label === answers[i] ? 1 : 0), 0);

// The cross-entropy, as for the test; the least number that a float can hold stands in for 0.
export const meanLoss = ({ ofLabels }: Answered): number =>
  ofLabels.reduce((sum, share) => sum - Math.log(Math.max(share, 1e-45)), 0) / ofLabels.length;

// The counts, classes × classes: a row per label, a column per answer.
export function confusion({ classes, labels, answers }: Answered): Int32Array {
  const counts = new Int32Array(classes * classes);
  labels.forEach((label, i) => counts[label * classes + answers[i]!]!++);
  return counts;
}

// The interval that holds the true share in 95 of 100 cases, where `right` of `count` were seen:
// Wilson (1927), Probable inference, the law of succession, and statistical inference. Unlike p ±
// 1.96 √(p(1−p)/n) it stays within 0 to 1 and holds for few cases, too. It is [0, 1] where none
// were seen.
export function wilson(right: number, count: number): [number, number] {
  if (count === 0) return [0, 1];
  // Beyond this, 2.5 % of the normal distribution lie.
  const z = 1.959964;
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
  // The mean confidence; NaN where the bin is empty.
  confidence: number;
  accuracy: number;
}

// The answers by their confidence. A bin holds its upper bound: (0, 0.1], (0.1, 0.2], …, as in Guo
// et al. (2017), On calibration of modern neural networks.
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

// The expected calibration error of Guo et al.: the mean over all answers of |accuracy − mean
// confidence| of their bins.
export function calibrationError(filled: readonly Bin[]): number {
  const all = filled.reduce((sum, { count }) => sum + count, 0);
  return filled.reduce((sum, { count, accuracy, confidence }) => {
    return count === 0 ? sum : sum + (count / all) * Math.abs(accuracy - confidence);
  }, 0);
}

// The indices of the wrong answers, the most confident first.
export function worst({ labels, answers, confidences }: Answered): number[] {
  return surestFirst(
    Array.from(labels.keys()).filter((i) => labels[i] !== answers[i]),
    confidences,
  );
}

// The indices of the pictures with this label that got this answer.
export function within({ labels, answers, confidences }: Answered, label: number, answer: number) {
  return surestFirst(
    Array.from(labels.keys()).filter((i) => labels[i] === label && answers[i] === answer),
    confidences,
  );
}

function surestFirst(indices: number[], confidences: Float32Array): number[] {
  return indices.sort((a, b) => confidences[b]! - confidences[a]! || a - b);
}
