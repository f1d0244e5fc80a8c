// Asks the net about every test picture, in pieces, so that neither the page nor a training waits
// long.
import { mostProbable } from "../run/current_net";
import type { PictureSet } from "../run/picture_set";
import type { Answered } from "./statistics";

// The number of pictures in a piece.
const piece = 500;

export interface ExaminationOptions {
  pictures: PictureSet;
  // The probabilities [count, classes] for pixels [count, height · width] from 0 to 1; undefined
  // where there is no net.
  predict(inputs: Float32Array, count: number): Promise<Float32Array | undefined>;
  // Whether the answers are still wanted.
  wanted(): boolean;
  onAnswered(count: number): void;
}

// The answers to all pictures; undefined where it was broken off, "not finite" where the net has
// diverged and answers NaN.
export async function examine({
  pictures,
  predict,
  wanted,
  onAnswered,
}: ExaminationOptions): Promise<Answered | "not finite" | undefined> {
  const { count, classes } = pictures;
  const answered = {
    classes,
    labels: new Uint8Array(count),
    answers: new Uint8Array(count),
    confidences: new Float32Array(count),
    ofLabels: new Float32Array(count),
  };
  for (let begin = 0; begin < count; begin += piece) {
    const size = Math.min(piece, count - begin);
    const indices = Array.from({ length: size }, (_, i) => begin + i);
    const probabilities = await predict(pictures.inputs(indices), size);
    if (!wanted() || probabilities?.length !== size * classes) return undefined;
    for (let i = 0; i < size; i++) {
      const row = probabilities.subarray(i * classes, (i + 1) * classes);
      const answer = mostProbable(row);
      if (answer === undefined) return "not finite";
      const label = pictures.label(begin + i);
      answered.labels[begin + i] = label;
      answered.answers[begin + i] = answer;
      answered.confidences[begin + i] = row[answer]!;
      answered.ofLabels[begin + i] = row[label]!;
    }
    onAnswered(begin + size);
  }
  return answered;
}
