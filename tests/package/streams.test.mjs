// Images that come in pieces: what they make, what is wrong with them, and how much memory they take.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Trainer } from "../../dist/index.js";
import { TrainerService } from "../../build/package/worker/service.js";
import { idx, refusesLater } from "./support.mjs";

const samples = 300;
const pixels = Uint8Array.from({ length: samples * 64 }, (_, i) => (i * i * 7) % 251);
const images = idx([samples, 8, 8], pixels);
const labels = idx(
  [samples],
  Uint8Array.from({ length: samples }, (_, i) => i % 10),
);
const run = { net: "dense 8, relu, dense classes", epochs: 1 };
const create = (given, more) =>
  Trainer.create({ data: { train: { kind: "idx", images: given, labels } }, ...run, ...more });

/** The file in pieces of so many bytes, always in the same buffer. */
async function* pieces(bytes, size) {
  const buffer = new Uint8Array(size);
  for (let begin = 0; begin < bytes.length; begin += size) {
    const piece = bytes.subarray(begin, begin + size);
    buffer.set(piece);
    yield buffer.subarray(0, piece.length);
  }
}

test("a stream gives the bits of the whole file, whatever its pieces", async () => {
  const whole = await create(images);
  await whole.train();
  const right = await whole.weights();
  for (const given of [
    pieces(images, 1),
    pieces(images, 17),
    pieces(images, 10_000),
    new Blob([images]).stream(),
    // What a browser has whose streams `for await` cannot read.
    { getReader: () => new Blob([images]).stream().getReader() },
  ]) {
    const trainer = await create(given);
    await trainer.train();
    assert.deepEqual(await trainer.weights(), right);
    trainer.dispose();
  }
  // The caller's array stays as it is, unless it is handed over.
  assert.equal(images.length, 16 + pixels.length);
  const own = images.slice();
  const train = { kind: "idx", images: own, labels: labels.slice() };
  const moved = await Trainer.create({ data: { train }, ...run, transfer: true });
  assert.equal(own.length, 0);
  await moved.train();
  assert.deepEqual(await moved.weights(), right);
  moved.dispose();
  whole.dispose();
});

test("what is wrong with a stream is said as of a whole file", async () => {
  const parts = (bytes) => pieces(bytes, 100);
  for (const [bytes, message] of [
    [new Uint8Array(), "idx: training images: no bytes, expected an IDX file"],
    [images.slice(0, 3), "idx: training images: 3 bytes, expected a header of at least 8"],
    [
      images.slice(0, -1),
      `idx: training images: truncated, ${pixels.length - 1} values, expected ${pixels.length} for the extents [300, 8, 8]`,
    ],
    [
      Uint8Array.from([...images, 1, 2]),
      `idx: training images: too long, ${pixels.length + 2} values, expected ${pixels.length} for the extents [300, 8, 8]`,
    ],
    [
      idx([2, 2, 2, 2], new Uint8Array(16)),
      "image set: training images of 2 channels, expected 1 or 3",
    ],
    [
      labels,
      "image set: training images with 1 axis, expected 3 (count, height, width) or 4 (count, channels, height, width)",
    ],
  ]) {
    await refusesLater(create(bytes), "CorruptData", message);
    await refusesLater(create(parts(bytes)), "CorruptData", message);
  }
  let ended = false;
  async function* broken(last) {
    try {
      yield images.subarray(0, 100);
      yield last();
    } finally {
      ended = true;
    }
  }
  await refusesLater(
    create(
      broken(() => {
        throw new Error("the line is dead");
      }),
    ),
    "InvalidArgument",
    "training data: images: it cannot be read (Error: the line is dead)",
  );
  await refusesLater(
    create(broken(() => "text")),
    "InvalidArgument",
    "training data: images: a piece 'text', expected a Uint8Array",
  );
  assert.ok(ended);
});

test("images that come in pieces are in memory once", async () => {
  const [count, megabyte] = [150_000, 2 ** 20];
  const head = idx([count, 28, 28], new Uint8Array());
  const size = head.length + count * 784;
  const service = new TrainerService(
    async () => null,
    () => {},
  );
  const train = { kind: "idx", images: { first: head, size }, labels: idx([count]) };
  await service.open({ data: { train }, net: "mlp" });
  assert.equal(head.buffer.byteLength, 0, "what was copied is freed");
  for (let left = size - 16; left > 0; left -= megabyte) {
    const piece = new Uint8Array(Math.min(left, megabyte));
    service.feed("train", piece);
    assert.equal(piece.buffer.byteLength, 0, "what was copied is freed");
  }
  const { memoryBytes, trainSamples } = await service.create();
  assert.equal(trainSamples, count);
  const { heapBytes } = service.memoryForTest();
  assert.ok(heapBytes <= 1.15 * size, `${heapBytes} bytes for ${size}`);
  await service.step();
  const used = service.memoryForTest().heapBytes;
  assert.ok(used <= memoryBytes + 8 * megabyte, `${used} bytes, ${memoryBytes} estimated`);
});

test("a training that cannot fit into the memory is refused before anything is lost", async () => {
  const trainer = await create(images);
  await trainer.train();
  const before = await trainer.weights();
  const net = "dense 100000, relu, dense 2000, dense classes";
  const message =
    "training: the net and its data need at least 3177 MB of memory, expected at most 2048 MB";
  await refusesLater(trainer.describe(net), "OutOfMemory", message);
  await refusesLater(trainer.reset({ net }), "OutOfMemory", message);
  assert.deepEqual(await trainer.weights(), before);
  const { memoryBytes } = await trainer.describe("dense 2000, relu, dense classes");
  assert.ok(memoryBytes > trainer.info.memoryBytes);
  trainer.dispose();
  await refusesLater(create(images, { net }), "OutOfMemory", message);
});

test("a checkpoint is no second time in the engine's memory", async () => {
  const { loadModule } = await import("../../build/package/module/load.js");
  const { DataSets } = await import("../../build/package/worker/data_sets.js");
  const { Training } = await import("../../build/package/worker/training.js");
  const engine = await loadModule();
  const data = new DataSets(engine, { train: { kind: "idx", images, labels } });
  const training = new Training(engine, data, { net: "dense 40000, relu, dense classes" });
  training.trainer.step();
  const heapBytes = engine.raw.heapBytes();
  const file = training.trainer.save();
  assert.ok(file.length > 30e6);
  assert.equal(engine.raw.heapBytes(), heapBytes, "saving");
  training.dispose();
  const again = new Training(engine, data, { checkpoint: file });
  assert.ok(engine.raw.heapBytes() <= heapBytes, "loading");
  assert.deepEqual(again.trainer.save(), file);
});
