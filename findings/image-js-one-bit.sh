#!/usr/bin/env bash
# image-js: a white black-and-white PNG is read as half white, half black
#
# Software: image-js 1.7.0.
# Guess: a picture of one bit per pixel becomes 0 and 255 (or 0 and 1), as in every other decoder.
# Seen: it says 8 bits, and pixels are unpacked wrongly: 16 × 2 white pixels come out as one row of white and
#   one of black, 8 × 2 all black; no error is raised. Two and four bits raise one ("incorrect data size").
# It matters for digits and other drawings, which tools save with one bit to save space: the labels are right
#   and the pictures are not.
# Documented: not in the package's README.
. "$(dirname "$0")/lib.sh"
packages image-js@1.7.0
javascript <<'JS'
import { decode } from "image-js";
import { png } from "./png.mjs";
for (const width of [8, 16, 32]) {
  const row = Array(width / 8).fill(255);
  const image = decode(png({ width, depth: 1, colour: 0, rows: [row, row] }));
  const white = image.getRawImage().data.filter((v) => v === 255).length;
  console.log(`${width} × 2 white pixels: ${white} of ${width * 2} white, ${image.bitDepth} bits`);
}
JS
seen <<'SEEN'
8 × 2 white pixels: 0 of 16 white, 8 bits
16 × 2 white pixels: 16 of 32 white, 8 bits
32 × 2 white pixels: 48 of 64 white, 8 bits
SEEN
