// Nets of random layers answer in PyTorch as they do here.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Trainer } from "../../dist/index.js";
import { idx } from "../package/support.mjs";

const python = "/usr/bin/python3";
const hasTorch = spawnSync(python, ["-c", "import torch"]).status === 0;
const train = fileURLToPath(new URL("../../build/release/train", import.meta.url));
const nets = 200;
const count = 40;
const side = 9;

let state = 1;
const below = (end) => (state = (state * 48271) % 0x7fffffff) % end;
const one = (...choices) => choices[below(choices.length)];

/** The text of a net for images of 9 x 9. */
function randomNet() {
  const layers = [];
  let size = side;
  const after = (window, stride, pad) => Math.floor((size + 2 * pad - window) / stride) + 1;
  for (let i = below(5); i > 0; i--) {
    const window = 1 + below(Math.min(4, size));
    const stride = 1 + below(2);
    if (below(2) === 0) {
      const pad = below(3);
      const bias = one("", " bias", " no bias");
      layers.push(`conv ${1 + below(5)} ${window} stride ${stride} pad ${pad}${bias}`);
      size = after(window, stride, pad);
    } else {
      layers.push(`${one("pool", "avgpool")} ${window} stride ${stride}`);
      size = after(window, stride, 0);
    }
    if (below(2) === 0) layers.push(randomFunction());
  }
  if (below(3) === 0) layers.push("globalpool");
  for (let i = below(3); i > 0; i--) {
    layers.push(`dense ${1 + below(9)}${one("", " bias", " no bias")}`, randomFunction());
  }
  return [...layers, `dense classes${one("", " no bias")}`].join(", ");
}

function randomFunction() {
  const plain = ["relu", "gelu", "silu", "softplus", "sigmoid", "tanh", "softmax", "batchnorm"];
  return one(...plain, "leakyrelu", "leakyrelu 0.3", "dropout 0.2");
}

const options = { skip: !hasTorch && `${python} has no torch (Debian: python3-torch)` };
test(`PyTorch gives our answers: ${nets} random nets`, options, async () => {
  const folder = mkdtempSync(join(tmpdir(), "lanegrad-random-"));
  try {
    const pixels = Uint8Array.from({ length: count * side * side }, () => below(256));
    const labels = Uint8Array.from({ length: count }, (_, i) => i % 10);
    const set = {
      kind: "idx",
      images: idx([count, side, side], pixels),
      labels: idx([count], labels),
    };
    const inputs = Float32Array.from(pixels, (byte) => byte / 255);
    writeFileSync(join(folder, "images"), set.images);
    const expected = [];
    const texts = [];
    for (let i = 0; i < nets; i++) {
      const net = randomNet();
      texts.push(net);
      const settings = { net, epochs: 1, normalize: i % 2 === 0, averaging: i % 3 === 0 ? 0.5 : 0 };
      const trainer = await Trainer.create({ data: { train: set }, batchSize: 20, ...settings });
      await trainer.train();
      const checkpoint = join(folder, "run");
      writeFileSync(checkpoint, await trainer.save());
      expected.push(...(await trainer.predict(inputs, count)));
      trainer.dispose();
      execFileSync(train, ["--resume", checkpoint, "--export", join(folder, `n${i}.safetensors`)]);
    }
    writeFileSync(join(folder, "expected"), new Uint8Array(Float32Array.from(expected).buffer));
    const lines = `
import importlib, numpy as np
expected = np.fromfile("expected", np.float32).reshape(${nets}, ${count}, 10)
for i in range(${nets}):
    net = importlib.import_module(f"n{i}")
    print(abs(net.probabilities(net.read("images")) - expected[i]).max())`;
    const out = execFileSync(python, ["-c", lines], { cwd: folder, encoding: "utf8" });
    const worst = out.trim().split("\n").map(Number);
    assert.equal(worst.length, nets);
    worst.forEach((most, i) => assert.ok(most < 1e-5, `${texts[i]}: they differ by ${most}`));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
