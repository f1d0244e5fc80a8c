#!/usr/bin/env bash
# TensorFlow.js: the gradient of |x| at 0 is -1, so L1 regularization moves weights that are 0
#
# Software: @tensorflow/tfjs 4.22.0, backends cpu and wasm.
# Guess: 0, as TensorFlow, PyTorch and JAX have it; a weight at 0 that no sample moves stays at 0.
# Seen: -1. A layer of zeros with an L1 penalty of 0.1 and no gradient from the data steps to +0.1.
# It matters for sparse nets, the reason to use L1: weights that have arrived at 0 are pushed away again.
# Documented: not in the type comments of tf.abs or tf.regularizers.l1.
. "$(dirname "$0")/lib.sh"
packages @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
javascript <<'JS'
import { tf, both } from "./tfjs.mjs";
await both("gradient of |x| at -1, 0, 1", () => tf.grad((x) => x.abs().sum())(tf.tensor1d([-1, 0, 1])));
await both("weights after a step of rate 1", async () => {
  const zeros = { units: 1, inputShape: [2], useBias: false, kernelInitializer: "zeros" };
  const penalty = { kernelRegularizer: tf.regularizers.l1({ l1: 0.1 }) };
  const net = tf.sequential({ layers: [tf.layers.dense({ ...zeros, ...penalty })] });
  net.compile({ optimizer: tf.train.sgd(1), loss: "meanSquaredError" });
  await net.fit(tf.zeros([1, 2]), tf.zeros([1, 1]), { epochs: 1, verbose: 0 });
  return Array.from(net.getWeights()[0].dataSync(), (w) => w.toFixed(3)).join(", ");
});
JS
seen <<'SEEN'
gradient of |x| at -1, 0, 1 cpu: [ -1, -1, 1 ]
gradient of |x| at -1, 0, 1 wasm: [ -1, -1, 1 ]
weights after a step of rate 1 cpu: 0.100, 0.100
weights after a step of rate 1 wasm: 0.100, 0.100
SEEN
