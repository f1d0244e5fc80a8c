#!/usr/bin/env bash
# TensorFlow.js: the precision of a net whose answers are all right is 0
#
# Software: @tensorflow/tfjs 4.22.0, backends cpu and wasm.
# Guess: answers above 0.5 count as positive, as in Keras, and as in its own accuracy beside it.
# Seen: only an answer of exactly 1 counts; there is no threshold, so compile({ metrics: ["precision"] }) reports 0
#   for answers of 0.9 whose accuracy is reported as 1.
# It matters because a sigmoid or softmax hardly ever answers exactly 1: the number is 0 at first and then counts
#   the saturated answers only.
# Documented: a comment says that predictions are expected to contain only 0-1 values; that compile() passes the
#   net's raw answers is not.
. "$(dirname "$0")/lib.sh"
packages @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
javascript <<'JS'
import { tf, both } from "./tfjs.mjs";
await both("answers", () => {
  const net = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: "ones" })] });
  net.compile({ optimizer: "sgd", loss: "meanSquaredError", metrics: ["precision", "accuracy"] });
  return [0.9, 1].map((positive) => {
    const x = tf.tensor2d([[positive], [positive], [0.1]]);
    const [, precision, accuracy] = net.evaluate(x, tf.tensor2d([[1], [1], [0]])).map((t) => t.dataSync()[0]);
    return `${positive} ${positive} 0.1: precision ${precision}, accuracy ${accuracy}`;
  });
});
JS
seen <<'SEEN'
answers cpu: [
  '0.9 0.9 0.1: precision 0, accuracy 1',
  '1 1 0.1: precision 1, accuracy 1'
]
answers wasm: [
  '0.9 0.9 0.1: precision 0, accuracy 1',
  '1 1 0.1: precision 1, accuracy 1'
]
SEEN
