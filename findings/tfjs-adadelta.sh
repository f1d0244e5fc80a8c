#!/usr/bin/env bash
# TensorFlow.js: Adadelta's steps grow with the gradient, as SGD's do
#
# Software: @tensorflow/tfjs 4.22.0.
# Guess: Adadelta does not depend on the gradient's scale, which is what it was made for: with gradients of 1
#   or of 1000 the first step is the same, √(ε / (1 - ρ)) in size.
# Seen: a constant gradient g moves the weight by exactly rate × g in each step: the average of squares is
#   read before the step's own square is added to it.
# It matters to who picks Adadelta so as not to tune a rate: it is SGD then. lanegrad has no Adadelta.
# Documented: no; in Zeiler's paper the square is added first.
. "$(dirname "$0")/lib.sh"
packages @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
javascript <<'JS'
import { tf } from "./tfjs.mjs";
await tf.setBackend("cpu");
for (const gradient of [1, 1000]) {
  const weight = tf.variable(tf.scalar(0));
  const optimizer = tf.train.adadelta(0.1);
  const at = [];
  for (let step = 0; step < 3; step++) {
    optimizer.minimize(() => weight.mul(gradient).asScalar(), false, [weight]);
    at.push(weight.dataSync()[0].toFixed(3));
  }
  console.log("gradient", gradient, "weight", at.join(", "));
}
JS
seen <<'SEEN'
gradient 1 weight -0.100, -0.200, -0.300
gradient 1000 weight -100.000, -200.000, -300.000
SEEN
