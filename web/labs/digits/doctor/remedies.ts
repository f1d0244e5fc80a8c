// What a diagnosis consists of, and what may help: sentences on why the steps were too large, by the
// optimizer's own rule.
import * as format from "../../../ui/format";
import type { Settings } from "../settings/digits_settings";
import { typical, type Evidence, type Tensor } from "./evidence";

export type Cause =
  | "not finite" // weights
  | "overflow" // answers of a layer
  | "log of zero"
  | "gradient"
  | "dead"
  | "saturated"
  | "withered"
  | "grown"
  | "no answer";

export interface Diagnosis {
  cause: Cause;
  title: string;
  step: number;
  tensor: string;
  // Sentences.
  why: string[];
  // What may help besides a lower rate; may be empty.
  advice: string;
  // Whether a lower rate may help.
  lower: boolean;
  // Whether clipping the gradients may help.
  clip: boolean;
  // The tensors whose numbers are the evidence.
  shown: Tensor[];
}

// The norm that gradients are clipped to.
const clipped = 1;

// Sentences on why the steps were too large.
export function sizeOfSteps({ settings, sizes }: Evidence, tensor: Tensor): string[] {
  const { optimizer, lr, momentum, schedule } = settings;
  const rate = `${schedule === "constant" ? "" : "up to "}${format.large(lr)}`;
  const before = format.compact(typical(sizes[tensor.name]!, tensor));
  if (optimizer !== "sgd") {
    const name = optimizer === "adam" ? "Adam" : "AdamW";
    return [
      `${name} moves every weight by about the learning rate at each step, ${rate} here; when all was well, a ` +
        `weight of ${tensor.name} was about ${before}. The rate is too high.`,
    ];
  }
  const added =
    momentum >= 0.9
      ? ` Momentum ${momentum} adds up about ${Math.round(1 / (1 - momentum))} such steps, as if the rate were ` +
        `${format.large(Number((lr / (1 - momentum)).toPrecision(6)))}.`
      : "";
  return [
    `SGD moves the weights by the learning rate, ${rate} here, times their gradient; when all was well, a ` +
      `weight of ${tensor.name} was about ${before}.${added} The rate is too high.`,
  ];
}

export function remedies({ settings }: Evidence): Pick<Diagnosis, "advice" | "lower" | "clip"> {
  const { optimizer, lr, momentum, clipNorm } = settings;
  // Clipping is not suggested for Adam, whose steps are as large for small gradients as for large
  // ones, nor against a rate that is far too high.
  const clip = optimizer === "sgd" && clipNorm === 0 && lr / (1 - momentum) <= 2;
  const advice = clip
    ? `Clipping may help, too: steps whose gradients are longer than ${clipped} are shortened.`
    : momentum >= 0.9 && optimizer === "sgd"
      ? "Less momentum may help, too."
      : "";
  return { advice, lower: true, clip };
}

// ---- The rate to go on with -------------------------------------------------

// The rate to go on with after one that was too high, and where it comes from.
export interface LowerRate {
  rate: number;
  // A sentence.
  origin: string;
}

// `high` is the rate that was too high, and `now` the one that stands in the settings by now: a rate
// that has been lowered since is not raised. `recipe` has the recommended settings for the net, where
// the engine has some.
export function lowerRate(
  high: number,
  now: number,
  settings: Settings,
  recipe: Settings | undefined,
): LowerRate {
  const tenth = Number((high / 10).toPrecision(6));
  const offers = [
    usual(settings, recipe),
    { rate: tenth, origin: `${tenth} is a tenth of the rate that was too high.` },
    { rate: now, origin: `${now} is the rate in the settings by now.` },
  ];
  return offers.filter(({ rate }) => rate > 0).sort((a, b) => a.rate - b.rate)[0]!;
}

// The usual rate for the net and the optimizer.
function usual({ net, optimizer, momentum }: Settings, recipe: Settings | undefined): LowerRate {
  // The steps of sgd grow with its gradients; those of the others do not.
  const follows = (name: string) => name === "sgd";
  if (recipe && follows(recipe.optimizer) === follows(optimizer)) {
    return {
      rate: recipe.lr,
      origin: `${recipe.lr} is the rate in the engine’s recipe for ${net}.`,
    };
  }
  if (!follows(optimizer))
    return { rate: 0.001, origin: "0.001 is the rate that is usual for Adam." };
  if (momentum < 0.9) return { rate: 0.1, origin: "0.1 is a usual rate for SGD." };
  return { rate: 0.01, origin: "0.01 is a usual rate for SGD with so much momentum." };
}
