#!/usr/bin/env bash
# TensorFlow.js on wasm: clipping and relu6 turn NaN into their lower bound
#
# Software: @tensorflow/tfjs 4.22.0 with @tensorflow/tfjs-backend-wasm 4.22.0.
# Guess: NaN stays NaN, as on the cpu backend and in TensorFlow.
# Seen: on wasm clipByValue(NaN, -1, 1) is -1 and relu6(NaN) is 0; relu(NaN) stays NaN.
# It matters for gradients that are clipped by value before a step: a NaN becomes a full step of the
#   lower bound, training goes on and no NaN ever shows.
# Documented: not in the type comments of tf.clipByValue.
. "$(dirname "$0")/lib.sh"
packages @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
javascript <<'JS'
import { tf, both } from "./tfjs.mjs";
await both("clipByValue(NaN, -1, 1)", () => tf.clipByValue(tf.tensor1d([NaN, 5]), -1, 1));
await both("relu6(NaN)", () => tf.relu6(tf.tensor1d([NaN, 5])));
await both("relu(NaN)", () => tf.relu(tf.tensor1d([NaN, 5])));
JS
seen <<'SEEN'
clipByValue(NaN, -1, 1) cpu: [ NaN, 1 ]
clipByValue(NaN, -1, 1) wasm: [ -1, 1 ]
relu6(NaN) cpu: [ NaN, 5 ]
relu6(NaN) wasm: [ 0, 5 ]
relu(NaN) cpu: [ NaN, 5 ]
relu(NaN) wasm: [ NaN, 5 ]
SEEN
