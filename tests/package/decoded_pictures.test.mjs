// readPictures with PNG, JPEG and WebP, which a browser decodes: what becomes of their pixels.
import assert from "node:assert/strict";
import { test } from "node:test";
import { png } from "../support/pictures.mjs";
import { visitPackage } from "./browser.mjs";
import { browser, pixelsOf, plain, read, seen } from "./decoding.mjs";

test("pixels are as a viewer shows them: colour, grey, palette, 16 bits, transparent on white", async () => {
  const ramp = (x, y) => 40 * x + 10 * y;
  const inGrey = await seen(png(4, 3, ramp, { type: 0 }));
  assert.deepEqual([inGrey.channels, inGrey.height, inGrey.width], [1, 3, 4]);
  const expected = Array.from({ length: 12 }, (_, i) => ramp(i % 4, Math.floor(i / 4)));
  assert.deepEqual(inGrey.pixels, expected);
  assert.deepEqual(inGrey.notes, []);

  const rgb = (x, y) => [200, 40 * x, 50 * y];
  const inColour = await seen(png(4, 3, rgb));
  assert.equal(inColour.channels, 3);
  const planes = [0, 1, 2].flatMap((c) =>
    Array.from({ length: 12 }, (_, i) => rgb(i % 4, Math.floor(i / 4))[c]),
  );
  assert.deepEqual(inColour.pixels, planes);
  const made = await seen(png(4, 3, rgb), { channels: 1 });
  assert.deepEqual(
    made.pixels,
    expected.map((_, i) =>
      Math.round(0.299 * planes[i] + 0.587 * planes[12 + i] + 0.114 * planes[24 + i]),
    ),
  );
  assert.deepEqual(made.notes, ["The pictures’ colours were made grey."]);

  const palette = [
    [10, 20, 30],
    [250, 0, 128],
  ];
  const inPalette = await seen(png(4, 3, (x) => x % 2, { type: 3, palette }));
  assert.deepEqual(
    inPalette.pixels,
    [0, 1, 2].flatMap((c) => Array.from({ length: 12 }, (_, i) => palette[i % 2][c])),
  );

  const deep = await seen(png(4, 3, (x, y) => 257 * ramp(x, y), { type: 0, depth: 16 }));
  assert.deepEqual(deep.pixels, expected);
  assert.deepEqual(deep.notes, ["2 pictures of 16 bits were reduced to 8."]);

  const alpha = await seen(png(4, 1, (x) => [0, [0, 64, 128, 255][x]], { type: 4 }));
  assert.deepEqual(alpha.pixels, [255, 191, 127, 0]);
  assert.deepEqual(alpha.notes, ["2 pictures have transparent parts, which lie on white."]);
});

test("pictures that a camera noted as turned stand upright, and a JPEG is grey where it is", async () => {
  const { result } = await visitPackage(browser, async () => {
    const { readPictures } = await import("/package/data.js");
    const canvas = new OffscreenCanvas(16, 8);
    const context = canvas.getContext("2d");
    for (const [color, at] of [
      ["#404040", 0],
      ["#c0c0c0", 8],
    ]) {
      context.fillStyle = color;
      context.fillRect(at, 0, 8, 8);
    }
    const bytesOf = async (type) =>
      new Uint8Array(await (await canvas.convertToBlob({ type, quality: 1 })).arrayBuffer());
    const jpeg = await bytesOf("image/jpeg");
    const exif = Uint8Array.from(
      // "Exif", TIFF, little-endian, one entry: orientation 6, a quarter turn to the right.
      [0xff, 0xe1, 0, 34, 69, 120, 105, 102, 0, 0, 73, 73, 42, 0, 8, 0, 0, 0, 1, 0].concat([
        0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0,
      ]),
    );
    const turned = new Uint8Array([...jpeg.subarray(0, 2), ...exif, ...jpeg.subarray(2)]);
    const webp = await bytesOf("image/webp");
    const seen = async (bytes) => {
      const { train, notes, ...rest } = await readPictures([
        { name: "a/1", bytes },
        { name: "b/1", bytes },
      ]);
      const { height, width, channels, format } = rest;
      const pixels = [...train.images.slice(16, 16 + height * width)];
      return { height, width, channels, format, pixels, notes };
    };
    return { jpeg: await seen(jpeg), turned: await seen(turned), webp: await seen(webp) };
  });
  for (const [kind, wide, tall] of [
    ["jpeg", 16, 8],
    ["turned", 8, 16],
    ["webp", 16, 8],
  ]) {
    const { height, width, channels, format, pixels, notes } = result[kind];
    assert.deepEqual([width, height, channels], [wide, tall, 1], kind);
    assert.equal(format, kind === "webp" ? "WebP pictures" : "JPEG pictures");
    pixels.forEach((value, i) => {
      const dark = kind === "turned" ? i < 64 : i % 16 < 8;
      assert.ok(Math.abs(value - (dark ? 64 : 192)) <= 4, `${kind}: pixel ${i} is ${value}`);
    });
    const expected = kind === "turned" ? ["2 pictures were turned as the camera noted."] : [];
    assert.deepEqual(notes, expected);
  }
});

test("pictures of many sizes are fitted with their ratio kept, to the size that is asked for", async () => {
  const half = (x) => (x < 20 ? 100 : 200);
  const files = [
    ["a/wide.png", png(40, 20, half, { type: 0 })],
    ["b/small.png", png(10, 10, () => 50, { type: 0 })],
  ];
  const usual = await read(files);
  assert.deepEqual([usual.height, usual.width], [32, 32]);
  assert.deepEqual(usual.notes, [
    "2 pictures of 2 sizes were fitted to 32 × 32 with the ratio kept.",
  ]);
  const pixels = pixelsOf(usual.train, 1);
  const wide = usual.train.labels[8] === 0 ? pixels.slice(0, 1024) : pixels.slice(1024);
  const row = (y) => wide.slice(32 * y, 32 * (y + 1));
  assert.ok(
    row(0).every((value) => value === 150),
    "the mean of the edges lies beside it",
  );
  assert.deepEqual([row(8)[0], row(8)[31], row(23)[0], row(24)[0]], [100, 200, 100, 150]);

  const asked = await read(files, { size: [10, 20], turn: false });
  assert.deepEqual([asked.height, asked.width], [10, 20]);
  const turned = await read(
    [
      ["a/1", png(4, 2, (x, y) => 4 * y + x, { type: 0 })],
      ["b/1", png(4, 2, (x, y) => 4 * y + x, { type: 0 })],
    ],
    { turn: true },
  );
  assert.deepEqual([turned.height, turned.width, turned.turned], [4, 2, true]);
  assert.deepEqual(pixelsOf(turned.train, 1).slice(0, 8), [0, 4, 1, 5, 2, 6, 3, 7]);

  // A large picture of fine stripes becomes even: no pixel of it is left out.
  const fine = await read([
    ["a/1", png(1024, 1024, (x) => 255 * (x % 2), { type: 0 })],
    ["b/1", plain(0)],
  ]);
  const even = pixelsOf(fine.train, 1)
    .slice(fine.train.labels[8] === 0 ? 0 : 1024)
    .slice(0, 1024);
  assert.ok(
    even.every((value) => Math.abs(value - 127) < 8),
    `${even.slice(0, 8)}`,
  );
});
