#!/usr/bin/env bash
# TensorFlow.js: normal initializers are 12 % smaller than their names say, and dense layers use one
#
# Software: @tensorflow/tfjs 4.22.0.
# Guess: heNormal has the deviation √(2/fan_in) and a dense layer starts glorotUniform, both as in Keras.
# Seen: the normal is cut at two deviations and not scaled up again, so its deviation is 0.88 of the named
#   one (Keras divides by 0.8796); a dense layer's default is glorotNormal, cut in the same way.
# It matters to who repeats a Keras or PyTorch training in the browser: ten layers of heNormal start with
#   signals 0.88^10, 28 % of what He meant.
# Documented: no; the type comments give the uncut deviation, √(2 / (fan_in + fan_out)) for glorotNormal.
. "$(dirname "$0")/lib.sh"
packages @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
javascript <<'JS'
import { tf } from "./tfjs.mjs";
await tf.setBackend("cpu");
const n = 600;
for (const kernelInitializer of [undefined, "glorotUniform", "glorotNormal", "heNormal"]) {
  const layer = tf.layers.dense({ units: n, kernelInitializer });
  layer.build([1, n]);
  const weights = layer.getWeights()[0].dataSync();
  const deviation = Math.sqrt(weights.reduce((sum, w) => sum + w * w, 0) / weights.length);
  const named = Math.sqrt((kernelInitializer === "heNormal" ? 2 : 1) / n);
  console.log(kernelInitializer ?? "default", "deviation", (deviation / named).toFixed(2), "of the named");
}
JS
seen <<'SEEN'
default deviation 0.88 of the named
glorotUniform deviation 1.00 of the named
glorotNormal deviation 0.88 of the named
heNormal deviation 0.88 of the named
SEEN
