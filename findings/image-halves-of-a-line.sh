#!/usr/bin/env bash
# Jimp and image-js: a bilinear half of a symmetric line is not symmetric
#
# Software: jimp 1.6.1 and image-js 1.7.0.
# Guess: of the row 0 0 0 255 255 0 0 0 the half is 0 128 128 0 with any interpolation that deserves the name.
# Seen: bilinear takes one pixel of every two in both libraries, 0 0 255 0; image-js's bicubic too. Jimp's
#   default, another method, gives 0 128 128 0.
# It matters for digits shrunk to 28 × 28: thin strokes vanish or move half a pixel to one side, away from
#   MNIST's own, which were averaged. lanegrad averages areas.
# Documented: neither says from which point it samples.
. "$(dirname "$0")/lib.sh"
packages image-js@1.7.0 jimp@1.6.1
javascript <<'JS'
import { decode } from "image-js";
import { Jimp, ResizeStrategy } from "jimp";
import { png } from "./png.mjs";
const rows = Array(8).fill([0, 0, 0, 255, 255, 0, 0, 0]);
const file = png({ width: 8, colour: 0, rows });
for (const mode of [undefined, ResizeStrategy.BILINEAR]) {
  const image = (await Jimp.read(file)).resize({ w: 4, h: 4, mode });
  console.log("Jimp", mode ?? "default", Array.from({ length: 4 }, (_, x) => image.bitmap.data[4 * x]));
}
for (const interpolationType of ["bilinear", "bicubic"]) {
  const half = decode(file).resize({ width: 4, height: 4, interpolationType });
  console.log("image-js", interpolationType, Array.from(half.getRawImage().data.slice(0, 4)));
}
JS
seen <<'SEEN'
Jimp default [ 0, 128, 128, 0 ]
Jimp bilinearInterpolation [ 0, 0, 255, 0 ]
image-js bilinear [ 0, 0, 255, 0 ]
image-js bicubic [ 0, 0, 255, 0 ]
SEEN
