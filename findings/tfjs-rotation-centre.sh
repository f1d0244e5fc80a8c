#!/usr/bin/env bash
# TensorFlow.js: half a turn of a picture loses a row and a column of its pixels
#
# Software: @tensorflow/tfjs 4.22.0, backends cpu and wasm.
# Guess: rotateWithOffset turns around the middle by default, so half a turn reverses rows and columns and loses
#   nothing.
# Seen: of three pixels, which lie at 0, 1 and 2, it turns around 1.5: half a turn is also a move by one pixel down
#   and right, and the first row and column are filled. A centre of (size - 1) / (2 size), here 1/3, turns as
#   expected.
# It matters for augmentation by turns: strokes at the edge of a picture are cut off, and boxes or points that were
#   turned by the formula are up to a pixel beside what they mark.
# Documented: the default is said to rotate the image around its center.
. "$(dirname "$0")/lib.sh"
packages @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
javascript <<'JS'
import { tf, both } from "./tfjs.mjs";
const picture = () => tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
const rows = (t) => JSON.stringify(t.squeeze([0, 3]).arraySync());
await both("half a turn", () => rows(tf.image.rotateWithOffset(picture(), Math.PI)));
await both("around 1/3", () => rows(tf.image.rotateWithOffset(picture(), Math.PI, 0, 1 / 3)));
JS
seen <<'SEEN'
half a turn cpu: [[0,0,0],[0,9,8],[0,6,5]]
half a turn wasm: [[0,0,0],[0,9,8],[0,6,5]]
around 1/3 cpu: [[9,8,7],[6,5,4],[3,2,1]]
around 1/3 wasm: [[9,8,7],[6,5,4],[3,2,1]]
SEEN
