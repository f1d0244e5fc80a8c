// Own pictures to learn from lie outside of the page's memory, and go to the engine in pieces.
import assert from "node:assert/strict";
import { after } from "node:test";
import { test } from "../support/test.mjs";
import { gzipSync } from "node:zlib";
import { runnerImport } from "vite";
import { bring, brought, classes, file, header, height, open, random, width } from "./own_data.mjs";
import { at, root, waitForStatus } from "./support.mjs";

const { setsOf } = (
  await runnerImport(`${root}web/labs/digits/own_data/sets.ts`, {
    configFile: false,
    logLevel: "error",
  })
).module;

// The page's channel of messages keeps Node waiting.
after(() => setTimeout(process.exit, 1000).unref());

const size = height * width;

// Random pixels, several pieces of them.
function makeNoise(count, seed) {
  const chance = random(seed);
  const pixels = Buffer.from(
    Array.from({ length: count * size }, () => Math.floor(256 * chance())),
  );
  const labels = Buffer.from(Array.from({ length: count }, (_, i) => i % classes));
  return {
    pixels,
    images: Buffer.concat([header(3, count, height, width), pixels]),
    labels: Buffer.concat([header(1, count), labels]),
  };
}

const noise = makeNoise(30_000, 3); // 3.6 MB
const few = makeNoise(100, 4);

// What readPictures gives of them.
const part = ({ images, labels }) => ({
  count: labels.length - 8,
  images: new Uint8Array(images),
  labels: new Uint8Array(labels),
});
const countsOf = ({ labels }) =>
  Array.from(
    { length: classes },
    (_, i) => labels.subarray(8).filter((label) => label === i).length,
  );
const read = (train, test) => ({
  classNames: Array.from({ length: classes }, (_, i) => String(i)),
  train: part(train),
  ...(test && { test: part(test) }),
  counts: { train: countsOf(train) },
});

async function piecesOf(stream) {
  const pieces = [];
  for await (const piece of stream) pieces.push(Buffer.from(piece));
  return pieces;
}

test("with a test the pictures to learn from are a stream, anew for each trainer", async () => {
  const sets = await setsOf(read(noise, few));
  for (let trainer = 0; trainer < 2; trainer++) {
    const { images } = sets.train();
    assert.ok(Buffer.concat(await piecesOf(images)).equals(noise.images));
  }
});

test("without one, those that are not held back come piece by piece, in order", async () => {
  const sets = await setsOf(read(noise));
  const { images, labels } = sets.train();
  const pieces = await piecesOf(images);
  assert.ok(pieces.length > 2 && pieces.every(({ length }) => length <= 2 ** 20));
  const learned = Buffer.concat(pieces);
  const held = Buffer.from(sets.test.images);
  assert.deepEqual([labels.length - 8, sets.pictures.count], [24_000, 6000]);
  assert.ok(learned.subarray(0, 16).equals(header(3, 24_000, height, width)));
  assert.ok(held.subarray(0, 16).equals(header(3, 6000, height, width)));
  // Both together are the whole file, each in its order.
  const rest = [learned, held].map((bytes) => ({ bytes, next: 16 }));
  for (let i = 0; i < 30_000; i++) {
    const picture = noise.pixels.subarray(i * size, (i + 1) * size);
    const from = rest.find(({ bytes, next }) => bytes.subarray(next, next + size).equals(picture));
    assert.ok(from, `picture ${i}`);
    from.next += size;
  }
  assert.deepEqual(
    rest.map(({ bytes, next }) => bytes.length - next),
    [0, 0],
  );
});

test("packed files larger than a piece are learned in the page, two or four of them", async () => {
  const page = await open("net=dense+4,+relu,+dense+classes&epochs=1&validation=0");
  const two = [
    file("train-images.gz", gzipSync(noise.images)),
    file("train-labels.gz", gzipSync(noise.labels)),
  ];
  await bring(page, two);
  await brought(page, "24,000 pictures to learn from and 6,000 for the test");
  await bring(page, [...two, file("t10k-images", few.images), file("t10k-labels", few.labels)]);
  await brought(page, "30,000 pictures to learn from and 100 for the test");
  await at(page, "start").click();
  await waitForStatus(page, "finished");
  await page.context().close();
});
