#!/usr/bin/env bash
# TensorFlow.js: a frozen batch normalization keeps on learning its mean and variance
#
# Software: @tensorflow/tfjs 4.22.0, backends cpu and wasm.
# Guess: trainable = false keeps all four weights and normalizes by the moving ones, as in Keras since
#   TensorFlow 2.
# Seen: only gamma and beta stay; in training it normalizes by the batch (10 and 20 become -1 and 1, a squared
#   loss of 1 against zeros) and moves its mean and variance.
# It matters when a trained net is frozen and new layers are trained on top: the frozen part has changed at the
#   end, towards the new data, and its layers were trained on other signals than they get in use.
# Documented: the type comments say of trainable that it is whether the weights "are updatable by fit".
. "$(dirname "$0")/lib.sh"
packages @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
javascript <<'JS'
import { tf, both } from "./tfjs.mjs";
await both("gamma, beta, mean, variance", async () => {
  const norm = tf.layers.batchNormalization({ inputShape: [1], momentum: 0.9 });
  const net = tf.sequential({ layers: [norm, tf.layers.dense({ units: 1, kernelInitializer: "ones" })] });
  norm.trainable = false;
  net.compile({ optimizer: tf.train.sgd(0.1), loss: "meanSquaredError" });
  const weights = () => norm.getWeights().map((w) => w.dataSync()[0].toFixed(1)).join(" ");
  const before = weights();
  const loss = await net.trainOnBatch(tf.tensor2d([[10], [20]]), tf.zeros([2, 1]));
  return `${before} before, ${weights()} after a step of loss ${loss.toFixed(2)}`;
});
JS
seen <<'SEEN'
gamma, beta, mean, variance cpu: 1.0 0.0 0.0 1.0 before, 1.0 0.0 1.5 3.4 after a step of loss 1.00
gamma, beta, mean, variance wasm: 1.0 0.0 0.0 1.0 before, 1.0 0.0 1.5 3.4 after a step of loss 1.00
SEEN
