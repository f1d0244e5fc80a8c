// The scores in a sentence: what the net is worth beside a guess and a linear model.
import type { Judged } from "../run/judging";
import type { Session } from "../run/session";

// The share of the held-out rows, or of R², by which two have to differ to be told apart.
const [fewRows, smallR2] = [2, 0.01];

export function verdict({
  made,
  judged,
  linear,
  running,
  step,
}: Pick<Session, "made" | "judged" | "linear" | "running" | "step">): string {
  if (!made || !judged || step === 0) return "";
  if (running) return "";
  const { truth, prepared } = made;
  const { count } = prepared.held;
  const better = (a: Judged, b: Judged) =>
    truth.isClasses ? (a.accuracy - b.accuracy) * count >= fewRows : a.r2 - b.r2 >= smallR2;
  if (!better(judged, truth.plain))
    return "So far the net is no better than the plain guess: it has learned too little, or these columns do not tell.";
  if (!linear) return "The net is better than the plain guess. The linear model is still learning.";
  if (better(judged, linear))
    return "The net is better than both: its hidden layers find what no sum of the columns can say.";
  if (better(linear, judged))
    return "The linear model is better than the net here. More epochs may help; or the net memorises what the simple model cannot.";
  return "The net and the linear model are about as good: a weighted sum of the columns says nearly all that there is to say.";
}
