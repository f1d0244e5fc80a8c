// Numbers of pictures in colour, channel by channel: [channels · height · width].
import type { Size } from "../../../ui/ink";

// Adds the channels of each pixel up: [height · width].
export function added(values: Float32Array, { width, height }: Size): Float32Array {
  const sums = new Float32Array(width * height);
  values.forEach((value, i) => (sums[i % sums.length]! += value));
  return sums;
}

// How dark each pixel is, from 0 to 1, as the picture is drawn pale below colours: a grey one’s ink, or what a coloured
// one’s pixels lack to white.
export function darkness(pixels: Float32Array, size: Size): Float32Array {
  const channels = pixels.length / (size.width * size.height);
  if (channels === 1) return pixels;
  return added(pixels, size).map((sum) => 1 - sum / channels);
}

// The mean of each channel, in each pixel of it.
export function meanColor(pixels: Float32Array, { width, height }: Size): Float32Array {
  const count = width * height;
  const means = new Float32Array(pixels.length);
  for (let start = 0; start < pixels.length; start += count) {
    const sum = pixels.subarray(start, start + count).reduce((all, value) => all + value, 0);
    means.fill(sum / count, start, start + count);
  }
  return means;
}
