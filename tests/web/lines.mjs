// Small sets of pictures of four kinds of lines, as IDX files.

// Pictures have 10 rows and 12 columns: a bar lying, a bar standing, a slanted line or a frame, with noise.

export const [height, width, classes] = [10, 12, 4];

export function random(seed) {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

export function picture(label, chance) {
  const [top, left] = [Math.floor(chance() * 6), Math.floor(chance() * 7)];
  const inked = (y, x) => {
    if (label === 0) return y === top + 2 && x > 1;
    if (label === 1) return x === left + 2 && y > 1;
    if (label === 2) return x - left === y - top && x < left + 6;
    const [down, right] = [y - top, x - left];
    const edge = down === 0 || down === 4 || right === 0 || right === 4;
    return edge && down >= 0 && down <= 4 && right >= 0 && right <= 4;
  };
  return Array.from({ length: height * width }, (_, i) => {
    const ink = inked(Math.floor(i / width), i % width) ? 200 : 0;
    return Math.floor(ink + 40 * chance());
  });
}

export const header = (axes, ...extents) => {
  const bytes = Buffer.alloc(4 + 4 * axes);
  bytes.set([0, 0, 8, axes]);
  extents.forEach((extent, i) => bytes.writeUInt32BE(extent, 4 + 4 * i));
  return bytes;
};

export function makeSet(count, seed, labelOf = (i) => i % classes) {
  const chance = random(seed);
  const labels = Array.from({ length: count }, (_, i) => labelOf(i));
  const pixels = labels.flatMap((label) => picture(label % classes, chance));
  return {
    images: Buffer.concat([header(3, count, height, width), Buffer.from(pixels)]),
    labels: Buffer.concat([header(1, count), Buffer.from(labels)]),
  };
}
