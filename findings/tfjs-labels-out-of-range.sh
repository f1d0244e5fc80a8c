#!/usr/bin/env bash
# TensorFlow.js: a label beyond the classes costs nothing
#
# Software: @tensorflow/tfjs 4.22.0, backends cpu and wasm.
# Guess: sparseCategoricalCrossentropy refuses the label 26 of 26 classes, as TensorFlow does on a processor,
#   or gives NaN, as it does on a graphics card.
# Seen: the loss is 0 and so is the gradient: the row of its one-hot code is all zeros.
# It matters for labels that start at 1 (EMNIST's letters run from 1 to 26): the last class is never learned,
#   class 0 never seen, and the loss looks fine. lanegrad refuses labels out of range.
# Documented: not in the type comments of the loss.
. "$(dirname "$0")/lib.sh"
packages @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
javascript <<'JS'
import { tf, both } from "./tfjs.mjs";
await both("losses of labels 25, 26, -1 of 26", () => {
  const layer = tf.layers.dense({ units: 26, inputShape: [1], kernelInitializer: "zeros" });
  const net = tf.sequential({ layers: [layer, tf.layers.activation({ activation: "softmax" })] });
  net.compile({ optimizer: "sgd", loss: "sparseCategoricalCrossentropy" });
  const loss = (label) => net.evaluate(tf.ones([1, 1]), tf.tensor1d([label])).dataSync()[0];
  return [25, 26, -1].map((label) => loss(label).toFixed(3)).join(", ");
});
JS
seen <<'SEEN'
losses of labels 25, 26, -1 of 26 cpu: 3.258, 0.000, 0.000
losses of labels 25, 26, -1 of 26 wasm: 3.258, 0.000, 0.000
SEEN
