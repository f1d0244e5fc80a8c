// Finds out what is wrong with a training that diverged or stopped learning, and says it in plain
// words, from numbers that the engine gave: the step, the tensor, the reason, and what may help.
import { numel } from "../../../data/numel";
import type { Inspection } from "lanegrad";
import * as format from "../../../ui/format";
import type { Settings } from "../settings/digits_settings";

export interface Evidence {
  settings: Settings;
  // The loss of a net that answers without looking: the entropy of the labels.
  blind: number;
  // The step since which the loss was never better than blind, and, of the steps since then that
  // were much worse, the first and the worst.
  since: number;
  jump: number | undefined;
  worst: { step: number; loss: number };
  // The median of the latest losses.
  recent: number;
  // The current step.
  step: number;
  failure: string | undefined; // the engine's sentence, where it has given up
  inspection: Inspection;
  // The norm of each tensor in the last good state.
  sizes: Sizes;
  // How much the answers to different pictures differ; NaN where there are no answers.
  spread: number;
}

// Norms of tensors by name.
export type Sizes = Readonly<Record<string, number>>;

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

type Tensor = Inspection["tensors"][number];
type Layer = Inspection["layers"][number];

const mostDead = 0.9; // share of a layer's units
// A tensor that is this many times as large has grown.
const grown = 5;
const withered = 0.01;
const tiny = 1e-4; // of a tensor's length, in one step
// Answers whose probabilities differ by less are constant.
const constant = 0.02;
// A tanh or sigmoid this near to its limit is flat.
const atLimit = 0.01;
// The norm that gradients are clipped to.
const clipped = 1;

// Finds what is wrong; undefined where nothing is, since a training may be slow without being
// broken.
export function diagnose(evidence: Evidence): Diagnosis | undefined {
  return evidence.failure === undefined
    ? ofRunning(evidence)
    : ofFailed(evidence, evidence.failure);
}

// ---- It has diverged --------------------------------------------------------

const untouched = "No step had been taken yet: the weights are those that the net was made with.";
const forFirst =
  "No learning rate has had a say yet. Smaller numbers in the data or smaller first weights may help.";

function ofFailed(evidence: Evidence, failure: string): Diagnosis {
  const { inspection } = evidence;
  const { tensors, layers } = inspection;
  const [, what = "loss", value = "nan", step = String(evidence.step)] =
    /the (.+?) is (\S+) at step (\d+)/.exec(failure) ?? [];
  const at = Number(step);
  const found = (cause: Cause, tensor: Tensor, ...why: string[]): Diagnosis => ({
    cause,
    title: "The training diverged",
    step: at,
    tensor: tensor.name,
    ...(at === 1
      ? { why: [...why, untouched], advice: forFirst, lower: false, clip: false }
      : { why: [...why, ...sizeOfSteps(evidence, tensor)], ...remedies(evidence) }),
    shown: evident(evidence, tensor),
  });

  const broken = tensors.find(({ finite }) => !finite);
  if (broken) {
    return found(
      "not finite",
      broken,
      `By step ${grouped(at)} weights of ${broken.name} had outgrown what a float can hold (3.4·10³⁸), and ` +
        `every sum with them is no number any more, the ${what} too. In the net’s order, ${broken.name} is the ` +
        "first tensor to which that has happened.",
    );
  }
  const [, norm, statistic] = /^statistic (.+)\.(.+)$/.exec(what) ?? [];
  if (norm !== undefined) {
    const place = layers.findIndex(({ name }) => name === norm);
    const tensor = behind(inspection, layers[Math.max(0, place - 1)]!);
    return found(
      "overflow",
      tensor,
      `The loss of step ${grouped(at)} is a number, but what ${norm} keeps of the numbers that come to it is none: ` +
        `its ${statistic === "running_var" ? "variance" : "mean"} outgrows a float (3.4·10³⁸). ` +
        `${becameOf(evidence, tensor, true)}.`,
    );
  }
  const over = layers.find(({ finite }) => !finite);
  if (over) {
    const tensor = behind(inspection, over);
    return found(
      "overflow",
      tensor,
      `The weights are still finite, but the numbers that come out of ${over.name} are not: ` +
        `${becameOf(evidence, tensor)}, and what they are multiplied with outgrows a float (3.4·10³⁸) there.`,
    );
  }
  if (what.includes("gradient")) {
    const steepest =
      tensors.find(({ gradientNorm }) => !Number.isFinite(gradientNorm)) ??
      largest(tensors, ({ gradientNorm }) => gradientNorm);
    return found(
      "gradient",
      steepest,
      `The gradients exploded at step ${grouped(at)}: that of ${steepest.name} is the first, in the net’s ` +
        "order, that is no finite number. Layer by layer, going backward, they grew until a float could not " +
        "hold them.",
    );
  }
  const last = tensors.findLast(({ shape }) => shape.length > 1) ?? tensors.at(-1)!;
  if (value.startsWith("inf")) {
    return found(
      "log of zero",
      last,
      "All weights and all answers are finite numbers. But the loss is minus the logarithm of the share that " +
        `the right answer was given, and at step ${grouped(at)} that share was 0 as far as a float can say: ` +
        `a log of zero, which is infinite. ${becameOf(evidence, last, true)}, so each answer is given with ` +
        "blind certainty.",
    );
  }
  const most = largest(matrices(tensors), (tensor) => ratio(evidence, tensor));
  return found(
    "overflow",
    most,
    `The ${what} of step ${grouped(at)} is no finite number, though weights and answers are. ` +
      `${becameOf(evidence, most, true)}.`,
  );
}

// ---- It goes on, and learns nothing -----------------------------------------

function ofRunning(evidence: Evidence): Diagnosis | undefined {
  const { inspection, recent, blind, worst, since, jump, spread } = evidence;
  const same = spread < constant;
  const worse = recent >= 1.5 * blind;
  if (!same && !worse) return undefined;

  const step = jump ?? since;
  const course =
    `Since step ${grouped(step)} it has done no better than a blind guess, which has a loss of ` +
    `${format.compact(blind)}. ` +
    (jump ? `The worst was ${format.large(worst.loss)} at step ${grouped(worst.step)}; of` : "Of") +
    ` late the loss is about ${format.large(recent)}.` +
    (same ? " Every picture gets the same answer." : "");
  const found = (cause: Cause, title: string, tensor: Tensor, ...why: string[]): Diagnosis => ({
    cause,
    title,
    step,
    tensor: tensor.name,
    why: [course, ...why],
    ...remedies(evidence),
    shown: evident(evidence, tensor),
  });
  const { tensors, layers } = inspection;

  const { settings } = evidence;
  const decay = settings.weightDecay * settings.lr;
  const shrunk = matrices(tensors).find((tensor) => ratio(evidence, tensor) <= withered);
  if (shrunk) {
    const rule =
      settings.optimizer === "adamw" && decay > 0
        ? [
            `AdamW takes away a share of each weight at every step: weight decay times rate, ` +
              `${settings.weightDecay} × ${settings.lr}, is ${format.compact(100 * decay)} %.`,
          ]
        : [];
    return found(
      "withered",
      "The network has died",
      shrunk,
      `The weights have withered: ${becameOf(evidence, shrunk)}. With next to no weights the picture has no say.`,
      ...rule,
    );
  }

  const dead = layers.find((layer) => (layer.dead ?? 0) >= mostDead);
  if (dead) {
    const tensor = behind(inspection, dead);
    const units = dead.shape[0]!;
    const gone = Math.round(dead.dead! * units);
    return found(
      "dead",
      "The network has died",
      tensor,
      `In ${dead.name} ${grouped(gone)} of ${grouped(units)} units are dead: for none of 128 training pictures ` +
        `do they answer anything but 0. What ${tensor.name} and its bias give them is never above zero, there a ReLU has ` +
        "no slope, no gradient gets through, and so nothing can bring them back.",
      ...sizeOfSteps(evidence, tensor),
    );
  }

  const flat = layers.find(isFlat);
  if (flat) {
    const tensor = behind(inspection, flat);
    const limits = flat.kind === "Tanh" ? "−1 or 1" : "0 or 1";
    return found(
      "saturated",
      worse ? "The training went astray" : "The network has died",
      tensor,
      `The units of ${flat.name} are saturated: for the first test picture nine of ten or more answer ${limits}, ` +
        `the ends of what they can. There they have next to no slope, so hardly any gradient gets through. ` +
        `${becameOf(evidence, tensor, true)}.`,
      ...sizeOfSteps(evidence, tensor),
    );
  }

  const large = matrices(tensors).find((tensor) => ratio(evidence, tensor) >= grown);
  if (large) {
    return found(
      "grown",
      "The training went astray",
      large,
      `The weights have run away: ${becameOf(evidence, large)}. Each step overshoots, and the next one makes up ` +
        "for it by overshooting the other way.",
      ...sizeOfSteps(evidence, large),
    );
  }
  const still = largest(matrices(tensors), (tensor) => ratio(evidence, tensor));
  const share = still.updateNorm / still.weightNorm;
  const title = same ? "The network learns nothing" : "The training went astray";
  const calm = `No weight has run away and no layer has died: ${becameOf(evidence, still)}, no other more.`;
  if (share < tiny) {
    const small = `One step changes it by ${format.large(100 * share)} % of its length, which is next to nothing.`;
    return {
      ...found("no answer", title, still, calm, small),
      advice: "A larger rate may help, or relu in place of sigmoid or tanh.",
      lower: false,
    };
  }
  return found("no answer", title, still, calm, ...sizeOfSteps(evidence, still));
}

// ---- Words and numbers ------------------------------------------------------

const grouped = format.grouped;

const matrices = (tensors: readonly Tensor[]) => {
  const found = tensors.filter(({ shape }) => shape.length > 1);
  return found.length > 0 ? found : tensors;
};

function largest(tensors: readonly Tensor[], of: (tensor: Tensor) => number): Tensor {
  return tensors.reduce((best, tensor) => (of(tensor) > of(best) ? tensor : best));
}

// How many times as large a tensor is as in the last good state.
const ratio = ({ sizes }: Evidence, { name, weightNorm }: Tensor) => weightNorm / sizes[name]!;

// The typical size of one weight: the root of the mean square.
const typical = (norm: number, { shape }: Tensor) => norm / Math.sqrt(numel(shape));

function becameOf({ sizes }: Evidence, tensor: Tensor, first = false): string {
  const [before, now] = [sizes[tensor.name]!, tensor.weightNorm];
  const change =
    now === before
      ? `is still ${format.large(now)}`
      : `has ${now > before ? "grown" : "shrunk"} from ${format.large(before)} to ${format.large(now)}`;
  const text = `the length of ${tensor.name} ${change}`;
  return first ? text.replace("the", "The") : text;
}

// The weights that this layer's numbers are sums of: its own, or those of the nearest earlier layer
// that has weights.
function behind({ layers, tensors }: Inspection, layer: Layer): Tensor {
  for (let i = layers.indexOf(layer); i >= 0; i--) {
    const own = tensors.find(({ name }) => name === `${layers[i]!.name}.weight`);
    if (own) return own;
  }
  return tensors[0]!;
}

function isFlat({ kind, activations }: Layer): boolean {
  if (activations.length === 0 || (kind !== "Tanh" && kind !== "Sigmoid")) return false;
  const ends = kind === "Tanh" ? [-1, 1] : [0, 1];
  const near = activations.filter((value) => ends.some((end) => Math.abs(value - end) < atLimit));
  return near.length >= mostDead * activations.length;
}

// Sentences on why the steps were too large, by the optimizer's own rule.
function sizeOfSteps({ settings, sizes }: Evidence, tensor: Tensor): string[] {
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

function remedies({ settings }: Evidence): Pick<Diagnosis, "advice" | "lower" | "clip"> {
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

// The tensor that is named, and the matrices around it in the net's order; few enough to look at.
function evident({ inspection }: Evidence, named: Tensor): Tensor[] {
  const shown = inspection.tensors.filter((tensor) => tensor === named || tensor.shape.length > 1);
  const most = 6;
  const start = Math.max(0, Math.min(shown.indexOf(named) - 2, shown.length - most));
  return shown.slice(start, start + most);
}
