// PNG files as other programs write them, for the tests.
import { deflateSync } from "node:zlib";

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = table[(crc ^ byte) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

function chunk(type, data) {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, "latin1");
  data.copy(bytes, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
}

const channelsOf = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/**
 * A PNG; `pixel(x, y)` gives the values of a pixel, as many as the type of colour has: 0 grey, 2 RGB, 3 a
 * place in `palette`, 4 grey and alpha, 6 RGB and alpha.
 */
export function png(width, height, pixel, { type = 2, depth = 8, palette } = {}) {
  const wide = (channelsOf[type] * depth) / 8;
  const rows = Buffer.alloc(height * (1 + width * wide));
  for (let y = 0, at = 0; y < height; y++) {
    at++; // the row's filter: none
    for (let x = 0; x < width; x++) {
      for (const value of [pixel(x, y)].flat()) {
        at = depth === 16 ? rows.writeUInt16BE(value, at) : rows.writeUInt8(value, at);
      }
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, type], 8);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    ...(palette ? [chunk("PLTE", Buffer.from(palette.flat()))] : []),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}
