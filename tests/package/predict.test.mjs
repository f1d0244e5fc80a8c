// lanegrad/predict in Node: a net answers from its file alone, with the bits of its trainer.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { Trainer } from "../../dist/index.js";
import { Net } from "../../dist/predict.js";
import { bestVariant, circle, dist, idx, refuses, refusesLater } from "./support.mjs";

/** Pictures that are mostly black, with a bright column where the label says. */
function pictures(count) {
  const pixels = new Uint8Array(count * 784);
  for (let i = 0; i < count; i++) {
    for (let y = 4; y < 24; y++) {
      for (let x = 0; x < 3; x++) {
        pixels[i * 784 + y * 28 + 2 * (i % 10) + 3 + x] = 100 + ((i * 31 + y * 17 + x * 7) % 156);
      }
    }
  }
  return pixels;
}
const pixels = pictures(400);
const labels = Uint8Array.from({ length: 400 }, (_, i) => i % 10);
const numbers = Float32Array.from(pixels, (pixel) => pixel / 255);
const classNames = Array.from({ length: 10 }, (_, i) => `column ${i} “é”`);
const images = {
  kind: "idx",
  images: idx([400, 28, 28], pixels),
  labels: idx([400], labels),
  classNames,
};

async function trained(settings, data = images) {
  const trainer = await Trainer.create({
    data: { train: data },
    variant: bestVariant,
    epochs: 10,
    ...settings,
  });
  await trainer.train({ epochs: 2 });
  return trainer;
}

const folder = mkdtempSync(join(tmpdir(), "lanegrad-"));
after(() => rmSync(folder, { recursive: true, force: true }));

for (const net of ["mlp", "lenet", "convnet", "fast", "best"]) {
  test(`${net} answers as its trainer does, to the bit`, async () => {
    const trainer = await trained({ net, batchSize: 50 });
    const answering = await Net.load(await trainer.save());
    for (const count of [1, 2, 255, 257, 400]) {
      const expected = await trainer.predict(numbers.subarray(0, count * 784), count);
      const answers = answering.predict(numbers.subarray(0, count * 784));
      assert.equal(answers.count, count);
      assert.deepEqual(answers.probabilities, expected);
      const fromPixels = answering.predict(pixels.subarray(0, count * 784));
      for (const [i, value] of fromPixels.probabilities.entries()) {
        assert.ok(Math.abs(value - expected[i]) < 1e-4, `${value} and ${expected[i]}`);
      }
    }
    trainer.dispose();
  });
}

test("a net says what it is, and names its answers", async () => {
  const trainer = await trained({ net: "mlp", batchSize: 50 });
  await trainer.train({ epochs: 8 });
  const net = await Net.load(new Blob([await trainer.save()]));
  assert.equal(net.text, "dense 128, relu, dense classes");
  assert.deepEqual(net.sampleShape, [1, 28, 28]);
  assert.deepEqual(net.classNames, classNames);
  assert.deepEqual([net.outputs, net.hasClasses], [10, true]);
  assert.deepEqual(net.layers[1], {
    name: "dense1",
    kind: "Dense",
    output: [128],
    parameters: 784 * 128,
  });
  const answers = net.predict(pixels);
  assert.deepEqual(answers.numbers, new Float32Array());
  const right = answers.labels.filter((label, i) => label === labels[i]).length;
  assert.ok(right > 380, `${right} of 400`);
  const clamped = net.predict(new Uint8ClampedArray(pixels.subarray(0, 784)));
  assert.deepEqual(clamped.probabilities, net.predict(pixels.subarray(0, 784)).probabilities);
  // A window or context of its own has classes of its own.
  const other = runInNewContext("new Uint8Array(784).fill(255)");
  const same = net.predict(new Uint8Array(784).fill(255));
  assert.deepEqual(net.predict(other).probabilities, same.probabilities);
  assert.equal(net.predict([]).count, 0);
  trainer.dispose();
});

test("a net that was trained on numbers answers numbers", async () => {
  const inputs = Float32Array.from({ length: 64 }, (_, i) => i / 32 - 1);
  const data = {
    kind: "numbers",
    inputs,
    shape: [64, 1],
    targets: inputs.map((x) => x * x),
    outputs: 1,
  };
  const trainer = await trained({ net: "dense 8, tanh, dense classes", batchSize: 16 }, data);
  const net = await Net.load(await trainer.save());
  const answers = net.predict(inputs);
  assert.equal(net.hasClasses, false);
  assert.deepEqual(answers.numbers, await trainer.predict(inputs, 64));
  assert.deepEqual([answers.probabilities.length, answers.labels.length], [0, 0]);
  trainer.dispose();
});

test("a compact file is half as large or less and answers nearly the same", async () => {
  const trainer = await trained({ net: "mlp", batchSize: 50 });
  const file = await trainer.save();
  const compact = await Net.compact(file);
  assert.ok(compact.length < 210_000, `${compact.length} bytes`);
  const [net, small] = [await Net.load(file), await Net.load(compact)];
  assert.deepEqual(small.classNames, classNames);
  assert.equal(small.text, net.text);
  const expected = net.predict(pixels).probabilities;
  for (const [i, value] of small.predict(pixels).probabilities.entries()) {
    assert.ok(Math.abs(value - expected[i]) < 2e-3, `${value} and ${expected[i]}`);
  }
  trainer.dispose();
});

test("what is no such file, or no such input, is refused in one sentence", async () => {
  const trainer = await trained({ net: "dense classes", batchSize: 64 }, circle());
  const file = await trainer.save();
  trainer.dispose();
  const path = join(folder, "net.safetensors");
  writeFileSync(path, file);
  const net = await Net.load(pathToFileURL(path));
  assert.equal(net.predict([0.5, 0.5]).count, 1);
  refuses(
    () => net.predict([1, 2, 3]),
    "ShapeMismatch",
    "predict: 3 numbers, expected a multiple of 2 for samples of shape [2]",
  );
  const wrong = new Float32Array(600);
  wrong[521] = NaN;
  refuses(
    () => net.predict(wrong),
    "InvalidArgument",
    "predict: input 1 of sample 260 is nan, expected finite numbers",
  );
  refuses(
    () => net.predict("digits"),
    "InvalidArgument",
    "predict: inputs 'digits', expected an array of numbers",
  );
  const { proxy, revoke } = Proxy.revocable([1, 2], {});
  revoke();
  for (const hostile of [null, 7, {}, proxy]) {
    refuses(
      () => net.predict(hostile),
      "InvalidArgument",
      /^predict: inputs .* an array of numbers$/,
    );
  }
  net.dispose();
  refuses(
    () => net.predict([1, 2]),
    "InvalidState",
    "predict: the net is disposed, expected one in use",
  );
  await refusesLater(
    Net.load(new Uint8Array()),
    "CorruptData",
    "safetensors: 0 bytes, expected at least 8",
  );
  await refusesLater(Net.load(7), "InvalidArgument", "net: file 7, expected a Uint8Array");
  await refusesLater(
    Net.load(pathToFileURL(join(folder, "none"))),
    "LoadFailed",
    /^net: file file:.* could not be read \(ENOENT/,
  );
  await refusesLater(
    Net.load(file, { wasm: pathToFileURL(path) }),
    "LoadFailed",
    /^engine: the given predict.wasm is damaged or incomplete/,
  );
});

test("no broken file gets through, and none crashes", async () => {
  const trainer = await trained({ net: "conv 2 3x3, pool 2, relu, dense classes", batchSize: 50 });
  const file = await trainer.save();
  trainer.dispose();
  const broken = [];
  for (let length = 0; length < file.length; length += 997) broken.push(file.slice(0, length));
  let state = 1;
  const random = (below) => (state = (state * 48271) % 0x7fffffff) % below;
  for (let i = 0; i < 200; i++) {
    const bytes = file.slice();
    for (let edit = 0; edit < 3; edit++) bytes[random(4000)] = random(256);
    broken.push(bytes);
  }
  for (const bytes of broken) {
    try {
      (await Net.load(bytes)).predict(pixels.subarray(0, 784));
    } catch (error) {
      assert.equal(error.name, "LanegradError", error.stack);
      assert.notEqual(error.code, "Crashed", error.message);
      assert.doesNotMatch(error.message, /\n/);
    }
  }
});

test("what is packed with gzip is unpacked", async () => {
  const trainer = await trained({ net: "dense classes", batchSize: 64 }, circle());
  const file = await trainer.save();
  trainer.dispose();
  const packed = gzipSync(file);
  const wasm = gzipSync(readFileSync(join(dist, "predict/simd/predict.wasm")));
  const expected = (await Net.load(file)).predict([0.5, -0.5]);
  assert.deepEqual((await Net.load(packed, { wasm })).predict([0.5, -0.5]), expected);
  await refusesLater(
    Net.load(packed.subarray(0, 200)),
    "CorruptData",
    /^net: file cannot be unpacked/,
  );
  await refusesLater(
    Net.load(file, { wasmUrl: "x" }),
    "NotFound",
    "net: unknown option 'wasmUrl', expected wasm",
  );
});

test("the module of each build is there", async () => {
  const trainer = await trained({ net: "dense classes", batchSize: 64 }, circle());
  const file = await trainer.save();
  trainer.dispose();
  for (const variant of new Set(["simd", bestVariant])) {
    const wasm = pathToFileURL(join(dist, `predict/${variant}/predict.wasm`));
    assert.equal((await Net.load(file, { wasm })).predict([0, 0]).count, 1);
  }
});
