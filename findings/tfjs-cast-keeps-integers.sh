#!/usr/bin/env bash
# TensorFlow.js on cpu: a float32 tensor that holds more digits than float32 has
#
# Software: @tensorflow/tfjs 4.22.0, backends cpu and wasm.
# Guess: toFloat() rounds to float32: 16777217 becomes 16777216, and dataSync() is a Float32Array.
# Seen: on cpu the tensor says "float32" and keeps the Int32Array as it was; on wasm it is rounded.
# It matters for tests on cpu of what will run on wasm or WebGL (large indices, hashes, time stamps), and for
#   code that hands dataSync() to a Float32Array's memory.
# Documented: not in the type comments of tf.cast.
. "$(dirname "$0")/lib.sh"
packages @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
javascript <<'JS'
import { tf, both } from "./tfjs.mjs";
await both("16777217 as float32", () => {
  const t = tf.tensor1d([16777217], "int32").toFloat();
  return `${t.dtype} ${t.dataSync().constructor.name} ${t.dataSync()[0]}`;
});
JS
seen <<'SEEN'
16777217 as float32 cpu: float32 Int32Array 16777217
16777217 as float32 wasm: float32 Float32Array 16777216
SEEN
