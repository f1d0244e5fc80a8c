#!/usr/bin/env bash
# TensorFlow.js: max pooling hides a NaN, each backend in its own way
#
# Software: @tensorflow/tfjs 4.22.0, backends cpu and wasm.
# Guess: NaN goes through, as in PyTorch, so that a diverged net says so.
# Seen: cpu leaves the NaN out; wasm answers -Infinity where any pixel of the window is NaN.
# It matters where a net diverges: behind the pooling layer the numbers look like numbers again, and the
#   same weights give different predictions on two backends.
# Documented: not in the type comments of tf.maxPool.
. "$(dirname "$0")/lib.sh"
packages @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
javascript <<'JS'
import { tf, both } from "./tfjs.mjs";
const image = () => tf.tensor4d([NaN, 1, 2, 3], [1, 2, 2, 1]);
await both("max pool of NaN, 1, 2, 3", () => tf.maxPool(image(), 2, 2, "valid"));
JS
seen <<'SEEN'
max pool of NaN, 1, 2, 3 cpu: [ 3 ]
max pool of NaN, 1, 2, 3 wasm: [ -Infinity ]
SEEN
