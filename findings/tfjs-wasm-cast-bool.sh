#!/usr/bin/env bash
# TensorFlow.js on wasm: 0.5 cast to a boolean is false
#
# Software: @tensorflow/tfjs 4.22.0 with @tensorflow/tfjs-backend-wasm 4.22.0.
# Guess: everything but 0 is true, as on the cpu backend, in TensorFlow and in numpy.
# Seen: wasm truncates to an integer first: 0.5, -0.9 and NaN are false, 1.5 is true.
# It matters for masks made of pixels in 0 to 1 ("where is ink"): they are empty on wasm.
# Documented: not in the type comments of tf.cast.
. "$(dirname "$0")/lib.sh"
packages @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
javascript <<'JS'
import { tf, both } from "./tfjs.mjs";
await both("0.5, -0.9, 1.5, 0 as bool", () => tf.cast(tf.tensor1d([0.5, -0.9, 1.5, 0]), "bool"));
JS
seen <<'SEEN'
0.5, -0.9, 1.5, 0 as bool cpu: [ 1, 1, 1, 0 ]
0.5, -0.9, 1.5, 0 as bool wasm: [ 0, 0, 1, 0 ]
SEEN
