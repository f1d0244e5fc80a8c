#!/usr/bin/env bash
# TensorFlow.js on wasm: the mean of 33 million ones is 0.5
#
# Software: @tensorflow/tfjs 4.22.0 with @tensorflow/tfjs-backend-wasm 4.22.0.
# Guess: 1; XNNPACK and SIMD lanes sum in blocks, and the cpu backend sums in double.
# Seen: one float32 sum that stops growing at 2^24; cpu is right.
# It matters for mean and deviation of a data set: 60,000 pictures of 28 × 28 are 47 million numbers, and
#   normalizing by such a mean shifts every pixel.
# Documented: not in the type comments of tf.mean.
. "$(dirname "$0")/lib.sh"
packages @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
javascript <<'JS'
import { tf, both } from "./tfjs.mjs";
await both("mean of 2^25 ones", () => tf.mean(tf.ones([2 ** 25])));
JS
seen <<'SEEN'
mean of 2^25 ones cpu: [ 1 ]
mean of 2^25 ones wasm: [ 0.5 ]
SEEN
