// What is wrong with a training that goes on and learns nothing.
import * as format from "../../../ui/format";
import {
  becameOf,
  behind,
  evident,
  largest,
  matrices,
  ratio,
  type Evidence,
  type Layer,
  type Tensor,
} from "./evidence";
import { remedies, sizeOfSteps, type Cause, type Diagnosis } from "./remedies";

const mostDead = 0.9; // share of a layer's units
// A tensor that is this many times as large has grown.
const grown = 5;
const withered = 0.01;
const tiny = 1e-4; // of a tensor's length, in one step
// Answers whose probabilities differ by less are constant.
const constant = 0.02;
// A tanh or sigmoid this near to its limit is flat.
const atLimit = 0.01;

const died = "The network has died";
const astray = "The training went astray";

// What was found, to be completed by the course of the training and what may help.
interface Finding {
  cause: Cause;
  title: string;
  tensor: Tensor;
  // Sentences.
  why: string[];
  // Replaces what may help otherwise.
  instead?: Pick<Diagnosis, "advice" | "lower">;
}

export function notLearning(evidence: Evidence): Diagnosis | undefined {
  const { recent, blind, since, jump, spread } = evidence;
  const same = spread < constant;
  const worse = recent >= 1.5 * blind;
  if (!same && !worse) return undefined;
  const { cause, title, tensor, why, instead } =
    witheredIn(evidence) ??
    deadIn(evidence) ??
    saturatedIn(evidence, worse) ??
    grownIn(evidence) ??
    nothingIn(evidence, same);
  return {
    cause,
    title,
    step: jump ?? since,
    tensor: tensor.name,
    why: [course(evidence, same), ...why],
    ...remedies(evidence),
    ...instead,
    shown: evident(evidence, tensor),
  };
}

// How the loss has gone since it was last better than blind.
function course({ recent, blind, worst, since, jump }: Evidence, same: boolean): string {
  return (
    `Since step ${format.grouped(jump ?? since)} it has done no better than a blind guess, which has a loss of ` +
    `${format.compact(blind)}. ` +
    (jump
      ? `The worst was ${format.large(worst.loss)} at step ${format.grouped(worst.step)}; of`
      : "Of") +
    ` late the loss is about ${format.large(recent)}.` +
    (same ? " Every picture gets the same answer." : "")
  );
}

function witheredIn(evidence: Evidence): Finding | undefined {
  const { optimizer, weightDecay, lr } = evidence.settings;
  const tensor = matrices(evidence.inspection.tensors).find(
    (each) => ratio(evidence, each) <= withered,
  );
  if (!tensor) return undefined;
  const decay = weightDecay * lr;
  const rule =
    optimizer === "adamw" && decay > 0
      ? [
          `AdamW takes away a share of each weight at every step: weight decay times rate, ` +
            `${weightDecay} × ${lr}, is ${format.percentage(format.compact(100 * decay))}.`,
        ]
      : [];
  const why = `The weights have withered: ${becameOf(evidence, tensor)}. With hardly any weights left, the picture no longer matters.`;
  return { cause: "withered", title: died, tensor, why: [why, ...rule] };
}

function deadIn(evidence: Evidence): Finding | undefined {
  const { inspection } = evidence;
  const dead = inspection.layers.find((layer) => (layer.dead ?? 0) >= mostDead);
  if (!dead) return undefined;
  const tensor = behind(inspection, dead);
  const units = dead.shape[0]!;
  const gone = Math.round(dead.dead! * units);
  const why =
    `In ${dead.name} ${format.grouped(gone)} of ${format.grouped(units)} neurons are dead: for none of the training ` +
    `pictures that were tried do they answer anything but 0. What ${tensor.name} and its bias give them is never above zero, there a ReLU has ` +
    "no slope, no gradient gets through, and so nothing can bring them back.";
  return { cause: "dead", title: died, tensor, why: [why, ...sizeOfSteps(evidence, tensor)] };
}

function saturatedIn(evidence: Evidence, worse: boolean): Finding | undefined {
  const { inspection } = evidence;
  const flat = inspection.layers.find(isFlat);
  if (!flat) return undefined;
  const tensor = behind(inspection, flat);
  const limits = flat.kind === "Tanh" ? "−1 or 1" : "0 or 1";
  const why =
    `The neurons of ${flat.name} are saturated: for the first test picture nine of ten or more answer ${limits}, ` +
    `the ends of what they can. There they have next to no slope, so hardly any gradient gets through. ` +
    `${becameOf(evidence, tensor, true)}.`;
  const title = worse ? astray : died;
  return { cause: "saturated", title, tensor, why: [why, ...sizeOfSteps(evidence, tensor)] };
}

function grownIn(evidence: Evidence): Finding | undefined {
  const tensor = matrices(evidence.inspection.tensors).find(
    (each) => ratio(evidence, each) >= grown,
  );
  if (!tensor) return undefined;
  const why =
    `The weights have run away: ${becameOf(evidence, tensor)}. Each step overshoots, and the next one makes up ` +
    "for it by overshooting the other way.";
  return { cause: "grown", title: astray, tensor, why: [why, ...sizeOfSteps(evidence, tensor)] };
}

// No tensor or layer stands out.
function nothingIn(evidence: Evidence, same: boolean): Finding {
  const tensor = largest(matrices(evidence.inspection.tensors), (each) => ratio(evidence, each));
  const share = tensor.updateNorm / tensor.weightNorm;
  const title = same ? "The network learns nothing" : astray;
  const calm = `No weight has run away and no layer has died: ${becameOf(evidence, tensor)}, no other more.`;
  if (share >= tiny) {
    return { cause: "no answer", title, tensor, why: [calm, ...sizeOfSteps(evidence, tensor)] };
  }
  const small = `One step changes it by ${format.percentage(format.large(100 * share))} of its length, which is next to nothing.`;
  const advice = "A larger rate may help, or relu in place of sigmoid or tanh.";
  const instead = { advice, lower: false };
  return { cause: "no answer", title, tensor, why: [calm, small], instead };
}

function isFlat({ kind, activations }: Layer): boolean {
  if (activations.length === 0 || (kind !== "Tanh" && kind !== "Sigmoid")) return false;
  const ends = kind === "Tanh" ? [-1, 1] : [0, 1];
  const near = activations.filter((value) => ends.some((end) => Math.abs(value - end) < atLimit));
  return near.length >= mostDead * activations.length;
}
