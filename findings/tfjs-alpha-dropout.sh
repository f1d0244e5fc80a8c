#!/usr/bin/env bash
# TensorFlow.js: alpha dropout of a half moves the mean from 0 to 1.6
#
# Software: @tensorflow/tfjs 4.22.0, backends cpu and wasm.
# Guess: mean and variance stay 0 and 1, which is what alpha dropout is for (and its comment says so).
# Seen: dropped units are set to the positive of SELU's saturation (1.76), not to -1.76, while the correction
#   that follows is the one for the negative: the variance stays 1, the mean is twice the correction.
# It matters for the self-normalizing nets that use it: training sees shifted inputs in every layer, inference
#   sees none.
# Documented: the comment of the layer says that it keeps mean and variance and sets to the negative value.
. "$(dirname "$0")/lib.sh"
packages @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
javascript <<'JS'
import { tf, both } from "./tfjs.mjs";
await both("mean and variance", () => {
  const x = tf.randomNormal([1, 200000], 0, 1, "float32", 3);
  return [0, 0.1, 0.5].map((rate) => {
    const layer = tf.layers.alphaDropout({ rate });
    const { mean, variance } = tf.moments(layer.apply(x, { training: true }));
    const [m, v] = [mean, variance].map((t) => Math.round(t.dataSync()[0] * 10) / 10);
    return `rate ${rate}: ${m} and ${v}`;
  });
});
JS
seen <<'SEEN'
mean and variance cpu: [ 'rate 0: 0 and 1', 'rate 0.1: 0.3 and 1', 'rate 0.5: 1.6 and 1' ]
mean and variance wasm: [ 'rate 0: 0 and 1', 'rate 0.1: 0.3 and 1', 'rate 0.5: 1.6 and 1' ]
SEEN
