// Bad input gets one clear sentence: every code and text of losses, optimizers and schedules in the synchronous API.
import { load } from "../../dist/index.js";
import { refusesEach } from "./support.mjs";

const lg = await load();
const g = lg.tensor([1, 2], { requiresGrad: true });

refusesEach(lg, [
  [
    () => lg.learningRateFactor({ name: "cosin" }, 0, 1),
    "NotFound",
    "schedule: no schedule is called 'cosin', known are constant, step, cosine, one-cycle",
  ],
  [
    () => lg.learningRateFactor({ name: "step", drops: 0 }, 0, 1),
    "InvalidArgument",
    "schedule: 0 drops, expected at least 1",
  ],
  [
    () => lg.learningRateFactor({ name: "step", factor: "1" }, 0, 1),
    "InvalidArgument",
    "schedule: factor '1', expected a number",
  ],
  [
    () => lg.learningRateFactor({ name: "cosine" }, 3, 3),
    "InvalidArgument",
    "schedule: step 3 of 3, expected one of 0 to 2",
  ],
  [() => lg.learningRateFactor(), "InvalidArgument", "schedule: name nothing, expected a name"],
  [
    () => new lg.MSE().forward([1, 2], [1, 2, 3]),
    "ShapeMismatch",
    "mse: prediction [2] and target [3] differ, expected the same shape",
  ],
  [
    () => new lg.MSE().forward([1, 2]),
    "InvalidArgument",
    "mse: nothing, expected a tensor, a number or nested arrays",
  ],
  [
    () => new lg.SoftmaxCrossEntropy().forward([[1, 2]], [2]),
    "InvalidArgument",
    "softmax cross-entropy: label 2 at position 0, expected 0 to 1",
  ],
  [
    () => new lg.SoftmaxCrossEntropy().forward([[1, 2]], [-1]),
    "InvalidArgument",
    "softmax cross-entropy: label -1 at position 0, expected 0 to 1",
  ],
  [
    () => new lg.SoftmaxCrossEntropy().forward([[1, 2]], [0, 1]),
    "ShapeMismatch",
    "softmax cross-entropy: logits [1, 2] and labels [2], expected [N, C] and [N]",
  ],
  [
    () => new lg.SoftmaxCrossEntropy().forward([[1, 2]], [0.5]),
    "InvalidArgument",
    "softmax cross-entropy: labels 0.5, expected a whole number",
  ],
  [
    () => new lg.SoftmaxCrossEntropy().forward([1, 2], [0]),
    "ShapeMismatch",
    "softmax cross-entropy: logits [2] and labels [1], expected [N, C] and [N]",
  ],
  [
    () => new lg.SoftmaxCrossEntropy().forward([[1, 2]]),
    "InvalidArgument",
    "softmax cross-entropy: labels nothing, expected an array of whole numbers",
  ],
  [
    () => new lg.SGD([g], { learningRate: -1 }),
    "InvalidArgument",
    "optimizer: learning rate -1, expected a finite number of at least 0",
  ],
  [
    () => new lg.SGD([g], { learningRate: NaN }),
    "InvalidArgument",
    "sgd: learning rate NaN, expected a number",
  ],
  [
    () => new lg.SGD([g], { learningRate: "0.1" }),
    "InvalidArgument",
    "sgd: learning rate '0.1', expected a number",
  ],
  [
    () => new lg.SGD([g], { momentum: 1 }),
    "InvalidArgument",
    "sgd: momentum 1, expected at least 0 and below 1",
  ],
  [
    () => new lg.Adam([g], { beta1: 1 }),
    "InvalidArgument",
    "adam: beta1 1, expected at least 0 and below 1",
  ],
  [
    () => new lg.Adam([g], { epsilon: 0 }),
    "InvalidArgument",
    "adam: epsilon 0, expected a finite number above 0",
  ],
  [
    () => new lg.SGD([g], { nesterov: true }),
    "InvalidArgument",
    "sgd: Nesterov's momentum of 0, expected a momentum above 0",
  ],
  [
    () => new lg.SGD([g], { nesterov: 1 }),
    "InvalidArgument",
    "sgd: nesterov 1, expected true or false",
  ],
  [
    () => new lg.AdamW([g], { nesterov: true }),
    "InvalidArgument",
    "adamw: nesterov 1, expected none for this optimizer",
  ],
  [() => new lg.Adam([5]), "InvalidArgument", "adam: tensors 5, expected a tensor"],
  [() => new lg.Adam(), "InvalidArgument", "adam: tensors nothing, expected a net or tensors"],
  [
    () => lg.optimizer("rms", [g]),
    "NotFound",
    "optimizer: no optimizer is called 'rms', known are adam, adamw, sgd",
  ],
  [
    () => lg.optimizer("adam", [g], { momentum: 0.9 }),
    "InvalidArgument",
    "adam: momentum 0.9, expected none for this optimizer",
  ],
  [
    () => (new lg.Adam([g]).learningRate = Infinity),
    "InvalidArgument",
    "optimizer: learning rate infinity, expected a finite number of at least 0",
  ],
  [
    () => (new lg.Adam([g]).learningRate = undefined),
    "InvalidArgument",
    "learning rate: nothing, expected a number",
  ],
]);
