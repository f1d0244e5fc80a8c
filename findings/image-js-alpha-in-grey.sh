#!/usr/bin/env bash
# image-js and Jimp: the grey of a half transparent pixel is half as bright in one of them
#
# Software: image-js 1.7.0 and jimp 1.6.1.
# Guess: both weigh red, green and blue (both use 0.2126, 0.7152, 0.0722) and leave alpha alone.
# Seen: image-js multiplies grey by alpha unless told not to; Jimp leaves it. White is 255 in one, 254 in the
#   other, where the weights add up to a little less than 1 and the result is cut.
# It matters for drawings on a transparent ground, dark on nothing: the stroke's edge, and with it what a net
#   sees, depends on the library. Decide for a background and draw on it first.
# Documented: image-js's option mergeAlpha is in its type comments; Jimp's 254 is not.
. "$(dirname "$0")/lib.sh"
packages image-js@1.7.0 jimp@1.6.1
javascript <<'JS'
import { decode } from "image-js";
import { Jimp } from "jimp";
import { png } from "./png.mjs";
const file = png({ width: 2, colour: 6, rows: [[255, 255, 255, 255, 200, 200, 200, 128]] });
console.log("image-js", Array.from(decode(file).grey().getRawImage().data));
const grey = (await Jimp.read(file)).greyscale().bitmap.data;
console.log("Jimp", [grey[0], grey[4]]);
JS
seen <<'SEEN'
image-js [ 255, 100 ]
Jimp [ 254, 200 ]
SEEN
