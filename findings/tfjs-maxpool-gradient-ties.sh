#!/usr/bin/env bash
# TensorFlow.js: max pooling's gradient goes to the first of equal pixels on cpu, to the last on wasm
#
# Software: @tensorflow/tfjs 4.22.0, backends cpu and wasm.
# Guess: the backends agree; a tie goes to the first pixel, as in PyTorch.
# Seen: cpu sends it to the top left pixel of an even window, wasm to the bottom right one.
# It matters for pictures with flat areas, nearly all of a digit: one seed trains two different nets on two
#   machines that got different backends, and no test of the forward pass shows it.
# Documented: not in the type comments of tf.maxPool.
. "$(dirname "$0")/lib.sh"
packages @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
javascript <<'JS'
import { tf, both } from "./tfjs.mjs";
const pool = (x) => tf.maxPool(x, 2, 2, "valid").sum();
await both("gradient over a flat 2 × 2 window", () => tf.grad(pool)(tf.ones([1, 2, 2, 1])));
JS
seen <<'SEEN'
gradient over a flat 2 × 2 window cpu: [ 1, 0, 0, 0 ]
gradient over a flat 2 × 2 window wasm: [ 0, 0, 0, 1 ]
SEEN
