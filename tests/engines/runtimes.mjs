// The package outside browsers, installed as a stranger would: what each runtime of a list makes of the same scripts.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { installPackage, root } from "../package/support.mjs";

const textOf = (path) => readFileSync(join(root, path), "utf8");
// The example of this page that has this text in it.
const example = (path, part) =>
  [...textOf(path).matchAll(/^```js\n(.*?)^```$/gms)]
    .map(([, code]) => code)
    .find((code) => code.includes(part));

const data = `
  const inputs = Float32Array.from({ length: 400 }, (_, i) => Math.sin(i * i));
  const labels = Array.from({ length: 200 }, (_, i) => Number(inputs[2 * i] > inputs[2 * i + 1]));
  const data = { train: { kind: "labels", inputs, shape: [200, 2], labels, classes: 2 } };
  const net = "dense 16, relu, dense classes";`;

const kept = `
  import { Trainer } from "lanegrad";
  import { Net } from "lanegrad/predict";
  ${data}
  const first = await Trainer.create({ data, net, seed: 2 });
  await first.train({ epochs: 3 });
  const checkpoint = await first.save();
  const second = await Trainer.create({ data, checkpoint });
  for (const trainer of [first, second]) await trainer.train({ epochs: 6 });
  const weights = async (trainer) =>
    JSON.stringify(Object.values(await trainer.weights()).map((values) => [...values]));
  console.log((await weights(first)) === (await weights(second)));
  const points = Float32Array.of(0.9, -0.9, -0.9, 0.9);
  const file = await Net.load(await second.save());
  const [there, here] = [await second.predict(points, 2), file.predict(points).probabilities];
  console.log(there.every((value, i) => value === here[i]), there[0] < 0.5, there[2] > 0.5);
  for (const trainer of [first, second]) trainer.dispose();`;

const stopped = `
  import { Trainer } from "lanegrad";
  ${data}
  const trainer = await Trainer.create({ data, net });
  const controller = new AbortController();
  const { signal } = controller;
  const onProgress = () => controller.abort();
  await trainer.train({ epochs: 1e6, signal, onProgress }).catch((error) => console.log(error.code));
  const training = trainer.train({ epochs: 1e6 });
  await trainer.pause();
  const { step } = await trainer.step();
  console.log((await trainer.step()).step - step);
  await trainer.stop();
  console.log((await training).state);
  trainer.dispose();`;

const refused = `
  import { load } from "lanegrad";
  await load({ variant: "simd-threads" }).catch(({ message }) => console.log(message));`;

const forgotten = `
  import { Trainer } from "lanegrad";
  ${data}
  const trainer = await Trainer.create({ data, net });
  console.log((await trainer.train({ epochs: 1 })).state);`;

/**
 * Defines the tests for runtimes { name, says, command, missing, endsAlone }: `says` is what errors call it, `missing` why it
 * is not here, and `endsAlone` whether a process ends while a trainer has not been disposed.
 */
export function testRuntimes(runtimes) {
  const { folder, remove } = installPackage();
  after(remove);
  for (const { name, says, command, missing, endsAlone } of runtimes) {
    if (missing) {
      test(`the package in ${name}`, { skip: missing }, () => {});
      continue;
    }
    const run = async (code) => {
      writeFileSync(join(folder, "script.mjs"), code);
      const [program, ...words] = command;
      const options = { cwd: folder, timeout: 90_000, killSignal: "SIGKILL" };
      const { stdout } = await promisify(execFile)(program, [...words, "script.mjs"], options);
      return stdout;
    };
    test(`${name} runs the examples of the README and of the package's page`, async () => {
      const code = example("docs/package.md", "await load()");
      assert.equal((await run(code)).replace(/\s+/g, " ").trim(), "Int32Array(4) [ 0, 1, 1, 0 ]");
      const output = await run(example("README.md", "Trainer.create"));
      const [outside0, inside0, outside1, inside1] = output
        .match(/Float32Array\(4\) \[([^\]]*)\]/)[1]
        .split(",")
        .map(Number);
      assert.ok(inside0 > 0.9 && outside1 > 0.9 && outside0 < 0.1 && inside1 < 0.1, output);
    });

    test(`${name} goes on with a saved training, and answers from its file, with the same bits`, async () => {
      assert.equal(await run(kept), "true\ntrue true true\n");
    });

    test(`${name} aborts, pauses, steps and stops`, async () => {
      assert.equal(await run(stopped), "Aborted\n1\nstopped\n");
    });

    test(`${name} is called by its name where it lacks something`, async () => {
      const sentence = `engine: the variant 'simd-threads' runs in a browser's workers only, and not in ${says}; 'simd' runs here\n`;
      assert.equal(await run(refused), sentence);
    });

    if (!endsAlone) continue;
    test(`${name} ends by itself, even if a trainer was forgotten`, async () => {
      assert.equal(await run(forgotten), "finished\n");
    });
  }
}
