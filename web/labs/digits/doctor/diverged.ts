// What is wrong with a training that the engine has given up.
import type { ErrorDetails } from "lanegrad";
import * as format from "../../../ui/format";
import {
  becameOf,
  behind,
  evident,
  largest,
  matrices,
  ratio,
  type Evidence,
  type Tensor,
} from "./evidence";
import { remedies, sizeOfSteps, type Cause, type Diagnosis } from "./remedies";

const untouched = "No step had been taken yet: the weights are those that the net was made with.";
const forFirst =
  "No learning rate has had a say yet. Smaller numbers in the data or smaller first weights may help.";

// `failure` is what the engine's error is about.
export function diverged(evidence: Evidence, failure: ErrorDetails): Diagnosis {
  const { inspection } = evidence;
  const { tensors, layers } = inspection;
  const { quantity = "loss", field, value = NaN, step: at = evidence.step } = failure;
  const what = field ? `${quantity} ${field}` : quantity;
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
      `By step ${format.grouped(at)} weights of ${broken.name} had outgrown what a float can hold (3.4·10³⁸), and ` +
        `every sum with them is no number any more, the ${what} too. In the net’s order, ${broken.name} is the ` +
        "first tensor to which that has happened.",
    );
  }
  if (quantity === "statistic" && field) {
    const dot = field.lastIndexOf(".");
    const [norm, statistic] = [field.slice(0, dot), field.slice(dot + 1)];
    const place = layers.findIndex(({ name }) => name === norm);
    const tensor = behind(inspection, layers[Math.max(0, place - 1)]!);
    return found(
      "overflow",
      tensor,
      `The loss of step ${format.grouped(at)} is a number, but what ${norm} keeps of the numbers that come to it is none: ` +
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
  if (quantity === "gradients' norm") {
    const steepest =
      tensors.find(({ gradientNorm }) => !Number.isFinite(gradientNorm)) ??
      largest(tensors, ({ gradientNorm }) => gradientNorm);
    return found(
      "gradient",
      steepest,
      `The gradients exploded at step ${format.grouped(at)}: that of ${steepest.name} is the first, in the net’s ` +
        "order, that is no finite number. Layer by layer, going backward, they grew until a float could not " +
        "hold them.",
    );
  }
  const last = tensors.findLast(({ shape }) => shape.length > 1) ?? tensors.at(-1)!;
  if (value === Infinity) {
    return found(
      "log of zero",
      last,
      "All weights and all answers are finite numbers. But the loss is minus the logarithm of the share that " +
        `the right answer was given, and at step ${format.grouped(at)} that share was 0 as far as a float can say: ` +
        `a log of zero, which is infinite. ${becameOf(evidence, last, true)}, so each answer is given with ` +
        "blind certainty.",
    );
  }
  const most = largest(matrices(tensors), (tensor) => ratio(evidence, tensor));
  return found(
    "overflow",
    most,
    `The ${what} of step ${format.grouped(at)} is no finite number, though weights and answers are. ` +
      `${becameOf(evidence, most, true)}.`,
  );
}
