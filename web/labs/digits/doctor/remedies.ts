// What a diagnosis consists of, and what may help: sentences on why the steps were too large, by the
// optimizer's own rule.
import * as format from "../../../ui/format";
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
