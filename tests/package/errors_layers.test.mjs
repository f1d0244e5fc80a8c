// Bad input gets one clear sentence: every code and text of layers in the synchronous API.
import { load } from "../../dist/index.js";
import { refusesEach } from "./support.mjs";

const lg = await load();
const x = lg.tensor([[1, 2, 3], [4, 5, 6]]); // prettier-ignore
const image = lg.ones([1, 1, 4, 4]);

refusesEach(lg, [
  [
    () => new lg.Dense(0, 3),
    "InvalidArgument",
    "weights: 0 inputs and 3 outputs, expected at least 1 of each",
  ],
  [() => new lg.Dense(NaN, 3), "InvalidArgument", "dense: inputs NaN, expected a whole number"],
  [() => new lg.Dense(2), "InvalidArgument", "dense: outputs nothing, expected a whole number"],
  [
    () => new lg.Dense(2, 3, { init: "zeros" }),
    "NotFound",
    "dense: no initialisation is called 'zeros', known are kaimingUniform, kaimingNormal, xavierUniform, xavierNormal",
  ],
  [() => new lg.Dense(2, 3, 4), "InvalidArgument", "dense: 4, expected an object with options"],
  [
    () => new lg.Dense(2, 3).forward([[1, 2, 3]]),
    "ShapeMismatch",
    "dense: input [1, 3] and weight [2, 3] do not multiply, expected input [N, 2]",
  ],
  [
    () => new lg.Dense(2, 3).backward([[1, 2, 3]]),
    "InvalidState",
    "layer: backward of Dense before its first forward with gradients on",
  ],
  [() => new lg.Bias(-1), "InvalidArgument", "bias: -1 outputs, expected at least 1"],
  [
    () => new lg.Bias(2).forward([[1, 2, 3]]),
    "ShapeMismatch",
    "bias: input [1, 3] and bias [2] do not add, expected input [N, 2]",
  ],
  [
    () => image.conv2d(lg.ones([1, 1, 5, 5])),
    "InvalidArgument",
    "conv2d: a kernel of 5×5 on images of 4×4, expected a kernel of at least 1×1 that fits into the images",
  ],
  [
    () => image.conv2d(lg.ones([1, 2, 3, 3])),
    "ShapeMismatch",
    "conv2d: input [1, 1, 4, 4] and filters [1, 2, 3, 3] differ in their channels, expected input [N, 2, H, W]",
  ],
  [
    () => image.conv2d(lg.ones([1, 1, 3, 3]), { bias: [1, 2] }),
    "ShapeMismatch",
    "conv2d: bias [2] for filters [1, 1, 3, 3], expected [1]",
  ],
  [
    () => image.conv2d(lg.ones([1, 1, 3, 3]), { stride: 0 }),
    "InvalidArgument",
    "conv2d: stride 0, expected at least 1",
  ],
  [
    () => image.conv2d(lg.ones([1, 1, 3, 3]), { padding: "1" }),
    "InvalidArgument",
    "conv2d: padding '1', expected a whole number",
  ],
  [
    () => new lg.Conv2D(1, 2, 0),
    "InvalidArgument",
    "conv2d: 1 input channels, 2 filters of 0×0, expected at least 1 of each",
  ],
  [() => new lg.Conv2D(1, 2), "InvalidArgument", "conv2d: kernel nothing, expected a whole number"],
  [
    () => new lg.Conv2D(1, 2, 3, { init: "zeros" }),
    "NotFound",
    "conv2d: no initialisation is called 'zeros', known are kaimingUniform, kaimingNormal, xavierUniform, xavierNormal",
  ],
  [
    () => new lg.Conv2D(2, 2, 3).forward(image),
    "ShapeMismatch",
    "conv2d: input [1, 1, 4, 4] and filters [2, 2, 3, 3] differ in their channels, expected input [N, 2, H, W]",
  ],
  [
    () => image.maxPool2d(5),
    "InvalidArgument",
    "max_pool2d: windows of 5×5 on images of 4×4, expected windows of at least 1×1 that fit into the images",
  ],
  [() => x.avgPool2d(), "ShapeMismatch", "avg_pool2d: input [2, 3], expected [N, C, H, W]"],
  [() => image.avgPool2d("2"), "InvalidArgument", "avgPool2d: size '2', expected a whole number"],
  [
    () => new lg.MaxPool2D(2, 0).forward(image),
    "InvalidArgument",
    "max_pool2d: stride 0, expected at least 1",
  ],
  [
    () => x.globalAvgPool2d(),
    "ShapeMismatch",
    "global_avg_pool2d: input [2, 3], expected [N, C, H, W]",
  ],
  [
    () => new lg.LeakyReLU(Infinity),
    "InvalidArgument",
    "leaky_relu: slope infinity, expected a finite number",
  ],
  [() => x.leakyRelu("0.1"), "InvalidArgument", "leakyRelu: slope '0.1', expected a number"],
  [
    () => lg.softmax(1),
    "InvalidArgument",
    "softmax: shape [], expected a last axis with at least one class",
  ],
  [
    () => new lg.Sequential({ dense1: 5 }),
    "InvalidArgument",
    "sequential: dense1 5, expected a layer",
  ],
  [
    () => new lg.Sequential({ "": new lg.ReLU() }),
    "InvalidArgument",
    "sequential: a layer without a name, expected a name",
  ],
  [() => new lg.BatchNorm(0), "InvalidArgument", "batch_norm: 0 features, expected at least 1"],
  [
    () => new lg.BatchNorm(3, { momentum: "1" }),
    "InvalidArgument",
    "batchNorm: momentum '1', expected a number",
  ],
  [
    () => new lg.BatchNorm(3).forward([[1, 2, 3]]),
    "InvalidArgument",
    "batch_norm: input [1, 3] has 1 value for each channel, expected at least 2 in training",
  ],
  [
    () => new lg.BatchNorm(2).forward(x),
    "ShapeMismatch",
    "batch_norm: input [2, 3] for 2 features, expected [N, 2] or [N, 2, H, W]",
  ],
  [() => new lg.Dropout(1), "InvalidArgument", "dropout: rate 1, expected at least 0 and below 1"],
  [() => new lg.Dropout("0.5"), "InvalidArgument", "dropout: rate '0.5', expected a number"],
]);
