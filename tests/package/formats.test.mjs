// Nets as files of other programs: from a trainer, and from a checkpoint alone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { exportNet, importNet, loadNet, zip } from "../../dist/formats.js";
import { load } from "../../dist/index.js";
import { Net } from "../../dist/predict.js";
import { create } from "./training.mjs";
import { refusesLater } from "./support.mjs";

/** The files of an archive whose files are stored, by its directory. */
function unzip(archive) {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.length);
  const end = archive.length - 22;
  assert.equal(view.getUint32(end, true), 0x06054b50);
  const files = {};
  let at = view.getUint32(end + 16, true);
  for (let i = 0; i < view.getUint16(end + 10, true); i++) {
    const size = view.getUint32(at + 20, true);
    const name = new TextDecoder().decode(
      archive.subarray(at + 46, at + 46 + view.getUint16(at + 28, true)),
    );
    const header = view.getUint32(at + 42, true);
    const begin = header + 30 + view.getUint16(header + 26, true);
    files[name] = archive.slice(begin, begin + size);
    at += 46 + view.getUint16(at + 28, true);
  }
  return files;
}

/** The numbers of a .npy file of float32. */
const numbersOf = (npy) => {
  const begin = 10 + npy[8] + 256 * npy[9];
  assert.match(new TextDecoder("latin1").decode(npy.subarray(10, begin)), /'descr': '<f4'/);
  return new Float32Array(npy.slice(begin).buffer);
};

test("a trainer's weights come out with PyTorch's names and layouts", async () => {
  const trainer = await create({ averaging: 0.9 });
  await trainer.train({ epochs: 1 });
  const { "circle.npz": archive, ...others } = await trainer.export("npz", { name: "circle" });
  assert.deepEqual(others, {});
  const files = unzip(archive);
  assert.deepEqual(Object.keys(files), [
    "dense1.weight.npy",
    "dense1.bias.npy",
    "dense2.weight.npy",
    "dense2.bias.npy",
  ]);
  const weights = await trainer.weights();
  assert.deepEqual(numbersOf(files["dense2.bias.npy"]), weights["bias2.bias"]);
  // Ours is [inputs, outputs], PyTorch's the other way round.
  const ours = weights["dense1.weight"];
  const theirs = numbersOf(files["dense1.weight.npy"]);
  assert.equal(theirs.length, 2 * 16);
  for (let i = 0; i < 2; i++) {
    for (let o = 0; o < 16; o++) assert.equal(theirs[2 * o + i], ours[16 * i + o]);
  }
});

test("a checkpoint alone gives the same files", async () => {
  const trainer = await create();
  const checkpoint = await trainer.save();
  assert.deepEqual(await exportNet(checkpoint, "npz"), await trainer.export("npz"));
});

test("a net that was made by hand is exported from its text and its tensors", async () => {
  const lg = await load();
  const text = "conv 2 3x3, batchnorm, relu, dense classes";
  const net = lg.net(text, { inputs: [1, 6, 6], outputs: 3, seed: 5 });
  const weights = { ...net.namedTensors(), ...net.namedBuffers() };
  const described = { net: text, inputs: [1, 6, 6], weights, classNames: ["a", "b", "c"] };
  const files = unzip((await exportNet(described, "npz"))["net.npz"]);
  assert.deepEqual(
    numbersOf(files["conv1.weight.npy"]),
    Float32Array.from(net.namedTensors()["conv1.weight"].data),
  );
  const { "conv1.weight": missing, ...rest } = weights;
  assert.ok(missing);
  await refusesLater(
    () => exportNet({ ...described, weights: rest }, "npz"),
    "CorruptData",
    "checkpoint: no tensor 'net.conv1.weight', expected one for each of the net's",
  );
  await refusesLater(
    () => exportNet({ ...described, inputs: "x" }, "npz"),
    "InvalidArgument",
    "export: inputs 'x', expected a whole number",
  );
});

test("a net larger than the module's first memory comes out whole", async () => {
  const trainer = await create({ net: "dense 3000, relu, dense 300, relu, dense classes" });
  const { "net.npz": archive } = await trainer.export("npz");
  assert.ok(archive.length > 4 * 300 * 3000);
  const again = await exportNet(await trainer.save(), "npz");
  assert.deepEqual(again["net.npz"], archive);
});

test("what is exported comes back with the same answers, and a training begins with it", async () => {
  const trainer = await create({
    net: "dense 8, gelu, batchnorm, dense 6, sigmoid, dense classes",
  });
  await trainer.train({ epochs: 1 });
  const samples = Float32Array.from({ length: 40 }, (_, i) => Math.sin(i));
  const expected = await trainer.predict(samples, 20);
  const { settings } = trainer.info;
  for (const [format, options] of [
    ["onnx", {}],
    ["npz", { net: settings.net, inputs: 2 }],
    ["safetensors", { net: settings.net, inputs: [2] }],
  ]) {
    const [bytes] = Object.values(await trainer.export(format));
    const { net, file, weights } = await importNet(bytes, options);
    const answering = await Net.load(file);
    const { probabilities } = answering.predict(samples);
    for (const [i, probability] of probabilities.entries())
      assert.ok(Math.abs(probability - expected[i]) < 1e-5, `${format}: ${probability}`);
    answering.dispose();
    const again = await create({ net, weights });
    const answers = await again.predict(samples, 20);
    for (const [i, answer] of answers.entries())
      assert.ok(Math.abs(answer - expected[i]) < 1e-5, `${format}: ${answer}`);
  }
  const [npz] = Object.values(await trainer.export("npz"));
  await refusesLater(
    () => importNet(npz, { name: "a.npz", net: "dense 8, relu, dense 2", inputs: 2 }),
    "ShapeMismatch",
    /a\.npz/,
  );
  await refusesLater(() => importNet(npz, { name: "a.npz" }), "InvalidArgument", /a\.npz/);
});

test("a file becomes a net of the engine, which goes on learning", async () => {
  const described = {
    net: "conv 2 3x3, batchnorm, relu, dense classes",
    inputs: [1, 6, 6],
    mean: 0.25,
    deviation: 0.5,
    classNames: ["a", "b"],
  };
  const lg = await load();
  const made = lg.net(described.net, { inputs: [1, 6, 6], outputs: 2, seed: 3 });
  const weights = { ...made.namedTensors(), ...made.namedBuffers() };
  const [file] = Object.values(await exportNet({ ...described, weights }, "onnx"));
  const { net, about } = await loadNet(lg, file);
  assert.deepEqual([about.inputs, about.outputs], [[1, 6, 6], 2]);
  assert.deepEqual(about.normalization, { mean: 0.25, deviation: 0.5 });
  assert.deepEqual(about.classNames, ["a", "b"]);
  const pixels = Float32Array.from({ length: 3 * 36 }, (_, i) => Math.sin(i) ** 2);
  const x = lg.tensor(pixels, [3, 1, 6, 6]).sub(0.25).div(0.5);
  made.setTraining(false);
  assert.deepEqual(net.forward(x).data, made.forward(x).data);
  const answering = await Net.load(about.file);
  const { probabilities } = answering.predict(pixels);
  for (const [i, value] of net.forward(x).softmax().data.entries())
    assert.ok(Math.abs(value - probabilities[i]) < 1e-5);
  const normalization = { mean: 0.1, deviation: 0.3 };
  const other = await loadNet(lg, file, { normalization });
  assert.deepEqual(other.about.normalization, normalization);
  const otherwise = other.net.forward(lg.tensor(pixels, [3, 1, 6, 6]).sub(0.1).div(0.3)).data;
  for (const [i, value] of net.forward(x).data.entries())
    assert.ok(Math.abs(value - otherwise[i]) < 1e-5, `${value}, ${otherwise[i]}`);
  await refusesLater(
    () => importNet(file, { normalization: { mean: [0, 0], deviation: [1, 1] } }),
    "InvalidArgument",
    /^import: normalization .*, expected as many deviations above 0 as means, one or three$/,
  );
  net.setTraining(true);
  const optimizer = new lg.SGD(net.namedTensors(), { learningRate: 0.1 });
  const losses = Array.from({ length: 20 }, () => {
    const loss = new lg.SoftmaxCrossEntropy().forward(net.forward(x), [0, 1, 0]);
    loss.backward();
    optimizer.step();
    optimizer.zeroGrad();
    return loss.item();
  });
  assert.ok(losses.at(-1) < losses[0] / 2, `${losses}`);
});

test("what cannot be exported is refused in one sentence", async () => {
  const trainer = await create();
  await refusesLater(
    () => trainer.export("onyx"),
    "NotFound",
    /^export: no format is called 'onyx', known are .*npz/,
  );
  await refusesLater(
    () => trainer.export(7),
    "InvalidArgument",
    "export: format 7, expected a name",
  );
  await refusesLater(
    () => trainer.export("npz", { softmax: 1 }),
    "InvalidArgument",
    "export: softmax 1, expected true or false",
  );
  const checkpoint = await trainer.save();
  for (const size of [0, 7, 100, checkpoint.length - 1]) {
    await refusesLater(
      () => exportNet(checkpoint.subarray(0, size), "npz"),
      "CorruptData",
      /^safetensors: /,
    );
  }
  await refusesLater(
    () => exportNet([1, 2], "npz"),
    "InvalidArgument",
    "export: checkpoint an array, expected a Uint8Array",
  );
});

test("an archive holds the files as they are", async () => {
  const files = { "a.txt": Uint8Array.of(1, 2, 3), "b/ä.bin": new Uint8Array(1000).fill(7) };
  assert.deepEqual(unzip(await zip(files)), files);
  assert.deepEqual(unzip(await zip({})), {});
});
