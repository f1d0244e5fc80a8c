#!/usr/bin/env bash
# TensorFlow.js: the training loss has the L2 penalty in it, the validation loss has not
#
# Software: @tensorflow/tfjs 4.22.0, backends cpu and wasm.
# Guess: both have it, as in Keras, or neither, as in PyTorch.
# Seen: with a rate of 0, on the same sample, which the net answers right, fit reports 0.5 for the training and
#   0 for the validation; evaluate gives 0.
# It matters for the two curves that tell overfitting: with a penalty the training curve is lifted, often above
#   the validation's, and the distance between them says how large the weights are, too.
# Documented: not in the type comments of fit, evaluate or the regularizers.
. "$(dirname "$0")/lib.sh"
packages @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
javascript <<'JS'
import { tf, both } from "./tfjs.mjs";
await both("losses", async () => {
  const penalty = { kernelRegularizer: tf.regularizers.l2({ l2: 0.5 }), kernelInitializer: "ones" };
  const net = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1], ...penalty })] });
  net.compile({ optimizer: tf.train.sgd(0), loss: "meanSquaredError" });
  const one = () => tf.ones([1, 1]);
  const { history } = await net.fit(one(), one(), { validationData: [one(), one()], verbose: 0 });
  const evaluated = net.evaluate(one(), one()).dataSync()[0];
  return `training ${history.loss[0]}, validation ${history.val_loss[0]}, evaluate ${evaluated}`;
});
JS
seen <<'SEEN'
losses cpu: training 0.5, validation 0, evaluate 0
losses wasm: training 0.5, validation 0, evaluate 0
SEEN
