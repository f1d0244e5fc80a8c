// Finds out what is wrong with a training that diverged or stopped learning, and says it in plain
// words: the step, the tensor, the reason, and what may help.
import { diverged } from "./diverged";
import type { Evidence } from "./evidence";
import { notLearning } from "./not_learning";
import type { Diagnosis } from "./remedies";

export { spread } from "./evidence";
export { lowerRate } from "./remedies";

// Finds what is wrong; undefined where nothing is, since a training may be slow without being
// broken.
export function diagnose(evidence: Evidence): Diagnosis | undefined {
  return evidence.failure === undefined
    ? notLearning(evidence)
    : diverged(evidence, evidence.failure);
}
