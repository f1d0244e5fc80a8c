#!/usr/bin/env bash
# Chromium: a canvas changes the colours of transparent pixels that pass through it
#
# Software: Chromium 156 of Debian 12, driven by playwright-core 1.65.1.
# Guess: getImageData gives back what putImageData put, byte for byte.
# Seen: colours are kept multiplied by alpha: (200, 100, 50) comes back as (199, 100, 50) at alpha 128, as
#   (204, 102, 51) at 10, as (255, 0, 0) at 1 and as black at 0.
# It matters for pictures with labels that are decoded by a canvas, as pages do: what is trained on is not
#   what is in the file, by more the more transparent it is, and differs from Python's loaders.
# Documented: in the HTML standard, as a note on getImageData ("lossy").
. "$(dirname "$0")/lib.sh"
chromium 156
packages playwright-core@1.65.1
javascript <<'JS'
import { browse } from "./chromium.mjs";
function through(alpha) {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d");
  canvas.putImageData(new ImageData(new Uint8ClampedArray([200, 100, 50, alpha]), 1, 1), 0, 0);
  return Array.from(canvas.getImageData(0, 0, 1, 1).data.slice(0, 3));
}
await browse(false, async (open) => {
  const page = await open();
  for (const alpha of [255, 128, 10, 1, 0]) console.log("alpha", alpha, await page.evaluate(through, alpha));
});
JS
seen <<'SEEN'
alpha 255 [ 200, 100, 50 ]
alpha 128 [ 199, 100, 50 ]
alpha 10 [ 204, 102, 51 ]
alpha 1 [ 255, 0, 0 ]
alpha 0 [ 0, 0, 0 ]
SEEN
