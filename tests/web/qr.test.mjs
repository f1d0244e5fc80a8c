// The QR codes of links, read by a decoder that knows nothing of how they were made: jsQR.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import jsQR from "jsqr";
import { runnerImport } from "vite";
import { root } from "./support.mjs";

const options = { configFile: false, logLevel: "error" };
const { module: qr } = await runnerImport(`${root}web/shell/share/qr.ts`, options);
const { capacity, encode, largestVersion } = qr;

// The symbol as a picture with its quiet zone, three pixels a module; `spoil` may change modules.
function read({ size, dark }, spoil = (module) => module) {
  const [scale, quiet] = [3, 4];
  const width = scale * (size + 2 * quiet);
  const rgba = new Uint8ClampedArray(4 * width * width).fill(255);
  dark.map(spoil).forEach((module, at) => {
    if (!module) return;
    const [row, column] = [Math.floor(at / size), at % size].map((i) => scale * (i + quiet));
    for (let y = row; y < row + scale; y++) {
      for (let x = column; x < column + scale; x++)
        rgba.fill(0, 4 * (y * width + x), 4 * (y * width + x) + 3);
    }
  });
  return jsQR(rgba, width, width, { inversionAttempts: "dontInvert" });
}

const bytesOf = (length) => Uint8Array.from({ length }, (_, i) => (i * 137 + length * 31) % 251);

// ISO/IEC 18004, table 7.
const capacities = {
  L: [
    17, 32, 53, 78, 106, 134, 154, 192, 230, 271, 321, 367, 425, 458, 520, 586, 644, 718, 792, 858,
    929, 1003,
  ],
  M: [
    14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624, 666,
    711, 779,
  ],
};

for (const level of ["L", "M"]) {
  test(`each version of level ${level} holds what the standard says, and is read to the byte, full and nearly empty`, () => {
    for (let version = 1; version <= largestVersion; version++) {
      const most = capacity(version, level);
      assert.equal(most, capacities[level][version - 1], `version ${version}`);
      const least = version === 1 ? 1 : capacity(version - 1, level) + 1;
      for (const length of [least, most]) {
        const symbol = encode(bytesOf(length), level);
        assert.equal(symbol.version, version, `${length} bytes`);
        const found = read(symbol);
        assert.ok(found, `${length} bytes in version ${version} are not read`);
        assert.equal(found.version, version);
        assert.deepEqual(found.binaryData, [...bytesOf(length)]);
      }
    }
    assert.equal(encode(bytesOf(capacity(largestVersion, level) + 1), level), undefined);
  });

  test(`each mask of level ${level} is read, and the one that is chosen is one of the eight`, () => {
    for (const length of [20, 90, 300]) {
      for (let mask = 0; mask < 8; mask++) {
        const symbol = encode(bytesOf(length), level, mask);
        assert.equal(symbol.mask, mask);
        assert.deepEqual(read(symbol)?.binaryData, [...bytesOf(length)], `mask ${mask}`);
      }
      assert.ok(encode(bytesOf(length), level).mask < 8);
    }
  });
}

test("what is spoiled in each block, up to what the level corrects, is read all the same", () => {
  const bytes = bytesOf(100);
  const symbol = encode(bytes, "M");
  // A square of 3 × 3 modules in the middle of the data.
  const from = Math.floor(symbol.size * 0.55);
  const inSquare = (at) =>
    [Math.floor(at / symbol.size), at % symbol.size].every((i) => i >= from && i < from + 3);
  const found = read(symbol, (module, at) => (inSquare(at) ? !module : module));
  assert.deepEqual(found?.binaryData, [...bytes]);
});

test("a link of the page is read as its text", () => {
  const link =
    "https://example.org/lanegrad/?net=dense+128,+relu,+dense+classes&seed=1&autostart=1#at=pad";
  const found = read(encode(new TextEncoder().encode(link), "M"));
  assert.equal(found?.data, link);
});
