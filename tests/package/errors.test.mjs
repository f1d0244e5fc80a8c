// Bad input gets one clear sentence: every code and text that the synchronous API gives, from the engine
// and from the checks before it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "../../dist/index.js";
import { idx, refuses } from "./support.mjs";

const lg = await load();
const x = lg.tensor([[1, 2, 3], [4, 5, 6]]); // prettier-ignore
const image = lg.ones([1, 1, 4, 4]);
const g = lg.tensor([1, 2], { requiresGrad: true });
const gone = lg.ones([1]);
gone.dispose();
const goneNet = lg.net("mlp", { inputs: 1, outputs: 1 });
goneNet.dispose();
const data = { inputs: [[0], [1]], labels: [0, 1], classes: 2 };
const parts = (changes) => {
  const net = lg.net("mlp", { inputs: 1, outputs: 2 });
  return { net, optimizer: new lg.Adam(net), train: new lg.ArrayLoader(data), ...changes };
};
const mlp = (inputs, outputs) => lg.net("mlp", { inputs, outputs });

const images = idx([1, 2, 2]);
const labels = idx([1]);
const picture = { inputs: [1, 28, 28], outputs: 10 };
const parse = (...files) => new lg.ImageSet(...files);
const changed = (bytes, position, value) => {
  const copy = bytes.slice();
  copy[position] = value;
  return copy;
};

// [what to do, code, message]
const cases = [
  [
    () => x.add([1, 2]),
    "ShapeMismatch",
    "add: [2, 3] and [2] do not broadcast, each pair of extents counted from the end must be equal or 1",
  ],
  [
    () => x.mul([[1], [2], [3]]),
    "ShapeMismatch",
    "mul: [2, 3] and [3, 1] do not broadcast, each pair of extents counted from the end must be equal or 1",
  ],
  [
    () => x.matmul(x),
    "ShapeMismatch",
    "matmul: lhs [2, 3] and rhs [2, 3] do not multiply, expected equal inner extents",
  ],
  [
    () => x.matmul([1, 2]),
    "ShapeMismatch",
    "matmul: lhs [2, 3] and rhs [2] do not multiply, expected two matrices",
  ],
  [
    () => x.maximum([1, 2]),
    "ShapeMismatch",
    "maximum: [2, 3] and [2] do not broadcast, each pair of extents counted from the end must be equal or 1",
  ],
  [
    () => x.reshape([4]),
    "ShapeMismatch",
    "reshape: [2, 3] has 6 elements and [4] has 4, expected the same number",
  ],
  [
    () => x.transpose(0, 2),
    "InvalidArgument",
    "transpose: axis 2 of shape [2, 3], expected -2 to 1",
  ],
  [() => x.sum(2), "InvalidArgument", "sum: axis 2 of shape [2, 3], expected -2 to 1"],
  [() => x.argmax(5), "InvalidArgument", "argmax: axis 5 of shape [2, 3], expected -2 to 1"],
  [
    () => lg.max([]),
    "InvalidArgument",
    "max: shape [0] has no elements to choose from, expected at least one",
  ],
  [
    () => lg.logSoftmax(1),
    "InvalidArgument",
    "log_softmax: shape [], expected a last axis with at least one class",
  ],
  [() => x.item(), "InvalidArgument", "item: shape [2, 3], expected an array with one element"],
  [() => x.add("a"), "InvalidArgument", "add: 'a', expected a tensor, a number or nested arrays"],
  [() => x.add(), "InvalidArgument", "add: nothing, expected a tensor, a number or nested arrays"],
  [() => x.sum("0"), "InvalidArgument", "sum: axis '0', expected a whole number"],
  [() => x.sum(0.5), "InvalidArgument", "sum: axis 0.5, expected a whole number"],
  [() => x.reshape(3), "InvalidArgument", "reshape: shape 3, expected an array of whole numbers"],
  [
    () => x.reshape([1.5]),
    "InvalidArgument",
    "reshape: shape 1.5, expected a whole number of at least 0",
  ],
  [
    () => x.reshape([-1, 2]),
    "InvalidArgument",
    "reshape: shape -1, expected a whole number of at least 0",
  ],
  [() => x.setData([1]), "ShapeMismatch", "tensor: 1 numbers were given, the shape [2, 3] takes 6"],
  [
    () => g.mul(2).setData([1, 2]),
    "InvalidState",
    "set_data: this tensor was computed by mul, expected a leaf",
  ],
  [() => (g.requiresGrad = 1), "InvalidArgument", "requires grad: 1, expected true or false"],
  [
    () => lg.tensor(),
    "InvalidArgument",
    "tensor: nothing, expected a tensor, a number or nested arrays",
  ],
  [
    () => lg.tensor("text"),
    "InvalidArgument",
    "tensor: 'text', expected a tensor, a number or nested arrays",
  ],
  [() => lg.tensor([1, [2]]), "InvalidArgument", "tensor: an array, expected a number"],
  [
    () => lg.tensor([[1, 2], [3]]),
    "InvalidArgument",
    "tensor: an array of 1 beside arrays of 2, expected all of one length",
  ],
  [
    () => lg.tensor([[1, 2], 3]),
    "InvalidArgument",
    "tensor: 3 beside arrays of 2, expected all of one length",
  ],
  [() => lg.tensor([1, "2"]), "InvalidArgument", "tensor: '2', expected a number"],
  [
    () => lg.tensor([1, 2, 3], [2, 2]),
    "ShapeMismatch",
    "tensor: 3 numbers were given, the shape [2, 2] takes 4",
  ],
  [
    () => lg.tensor([[[[[1]]]]]),
    "InvalidArgument",
    "shape: [1, 1, 1, 1, 1] has 5 axes, at most 4 are supported",
  ],
  [
    () => lg.tensor([1], { requiresGrad: "yes" }),
    "InvalidArgument",
    "tensor: requires grad 'yes', expected true or false",
  ],
  [() => lg.tensor([1], 5), "InvalidArgument", "tensor: 5, expected an object with options"],
  [
    () => lg.zeros([1e9, 1e9]),
    "InvalidArgument",
    "shape: [1000000000, 1000000000] has more than 1073741824 elements, the most an array may have",
  ],
  [
    () => lg.zeros([1e5, 1e5]),
    "InvalidArgument",
    "shape: [100000, 100000] has more than 1073741824 elements, the most an array may have",
  ],
  [() => lg.arange(-1), "InvalidArgument", "arange: end -1, expected a whole number of at least 0"],
  [
    () => lg.arange(NaN),
    "InvalidArgument",
    "arange: end NaN, expected a whole number of at least 0",
  ],
  [() => lg.uniform([2], { random: 5 }), "InvalidArgument", "uniform: random 5, expected a Random"],
  [() => new lg.Random(-1), "InvalidArgument", "seed: -1, expected a whole number of at least 0"],
  [
    () => new lg.Random(),
    "InvalidArgument",
    "seed: nothing, expected a whole number of at least 0",
  ],
  [() => gone.data, "InvalidState", "tensor: this handle was disposed"],
  [() => gone.add(1), "InvalidState", "tensor: this handle was disposed"],
  [() => x.add(gone), "InvalidState", "tensor: this handle was disposed"],
  [() => goneNet.forward([[1]]), "InvalidState", "net: this handle was disposed"],
  [
    () => x.backward(),
    "InvalidArgument",
    "backward: shape [2, 3] has more than one element, expected a scalar or a gradient of that shape",
  ],
  [
    () => g.mul(2).backward(),
    "InvalidArgument",
    "backward: shape [2] has more than one element, expected a scalar or a gradient of that shape",
  ],
  [
    () => g.mul(2).backward([1, 2, 3]),
    "ShapeMismatch",
    "backward: gradient [3] for a tensor of shape [2], expected the same shape",
  ],
  [() => x.is(3), "InvalidArgument", "is: 3, expected a tensor"],
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
  [
    () => lg.net("mpl", { inputs: 1, outputs: 1 }),
    "NotFound",
    /^net: 'mpl' at word 1 \(column 1\) is no layer, expected one of conv, pool, .* or the name of a net, mlp, /,
  ],
  [() => lg.net("mlp"), "InvalidArgument", "net: inputs nothing, expected a whole number"],
  [
    () => lg.net("mlp", { inputs: 2 }),
    "InvalidArgument",
    "net: outputs nothing, expected a whole number",
  ],
  [() => lg.net(5, { inputs: 2, outputs: 2 }), "InvalidArgument", "net: name 5, expected a name"],
  [
    () => lg.net("dense 0, relu, dense classes", { inputs: 1, outputs: 1 }),
    "InvalidArgument",
    "net: '0' at word 2 (column 7) is no number of outputs, expected a whole number from 1 to 1073741824",
  ],
  [
    () => lg.describe("conv 8 5x5, poool 2, dense classes", picture),
    "NotFound",
    /^net: 'poool' at word 4 \(column 13\) is no layer, expected one of conv, pool, /,
  ],
  [
    () => lg.describe("conv 8 29, dense classes", picture),
    "InvalidArgument",
    "net: '29' at word 3 (column 8) is a kernel larger than its input of 28x28, expected at most 28",
  ],
  [
    () => lg.describe("pool 40, dense classes", picture),
    "InvalidArgument",
    "net: '40' at word 2 (column 6) is a pool larger than its input of 28x28, expected at most 28",
  ],
  [
    () => lg.describe("dense 10, relu, dense 5", picture),
    "InvalidArgument",
    "net: the last layer, 'dense' at word 4 (column 17), gives [5], expected [10]: as many outputs as the data has classes, or numbers in a target",
  ],
  [() => new lg.Net({ dense1: 5 }), "InvalidArgument", "net: dense1 5, expected a layer"],
  [
    () => new lg.Net({ "": new lg.ReLU() }),
    "InvalidArgument",
    "net: a layer without a name, expected a name",
  ],
  [
    () => new lg.ArrayLoader(data, { batchSize: 0 }),
    "InvalidArgument",
    "data loader: batch size 0, expected at least 1",
  ],
  [
    () => new lg.ArrayLoader(data, { batchSize: NaN }),
    "InvalidArgument",
    "array loader: batch size NaN, expected a whole number",
  ],
  [
    () => new lg.ArrayLoader(data, { seed: 0.5 }),
    "InvalidArgument",
    "array loader: seed 0.5, expected a whole number of at least 0",
  ],
  [
    () => new lg.ArrayLoader({ ...data, labels: [0] }),
    "ShapeMismatch",
    "array loader: inputs [2, 1] and labels [1], expected labels [2]",
  ],
  [
    () => new lg.ArrayLoader({ ...data, labels: [0, 2] }),
    "InvalidArgument",
    "array loader: label 2 at position 1, expected 0 to 1",
  ],
  [
    () => new lg.ArrayLoader({ ...data, labels: [0, "1"] }),
    "InvalidArgument",
    "array loader: labels '1', expected a whole number",
  ],
  [
    () => new lg.ArrayLoader({ ...data, classes: 0 }),
    "InvalidArgument",
    "array loader: 0 classes, expected at least 1",
  ],
  [
    () => new lg.ArrayLoader({ inputs: [[1]], targets: [[1], [2]] }),
    "ShapeMismatch",
    "array loader: inputs [1, 1] and targets [2, 1], expected targets [1, O] with O at least 1",
  ],
  [
    () => new lg.ArrayLoader({ inputs: [[1]], targets: [1] }),
    "ShapeMismatch",
    "array loader: inputs [1, 1] and targets [1], expected targets [1, O] with O at least 1",
  ],
  [
    () => new lg.ArrayLoader({ inputs: [[1]] }),
    "InvalidArgument",
    "array loader: neither labels nor targets, expected one",
  ],
  [
    () => new lg.ArrayLoader(),
    "InvalidArgument",
    "array loader: neither labels nor targets, expected one",
  ],
  [
    () => [...new lg.ArrayLoader(data)][0].targets,
    "InvalidState",
    "batch: these data have labels, no targets",
  ],
  [() => new lg.MathFunc(5), "InvalidArgument", "math function: 5, expected a function"],
  [
    () => new lg.MathFunc((a) => "1"),
    "InvalidArgument",
    "math function: its result '1', expected a number",
  ],
  [
    () => new lg.MathFunc((a) => 1 / 0),
    "InvalidArgument",
    "math function: the value at (-0.950139) is infinity, expected a finite number",
  ],
  [
    () => new lg.MathFunc((a) => a, { low: 1, high: 1 }),
    "InvalidArgument",
    "math function: range from 1 to 1, expected two finite numbers, the smaller one first",
  ],
  [
    () => new lg.MathFunc((a) => a, { samples: 0 }),
    "InvalidArgument",
    "math function: 0 samples, expected at least 1",
  ],
  [
    () => new lg.MathFunc((a) => a, { samples: -1 }),
    "InvalidArgument",
    "math function: -1 samples, expected at least 1",
  ],
  [
    () => new lg.MathFunc((a) => a, { noise: -1 }),
    "InvalidArgument",
    "math function: noise -1, expected a finite number of at least 0",
  ],
  [() => parse("text", labels), "InvalidArgument", "mnist: images 'text', expected a Uint8Array"],
  [() => parse(images), "InvalidArgument", "mnist: labels nothing, expected a Uint8Array"],
  [
    () => parse(new Uint8Array(), labels),
    "CorruptData",
    "idx: training images: no bytes, expected an IDX file",
  ],
  [
    () => parse(images.slice(0, 3), labels),
    "CorruptData",
    "idx: training images: 3 bytes, expected a header of at least 8",
  ],
  [
    () => parse(images.slice(0, 10), labels),
    "CorruptData",
    "idx: training images: 10 bytes, expected a header of 16 for 3 axes",
  ],
  [
    () => parse(images.slice(0, 19), labels),
    "CorruptData",
    "idx: training images: truncated, 3 values, expected 4 for the extents [1, 2, 2]",
  ],
  [
    () => parse(changed(images, 2, 13), labels),
    "Unsupported",
    "idx: training images: values of type 13, expected 8 (unsigned bytes)",
  ],
  [
    () => parse(changed(images, 0, 1), labels),
    "CorruptData",
    "idx: training images: starts with the bytes 1 0, expected 0 0",
  ],
  [
    () => parse(idx([2, 2]), labels),
    "CorruptData",
    "mnist: training images with 2 axes, expected 3 (count, height, width)",
  ],
  [
    () => parse(idx([1, 2, 2], new Uint8Array(5)), labels),
    "CorruptData",
    "idx: training images: too long, 5 values, expected 4 for the extents [1, 2, 2]",
  ],
  [
    () => parse(idx([65536, 65536, 65536], new Uint8Array(4)), labels),
    "CorruptData",
    "idx: training images: truncated, 4 values, expected 281474976710656 for the extents [65536, 65536, 65536]",
  ],
  [
    () => parse(idx([4294967295, 4294967295, 4294967295], new Uint8Array(4)), labels),
    "CorruptData",
    "idx: training images: extents [4294967295, 4294967295, 4294967295] give more values than can be counted",
  ],
  [
    () => parse(idx([0, 2, 2]), idx([0])),
    "CorruptData",
    "mnist: 0 training images of 2 x 2 pixels, expected at least one image of at least one pixel",
  ],
  [
    () => parse(images, idx([2])),
    "CorruptData",
    "mnist: 1 training images and 2 labels, expected as many labels as images",
  ],
  [
    () => parse(images, idx([1], Uint8Array.of(10))),
    "CorruptData",
    "mnist: training label 10 at position 0, expected 0 to 9",
  ],
  [
    () => parse(images, idx([1], Uint8Array.of(3)), { classes: 3, name: "test" }),
    "CorruptData",
    "mnist: test label 3 at position 0, expected 0 to 2",
  ],
  [
    () => parse(images, labels, { classes: 300 }),
    "InvalidArgument",
    "mnist: 300 classes, expected 1 to 256",
  ],
  [
    () => new lg.Mnist(images),
    "InvalidArgument",
    "mnist: images a Uint8Array, expected an ImageSet",
  ],
  [() => new lg.Trainer(), "InvalidArgument", "trainer: net nothing, expected a net"],
  [
    () => new lg.Trainer({ ...parts(), net: 5 }),
    "InvalidArgument",
    "trainer: net 5, expected a net",
  ],
  [
    () => new lg.Trainer({ ...parts(), test: 5 }),
    "InvalidArgument",
    "trainer: test 5, expected a data loader",
  ],
  [
    () => new lg.Trainer(parts({ net: mlp(1, 3) })),
    "ShapeMismatch",
    "training: the net gives [1, 3] for one sample, expected [1, 2] for data with 2 classes",
  ],
  [
    () => new lg.Trainer(parts({ net: mlp(4, 2) })),
    "ShapeMismatch",
    "dense: input [1, 1] and weight [4, 128] do not multiply, expected input [N, 4]",
  ],
  [
    () => new lg.Trainer(parts()).evaluate(),
    "InvalidState",
    "training: evaluation without test data, expected a test set",
  ],
  [
    () => new lg.Trainer(parts()).evaluateSome(),
    "InvalidState",
    "training: no evaluation is under way, expected one to begin first",
  ],
  [
    () => new lg.Trainer(parts()).predict([[1, 2]]),
    "ShapeMismatch",
    "dense: input [1, 2] and weight [1, 128] do not multiply, expected input [N, 1]",
  ],
  [() => lg.scope(5), "InvalidArgument", "scope: 5, expected a function"],
  [
    () => lg.scope(async () => 1),
    "InvalidArgument",
    "scope: the function returned a promise, expected one that is done when it returns",
  ],
  [() => lg.noGrad(), "InvalidArgument", "noGrad: nothing, expected a function"],
];

for (const [body, code, message] of cases) {
  test(`${code}: ${message}`, () => lg.scope(() => refuses(() => void body(), code, message)));
}

test("too little memory is said, and the engine goes on", () => {
  refuses(
    () => lg.zeros([1_000_000_000]),
    "OutOfMemory",
    /^memory: 4000000000 bytes could not be allocated, \d+ bytes are in use$/,
  );
  assert.deepEqual(lg.zeros([2]).toArray(), [0, 0]);
});
