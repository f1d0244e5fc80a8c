// Numbers that come in pieces, as those of a table do, and a simpler net that learns from the same ones.
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { readTable } from "../../dist/data.js";
import { Trainer } from "../../dist/index.js";
import { TrainerService } from "../../build/package/worker/service.js";
import { circle, refusesLater } from "./support.mjs";

const { inputs, labels } = circle();
const shape = [labels.length, 2];
const run = { net: "dense 8, tanh, dense classes", epochs: 3, batchSize: 32 };
const create = (given, more) =>
  Trainer.create({ data: { train: { kind: "labels", inputs: given, shape, labels, classes: 2 } }, ...run, ...more }); // prettier-ignore

/** The numbers in pieces of so many, always in the same buffer. */
async function* pieces(numbers, size) {
  const buffer = new Float32Array(size);
  for (let begin = 0; begin < numbers.length; begin += size) {
    const piece = numbers.slice(begin, begin + size);
    buffer.set(piece);
    yield buffer.subarray(0, piece.length);
  }
}

test("a stream of numbers gives the bits of an array, whatever its pieces", async () => {
  const whole = await create(inputs);
  await whole.train();
  const right = await whole.weights();
  for (const size of [1, 17, 10_000]) {
    const trainer = await create(pieces(inputs, size));
    await trainer.train();
    assert.deepEqual(await trainer.weights(), right);
    trainer.dispose();
  }
  whole.dispose();
});

test("too few, too many and strange pieces are refused in a sentence", async () => {
  const size = inputs.length;
  for (const [given, count] of [
    [inputs.slice(0, size - 1), size - 1],
    [new Float32Array(size + 40), size + 40],
    [new Float32Array(), 0],
  ])
    await refusesLater(
      create(pieces(Float32Array.from(given), 64)),
      "ShapeMismatch",
      `training data: ${count} inputs came, the shape [${shape.join(", ")}] takes ${size}`,
    );
  async function* strange() {
    yield "text";
  }
  await refusesLater(
    create(strange()),
    "InvalidArgument",
    "training data: inputs: a piece 'text', expected an array of numbers",
  );
});

test("numbers that come in pieces are in memory once", async () => {
  const [count, width, megabyte] = [200_000, 50, 2 ** 20];
  const service = new TrainerService(
    async () => null,
    () => {},
  );
  const labels = new Int32Array(count);
  const train = { kind: "labels", inputs: undefined, shape: [count, width], labels, classes: 2 };
  await service.open({ data: { train }, net: "dense 8, relu, dense classes" });
  for (let left = count * width; left > 0; left -= megabyte / 4) {
    const piece = new Float32Array(Math.min(left, megabyte / 4));
    service.feed("train", piece);
    assert.equal(piece.buffer.byteLength, 0, "what was copied is freed");
  }
  const { memoryBytes } = await service.create();
  await service.step();
  // What is asked comes back with the answers, so that its memory serves again.
  const asked = new Float32Array(3 * width);
  const { answers, inputs } = service.predict(asked, 3);
  assert.equal(answers.length, 6);
  assert.equal(inputs, asked);
  const { heapBytes } = service.memoryForTest();
  assert.ok(heapBytes <= 1.15 * 4 * count * width + 8 * megabyte, `${heapBytes} bytes`);
  assert.ok(
    heapBytes <= memoryBytes + 8 * megabyte,
    `${heapBytes} bytes, ${memoryBytes} estimated`,
  );
});

const sum = (row) => 3 * row[0] - row[1];
/** Rows whose target is a sum of the others, and noise that nobody can know. */
const rows = Array.from({ length: 3000 }, (_, i) => [(i * 37) % 101, (i * 53) % 89, "abc"[i % 3]]);
const text = `a,b,c,y\n${rows.map((row, i) => [...row, sum(row) + ((i * 29) % 7)].join()).join("\n")}\n`;

test("the rows of a table as a stream give the bits of its arrays", async () => {
  const table = await readTable(text);
  const [whole, streamed] = [
    await table.prepare({ target: "y" }),
    await table.prepare({ target: "y", stream: true }),
  ];
  assert.equal(streamed.train.inputs.length, 0);
  assert.deepEqual(streamed.train.rows, whole.train.rows);
  assert.deepEqual(streamed.train.targets, whole.train.targets);
  assert.deepEqual(streamed.held, { ...whole.held, inputs: new Float32Array() });
  const { rows } = whole.held;
  assert.deepEqual(await streamed.inputsOf(rows), whole.held.inputs);
  const width = whole.inputs.length;
  const last = whole.held.inputs.subarray((rows.length - 1) * width);
  assert.deepEqual(await streamed.inputsOf([rows.at(-1), rows.at(-1)]), Float32Array.from([...last, ...last])); // prettier-ignore
  assert.deepEqual(await streamed.inputsOf([]), new Float32Array());
  await refusesLater(
    streamed.inputsOf([2999, 3000]),
    "InvalidArgument",
    "inputsOf: row 3000, expected below 3000, as there are rows",
  );
  const settings = { net: "dense 8, relu, dense classes", epochs: 2, batchSize: 64 };
  const found = [];
  // Twice, since each call of data() gives a stream of its own.
  for (const prepared of [whole, streamed, streamed]) {
    const trainer = await Trainer.create({ data: prepared.data(), ...settings });
    const { results } = await trainer.train();
    found.push([await trainer.weights(), results.map(({ testLoss }) => testLoss)]);
    trainer.dispose();
  }
  assert.deepEqual(found[1], found[0]);
  assert.deepEqual(found[2], found[0]);
  const late = streamed.data();
  table.dispose();
  await refusesLater(
    Trainer.create({ data: late, ...settings }),
    "InvalidState",
    "table: it is disposed, expected one that is open",
  );
  await refusesLater(
    readTable(text).then((other) => other.prepare({ target: "y", stream: 1 })),
    "InvalidArgument",
    "prepare: stream 1, expected true or false",
  );
});

test("questions one after the other and at once get their own answers", async () => {
  const trainer = await create(inputs);
  const rows = [...labels.keys()].slice(0, 20).map((row) => inputs.slice(2 * row, 2 * row + 2));
  const alone = [];
  for (const row of rows) alone.push(await trainer.predict(row, 1));
  const given = Float32Array.from(rows[0]);
  const first = trainer.predict(given, 1);
  given.fill(9);
  assert.deepEqual(await first, alone[0]);
  assert.deepEqual(await Promise.all(rows.map((row) => trainer.predict(row, 1))), alone);
  // A small question in the memory of a large one, and behind one that was refused.
  await trainer.predict(inputs, labels.length);
  await refusesLater(trainer.predict([NaN, 0], 1), "InvalidArgument", /^predict: /);
  assert.deepEqual(await trainer.predict(rows[3], 1), alone[3]);
  trainer.dispose();
});

test("questions go in the memory in which those before them came back, up to a megabyte of it", async (t) => {
  const [came, sent] = [new Set(), []];
  const { postMessage } = Worker.prototype;
  t.mock.method(Worker.prototype, "postMessage", function (message, transfer) {
    if (message.method === "predict") sent.push(transfer[0]);
    return postMessage.call(this, message, transfer);
  });
  t.mock.method(Worker.prototype, "emit", function (name, data) {
    if (name === "message" && data.value?.inputs) came.add(data.value.inputs.buffer);
    return EventEmitter.prototype.emit.apply(this, arguments);
  });
  const trainer = await create(inputs);
  const many = (rows) => Float32Array.from({ length: 2 * rows }, (_, i) => Math.sin(i));
  // As where the importance of columns is measured: the same rows again and again, a column of them shuffled.
  const rows = many(2000);
  for (let times = 0; times < 5; times++) {
    await trainer.predict(rows, 2000);
    rows.set(many(1), 2 * times);
  }
  assert.equal(rows.length, 4000, "what is the caller's stays there");
  const again = () => sent.map((buffer) => came.has(buffer));
  assert.deepEqual(again(), [false, true, true, true, true]);
  assert.equal(came.size, 5);
  // A smaller question takes the memory of a larger one, a larger one its own.
  await trainer.predict(many(10), 10);
  await trainer.predict(many(3000), 3000);
  await trainer.predict(many(3000), 3000);
  assert.deepEqual(again().slice(5), [true, false, true]);
  // More than a megabyte is not kept.
  await trainer.predict(many(200_000), 200_000);
  await trainer.predict(many(10), 10);
  assert.deepEqual(again().slice(8), [false, false]);
  trainer.dispose();
});

test("a simpler net learns from the same data beside a training, and changes no bit of it", async () => {
  const table = await readTable(text);
  const prepared = await table.prepare({ target: "y" });
  const { held } = prepared;
  const net = "dense 16, relu, dense classes";
  const simple = { net: "dense classes", epochs: 20, batchSize: 64, seed: 5 };
  const make = (settings) => Trainer.create({ data: prepared.data(), ...settings });
  const alone = await make(simple);
  await alone.train();
  const right = await alone.predict(held.inputs, held.count);
  alone.dispose();

  const quiet = await make({ net, epochs: 8 });
  await quiet.train();
  const trainer = await make({ net, epochs: 8 });
  const training = trainer.train();
  const answers = await trainer.baseline(simple);
  assert.deepEqual(answers, right);
  await training;
  assert.deepEqual(await trainer.weights(), await quiet.weights());
  const own = await trainer.answers();
  assert.deepEqual(own, await trainer.predict(held.inputs, held.count));

  // It can be ended, and a reset meanwhile does not disturb it.
  const ends = new AbortController();
  const ended = trainer.baseline({ ...simple, epochs: 1e6 }, { signal: ends.signal });
  const goesOn = trainer.baseline(simple);
  await trainer.reset({ net: "dense 4, relu, dense classes" });
  assert.deepEqual(await goesOn, right);
  ends.abort();
  await refusesLater(ended, "Aborted", "baseline: it was aborted");
  await refusesLater(trainer.baseline({ net: "dens classes" }), "NotFound", /^net: .*'dens'/);
  trainer.dispose();
  quiet.dispose();
  const { train } = prepared.data();
  const untested = await Trainer.create({ data: { train }, net });
  await refusesLater(
    untested.baseline(simple),
    "InvalidState",
    "baseline: there is no test set, expected one",
  );
  await refusesLater(
    untested.answers(),
    "InvalidState",
    "answers: there is no test set, expected one",
  );
  untested.dispose();
  table.dispose();
});
