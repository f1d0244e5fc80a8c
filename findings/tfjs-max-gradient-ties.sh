#!/usr/bin/env bash
# TensorFlow.js: the gradient of a maximum counts every tie in full
#
# Software: @tensorflow/tfjs 4.22.0, backends cpu and wasm.
# Guess: the gradient of max(x) adds up to 1: one winner takes it (PyTorch's max over a dimension) or the
#   winners share it (TensorFlow, PyTorch's amax).
# Seen: each of n equal maxima gets 1, n in all.
# It matters for a maximum over time or channels after a ReLU, where ties at 0 are the rule: the gradient is
#   as many times too large as there are ties. lanegrad gives it to the first.
# Documented: not in the type comments of tf.max.
. "$(dirname "$0")/lib.sh"
packages @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
javascript <<'JS'
import { tf, both } from "./tfjs.mjs";
await both("gradient of max(0, 2, 2, 2)", () => tf.grad((x) => x.max())(tf.tensor1d([0, 2, 2, 2])));
JS
seen <<'SEEN'
gradient of max(0, 2, 2, 2) cpu: [ 0, 1, 1, 1 ]
gradient of max(0, 2, 2, 2) wasm: [ 0, 1, 1, 1 ]
SEEN
