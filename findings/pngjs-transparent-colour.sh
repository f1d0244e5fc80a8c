#!/usr/bin/env bash
# pngjs: a pixel of the transparent colour loses its colour
#
# Software: pngjs 7.0.0 and upng-js 2.1.0.
# Guess: tRNS makes the pixel's alpha 0 and leaves its grey, 64 here, as UPNG does.
# Seen: pngjs sets the colour to 0 as well.
# It matters when alpha is dropped, as it is for grey training pictures: where the background was one grey (or
#   white) marked transparent it is black in one decoder and grey in the other.
# Documented: not in the package's README.
. "$(dirname "$0")/lib.sh"
packages pngjs@7.0.0 upng-js@2.1.0
javascript <<'JS'
import pngjs from "pngjs";
import UPNG from "upng-js";
import { png } from "./png.mjs";
const file = png({ width: 2, colour: 0, rows: [[64, 128]], more: [["tRNS", [0, 64]]] });
console.log("pngjs", Array.from(pngjs.PNG.sync.read(file).data));
const decoded = UPNG.decode(new Uint8Array(file).buffer);
console.log("UPNG", Array.from(new Uint8Array(UPNG.toRGBA8(decoded)[0])));
JS
seen <<'SEEN'
pngjs [
    0,   0,   0,   0,
  128, 128, 128, 255
]
UPNG [
   64,  64,  64,   0,
  128, 128, 128, 255
]
SEEN
