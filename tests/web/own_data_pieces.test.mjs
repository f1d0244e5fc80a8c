// Own pictures to learn from lie outside of the page's memory, and go to the engine in pieces.
import assert from "node:assert/strict";
import { after } from "node:test";
import { test } from "../support/test.mjs";
import { gzipSync } from "node:zlib";
import { runnerImport } from "vite";
import { browser, bring, brought, classes, file, header, height, open, random, site, width } from "./own_data.mjs"; // prettier-ignore
import { at, openPage, root, waitForStatus } from "./support.mjs";

const load = async (name) =>
  (
    await runnerImport(`${root}web/labs/digits/own_data/${name}.ts`, {
      configFile: false,
      logLevel: "error",
    })
  ).module;
const { setsOf } = await load("sets");
const { keptPictures } = await load("kept_pictures");

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

test("pictures that are read and not yet learned are outside of the page's memory, with or without classes", async () => {
  const pictures = { ...read(noise, few), unlabeled: part(few) };
  const kept = await keptPictures(pictures);
  assert.equal(pictures.train.images.byteLength, 0);
  assert.equal(pictures.unlabeled.images.byteLength, 0);
  assert.equal(pictures.test.images.length, few.images.length);
  const unlabeled = Buffer.from(await kept.unlabeled.images.arrayBuffer());
  assert.ok(unlabeled.equals(few.images));
  // A start that failed may be tried once more.
  for (let start = 0; start < 2; start++) {
    const { images } = (await kept.sets(undefined)).train();
    assert.ok(Buffer.concat(await piecesOf(images)).equals(noise.images));
  }

  // Every third picture is left out, a fifth of the others held back.
  const names = Array.from({ length: 30_000 }, (_, i) => ["", "odd", "even"][i % 3]);
  const single = { ...read({ images: header(3, 0, height, width), labels: header(1, 0) }), classNames: [], unlabeled: part(noise) }; // prettier-ignore
  const { sets } = await keptPictures(single);
  const first = await sets(names);
  assert.deepEqual([first.learned, first.pictures.count], [16_000, 4000]);
  assert.deepEqual(first.pictures.names, ["even", "odd"]);
  const { images, labels } = first.train();
  const learned = Buffer.concat(await piecesOf(images)).subarray(16);
  const places = new Map();
  for (let i = 0; i < 30_000; i++)
    places.set(noise.pixels.toString("latin1", i * size, (i + 1) * size), i);
  for (let i = 0; i < 16_000; i++) {
    const place = places.get(learned.toString("latin1", i * size, (i + 1) * size));
    assert.equal(names[place], ["even", "odd"][labels[8 + i]], `picture ${i}`);
  }
  // Other classes are said of the same pictures.
  assert.equal((await sets(names.map((name) => name || "none"))).learned, 24_000);
  await assert.rejects(sets(names.map((name) => name && "odd")), {
    code: "CorruptData",
    message: "All pictures are of one class, “odd”, expected at least two classes.",
  });
});

test("the page drops pictures before it learns them, and a start that fails loses none", async () => {
  const page = await openPage(browser, `${site.address}?net=dense+4,+relu,+dense+classes`, {
    prepare: (page) =>
      page.addInitScript(() => {
        const Plain = globalThis.Worker;
        globalThis.Worker = class extends Plain {
          constructor(...values) {
            if (globalThis.noWorkers) throw new Error("there are no workers");
            super(...values);
            this.addEventListener("message", ({ data }) => {
              if (data.kind === "pictures") globalThis.read = data.pictures;
            });
          }
        };
      }),
  });
  await waitForStatus(page, "idle");
  await at(page, "own-files").setInputFiles([
    file("train-images", noise.images),
    file("train-labels", noise.labels),
  ]);
  const learn = at(page, "own-learn");
  await learn.waitFor();
  const left = await page.evaluate(() => {
    globalThis.noWorkers = true;
    return [globalThis.read.train.count, globalThis.read.train.images.byteLength];
  });
  assert.deepEqual(left, [30_000, 0]);
  await learn.click();
  await page.locator('#own [data-testid="problem"]').waitFor();
  await page.evaluate(() => (globalThis.noWorkers = false));
  await learn.click();
  await brought(page, "24,000 pictures to learn from and 6,000 for the test");
  assert.equal(await at(page, "own-preview").count(), 0);
  await page.context().close();
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
