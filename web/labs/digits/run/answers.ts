// The index of the largest of a net's answers, the first of several; undefined where the net has
// diverged and answers NaN.
export function mostProbable(answers: Float32Array): number | undefined {
  let best = 0;
  for (let i = 0; i < answers.length; i++) {
    if (!Number.isFinite(answers[i])) return undefined;
    if (answers[i]! > answers[best]!) best = i;
  }
  return best;
}
