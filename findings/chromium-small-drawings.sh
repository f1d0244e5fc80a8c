#!/usr/bin/env bash
# Chromium: a drawing made ten times smaller has five times too much ink, or none
#
# Software: Chromium 156 of Debian 12, driven by playwright-core 1.65.1.
# Guess: drawImage from 280 × 280 to 28 × 28 averages: lines that cover a tenth of the area become a tenth.
# Seen: with the default quality, "low", each pixel is mixed from the two middle ones of its ten: lines there
#   become a half, lines elsewhere vanish. createImageBitmap does so, too; "medium" averages.
# It matters for the usual digit pad (draw large, drawImage to 28 × 28): thin strokes are broken or doubled,
#   unlike MNIST's. Set imageSmoothingQuality, or average, as lanegrad's pad does.
# Documented: the HTML standard leaves the methods to the browser.
. "$(dirname "$0")/lib.sh"
chromium 156
packages playwright-core@1.65.1
javascript <<'JS'
import { browse } from "./chromium.mjs";
function shrink() {
  const ink = (quality, offset) => {
    const drawing = new OffscreenCanvas(280, 280);
    const pen = drawing.getContext("2d");
    for (let x = offset; x < 280; x += 10) pen.fillRect(x, 0, 1, 280);
    const small = new OffscreenCanvas(28, 28).getContext("2d");
    small.imageSmoothingQuality = quality;
    small.drawImage(drawing, 0, 0, 28, 28);
    const alpha = small.getImageData(0, 0, 28, 28).data.filter((_, i) => i % 4 === 3);
    return (alpha.reduce((a, b) => a + b) / alpha.length / 255).toFixed(1);
  };
  const line = (q) => `${q}: ${ink(q, 0)} of lines beside the middle, ${ink(q, 5)} of lines in it`;
  return ["low", "medium"].map(line);
}
await browse(false, async (open) => {
  for (const line of await (await open()).evaluate(shrink)) console.log(line);
});
JS
seen <<'SEEN'
low: 0.0 of lines beside the middle, 0.5 of lines in it
medium: 0.1 of lines beside the middle, 0.1 of lines in it
SEEN
