// onnxruntime-web, with threads of its own, beside lanegrad's in one page and in one process: both work at the same time, and
// each finds its own way about what the other leaves behind.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { isolate, launch, serve } from "../package/browser.mjs";
import { bestVariant, dist } from "../package/support.mjs";

const folder = mkdtempSync(join(tmpdir(), "lanegrad-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const runtime = fileURLToPath(new URL("./node_modules/onnxruntime-web/dist/", import.meta.url));

/**
 * Trains a net, answers with its ONNX file in a session of two threads, and trains on while the session answers. Then a
 * trainer starts that has known the session from its beginning. Gives what came of it.
 */
const both = `async ({ load, Trainer }, ort, exportNet) => {
  const count = 256;
  const inputs = Float32Array.from({ length: count * 64 }, (_, i) => Math.sin(i * i));
  const labels = Array.from({ length: count }, (_, i) => i % 10);
  const data = { train: { kind: "labels", inputs, shape: [count, 64], labels, classes: 10 } };
  const options = { data, net: "dense 256, relu, dense classes", threads: 2, seed: 2 };
  const trainer = await Trainer.create(options);
  await trainer.train({ epochs: 3 });
  const answers = await trainer.predict(inputs, count);
  const [[name, file]] = Object.entries(await exportNet(await trainer.save(), "onnx", { softmax: true }));
  ort.env.wasm.numThreads = 2;
  const session = await ort.InferenceSession.create(file, { executionProviders: ["wasm"], logSeverityLevel: 3 });
  const worst = async () => {
    const feeds = { [session.inputNames[0]]: new ort.Tensor("float32", inputs, [count, 64]) };
    const { data } = (await session.run(feeds))[session.outputNames[0]];
    return data.reduce((most, value, i) => Math.max(most, Math.abs(value - answers[i])), 0);
  };
  const apart = [await worst()];
  const training = trainer.train({ epochs: 60 });
  for (let i = 0; i < 5; i++) apart.push(await worst());
  const { state } = await training;
  const late = await Trainer.create(options);
  await late.train({ epochs: 60 });
  const bits = async (one) => JSON.stringify(Object.values(await one.weights()).map((values) => [...values]));
  const lg = await load();
  const said = {
    apart: Math.max(...apart),
    state,
    variants: [trainer, late].map(({ info: { variant, threads, note } }) => [variant, threads, note ?? ""]),
    same: (await bits(late)) === (await bits(trainer)),
    sum: lg.tensor([1, 2]).sum().item(),
    name,
  };
  trainer.dispose();
  late.dispose();
  await session.release();
  return said;
}`;

function isRight({ apart, state, variants, same, sum, name }, variant) {
  assert.ok(apart < 1e-5, `${apart} apart`);
  assert.deepEqual(variants, Array(2).fill([variant, 2, ""]));
  assert.deepEqual([state, same, sum], ["finished", true, 3]);
  assert.match(name, /\.onnx$/);
}

for (const script of ["index.js", "inline.js"]) {
  test(`in one process, ${script}`, () => {
    writeFileSync(
      join(folder, "node.mjs"),
      `import * as lanegrad from ${JSON.stringify(pathToFileURL(join(dist, script)).href)};
       import { exportNet } from ${JSON.stringify(pathToFileURL(join(dist, "formats.js")).href)};
       import ort from ${JSON.stringify(pathToFileURL(join(runtime, "ort.node.min.mjs")).href)};
       const before = typeof Worker;
       const said = await (${both})(lanegrad, ort, exportNet);
       console.log(JSON.stringify({ ...said, workers: [before, typeof Worker] }));`,
    );
    const output = execFileSync("node", [join(folder, "node.mjs")], { encoding: "utf8" });
    const said = JSON.parse(output.trim().split("\n").at(-1));
    isRight(said, `${bestVariant}-threads`);
    // It leaves Node's Worker behind, as if this were a page.
    assert.deepEqual(said.workers, ["undefined", "function"]);
  });
}

for (const script of ["index.js", "inline.js"]) {
  test(`in one page, ${script}`, async () => {
    const site = await serve({ "/package/": dist, "/runtime/": runtime }, (path, answer) => {
      answer.headers = { "Content-Type": answer.headers["Content-Type"] };
      isolate(path, answer);
      if (path !== "/index.html") return;
      const body = `<!doctype html><link rel="icon" href="data:," /><script type="module">
        import * as lanegrad from "/package/${script}";
        import { exportNet } from "/package/formats.js";
        import * as ort from "/runtime/ort.wasm.min.mjs";
        window.result = await (${both})(lanegrad, ort, exportNet).catch(String);
      </script>`;
      Object.assign(answer, { status: 200, body });
    });
    const browser = await launch();
    try {
      const tab = await browser.newPage();
      const complaints = [];
      tab.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
      tab.on("pageerror", ({ message }) => complaints.push(message));
      await tab.goto(`${site.url}/index.html`);
      await tab.waitForFunction(() => window.result !== undefined, undefined, { timeout: 120_000 });
      const said = await tab.evaluate(() => window.result);
      assert.equal(typeof said, "object", said);
      isRight(said, "relaxed-threads");
      assert.deepEqual(complaints, []);
      // Its threads are there: their script was asked for.
      const asked = site.requests.filter((path) => path.startsWith("/runtime/ort-wasm"));
      assert.ok(asked.length >= 2, `${asked}`);
    } finally {
      await browser.close();
      site.close();
    }
  });
}
