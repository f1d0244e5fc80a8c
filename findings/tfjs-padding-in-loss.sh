#!/usr/bin/env bash
# TensorFlow.js: steps that a masking layer skips count in the loss and in the metrics
#
# Software: @tensorflow/tfjs 4.22.0, backends cpu and wasm.
# Guess: as in Keras, the mask goes with the sequence to the loss, and padding costs nothing.
# Seen: the recurrent layer skips the padded steps and repeats its last answer there, and the loss compares that
#   repeated answer with the padding of the targets. A net that is right in every real step has a loss of 2/3.
# It matters for nets that answer in each step of sequences of different lengths: they learn to answer the padding
#   after each sequence's last step, and short sequences among long ones hardly count.
# Documented: not; the comment of masking says that masked steps are skipped in all downstream layers.
. "$(dirname "$0")/lib.sh"
packages @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
javascript <<'JS'
import { tf, both } from "./tfjs.mjs";
await both("loss and mean absolute error", () => {
  const copy = { units: 1, activation: "linear", kernelInitializer: "ones", recurrentInitializer: "zeros" };
  const layers = [
    tf.layers.masking({ maskValue: 0, inputShape: [3, 1] }),
    tf.layers.simpleRNN({ ...copy, returnSequences: true }),
  ];
  const net = tf.sequential({ layers });
  net.compile({ optimizer: "sgd", loss: "meanSquaredError", metrics: ["mae"] });
  const sequence = tf.tensor3d([[[1], [0], [0]]]); // one step, two of padding
  const answers = Array.from(net.predict(sequence).dataSync()).join(" ");
  const numbers = net.evaluate(sequence, sequence).map((t) => t.dataSync()[0].toFixed(3));
  return `answers ${answers}: ${numbers.join(" and ")}`;
});
JS
seen <<'SEEN'
loss and mean absolute error cpu: answers 1 1 1: 0.667 and 0.667
loss and mean absolute error wasm: answers 1 1 1: 0.667 and 0.667
SEEN
