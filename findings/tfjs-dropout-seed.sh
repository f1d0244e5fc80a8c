#!/usr/bin/env bash
# TensorFlow.js: a dropout layer with a seed drops the same units in every step
#
# Software: @tensorflow/tfjs 4.22.0, backends cpu and wasm.
# Guess: a seed makes the sequence of masks repeatable, as in Keras; each step still gets a new mask.
# Seen: one mask for ever: the same units of the same place in the batch are dropped in every step, others
#   never.
# It matters for repeatable runs, the reason to set a seed: the net trains as a smaller one without dropout.
#   lanegrad draws a new mask per step from the run's seed.
# Documented: not as such; the type comments of tf.layers.dropout say "An integer to use as random seed".
. "$(dirname "$0")/lib.sh"
packages @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
javascript <<'JS'
import { tf, both } from "./tfjs.mjs";
await both("five masks", () => {
  const layer = tf.layers.dropout({ rate: 0.5, seed: 1 });
  const mask = () => layer.apply(tf.ones([1, 64]), { training: true }).dataSync().join("");
  return new Set(Array.from({ length: 5 }, mask)).size + " different";
});
JS
seen <<'SEEN'
five masks cpu: 1 different
five masks wasm: 1 different
SEEN
