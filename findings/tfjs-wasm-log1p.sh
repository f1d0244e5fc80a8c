#!/usr/bin/env bash
# TensorFlow.js on wasm: log1p of small numbers is 0
#
# Software: @tensorflow/tfjs 4.22.0 with @tensorflow/tfjs-backend-wasm 4.22.0.
# Guess: log1p is there to be right near 0: log1p(1e-8) is 1e-8, as on the cpu backend; expm1 likewise.
# Seen: wasm computes log(1 + x): 0 for 1e-8, off by a fifth at 1e-7; expm1 is right.
# It matters for losses written with log1p to keep their tails (a confident net's cross-entropy): the loss
#   and its curve end at exactly 0.
# Documented: not in the type comments of tf.log1p.
. "$(dirname "$0")/lib.sh"
packages @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
javascript <<'JS'
import { tf, both } from "./tfjs.mjs";
const small = [1e-8, 1e-7, 1e-3];
const text = (t) => Array.from(t.dataSync(), (v) => v.toExponential(1)).join(" ");
await both("log1p", () => text(tf.log1p(small)));
await both("expm1", () => text(tf.expm1(small)));
JS
seen <<'SEEN'
log1p cpu: 1.0e-8 1.0e-7 1.0e-3
log1p wasm: 0.0e+0 1.2e-7 1.0e-3
expm1 cpu: 1.0e-8 1.0e-7 1.0e-3
expm1 wasm: 1.0e-8 1.0e-7 1.0e-3
SEEN
