#!/usr/bin/env bash
# TensorFlow.js: nothing is learned from a mistake that is confident enough
#
# Software: @tensorflow/tfjs 4.22.0, backends cpu and wasm.
# Guess: the gradient of cross-entropy behind a softmax is p - y, nearly -1 for a class that got 1e-8; Keras
#   finds the logits of a softmax for that reason.
# Seen: probabilities are clipped to [1e-7, 1 - 1e-7] and the clip's gradient is 0: with logits 17 apart the
#   loss is 16.1 and no weight moves. The same for sparse labels and for binary cross-entropy.
# It matters for wrong labels, for large first steps and for nets trained further on other data: the worst
#   samples are the ones that are ignored. lanegrad takes the loss of the logits.
# Documented: not in the type comments of the losses.
. "$(dirname "$0")/lib.sh"
packages @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
javascript <<'JS'
import { tf, both } from "./tfjs.mjs";
const losses = {
  categoricalCrossentropy: ["softmax", (z) => [[0, z]], () => tf.tensor2d([[1, 0]])],
  sparseCategoricalCrossentropy: ["softmax", (z) => [[0, z]], () => tf.tensor1d([0])],
  binaryCrossentropy: ["sigmoid", (z) => [[z]], () => tf.zeros([1, 1])],
};
for (const [loss, [activation, weights, label]] of Object.entries(losses))
  for (const z of [15, 17])
    await both(`${loss}, ${z} apart,`, async () => {
      const units = weights(z)[0].length;
      const dense = tf.layers.dense({ units, inputShape: [1], useBias: false, activation });
      const net = tf.sequential({ layers: [dense] });
      dense.setWeights([tf.tensor2d(weights(z))]);
      net.compile({ optimizer: tf.train.sgd(1), loss });
      await net.trainOnBatch(tf.ones([1, 1]), label());
      const moved = dense.getWeights()[0].sub(tf.tensor2d(weights(z))).dataSync();
      return "step " + Array.from(moved, (v) => v.toFixed(2)).join(", ");
    });
JS
seen <<'SEEN'
categoricalCrossentropy, 15 apart, cpu: step 1.00, -1.00
categoricalCrossentropy, 15 apart, wasm: step 1.00, -1.00
categoricalCrossentropy, 17 apart, cpu: step 0.00, 0.00
categoricalCrossentropy, 17 apart, wasm: step 0.00, 0.00
sparseCategoricalCrossentropy, 15 apart, cpu: step 1.00, -1.00
sparseCategoricalCrossentropy, 15 apart, wasm: step 1.00, -1.00
sparseCategoricalCrossentropy, 17 apart, cpu: step 0.00, 0.00
sparseCategoricalCrossentropy, 17 apart, wasm: step 0.00, 0.00
binaryCrossentropy, 15 apart, cpu: step -1.00
binaryCrossentropy, 15 apart, wasm: step -1.00
binaryCrossentropy, 17 apart, cpu: step 0.00
binaryCrossentropy, 17 apart, wasm: step 0.00
SEEN
