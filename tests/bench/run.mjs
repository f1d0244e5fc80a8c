// npm run bench: times lanegrad and its peers in one headless browser, and with --native outside of it, in
// short slices between those of the peak loop. README.md says how each one is run and how to read it.
import { writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { quantile, rates, summarize } from "../../web/bench/timing/slices.mjs";
import { against, buildOf } from "./against.mjs";
import { openBrowser } from "./browser.mjs";
import { openNative } from "./native.mjs";
import { race } from "./race.mjs";
import { sizesOf, unpackPackage, variantsOf } from "./package.mjs";
import * as report from "./report.mjs";
import { againstGroups, browserGroups, tenOutputNet } from "./work.mjs";

const help = `npm run bench [-- OPTION …]
  --quick        ours and the peak only, few slices: under a minute
  --native       also the engine outside the browser, numpy and PyTorch where they are installed
  --race         instead whole trainings by recipe, to an accuracy: here, natively, and by PyTorch
  --against REF  instead the same work through the package of another commit, in turn: ratios
  --nets LIST    of the race: "fast,mlp" unless told otherwise
  --seeds N      of the race: 5 unless told otherwise
  --threads N    of the race, in the browser and PyTorch: 1 unless told otherwise
  --only REGEX   only work, or who does it, that matches: "training 784-128.*lanegrad"
  --rounds N     slices of each (15; with --quick 5)
  --json FILE    writes the figures there too`;

function options() {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      native: { type: "boolean", default: false },
      race: { type: "boolean", default: false },
      against: { type: "string" },
      nets: { type: "string", default: "fast,mlp" },
      seeds: { type: "string", default: "5" },
      threads: { type: "string", default: "1" },
      only: { type: "string", default: "" },
      rounds: { type: "string" },
      json: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const rounds = Number(values.rounds ?? (values.quick ? 5 : 15));
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new Error(`rounds: "${values.rounds}" is not a whole number from 1`);
  }
  const [seeds, threads] = [Number(values.seeds), Number(values.threads)];
  for (const [name, value] of Object.entries({ seeds, threads })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new Error(`${name}: "${values[name]}" is not a whole number from 1`);
    }
  }
  const nets = values.nets.split(",").map((net) => net.trim());
  return { ...values, only: new RegExp(values.only), rounds, nets, seeds, threads };
}

const quickWork =
  /product (256³|512³|\[64,784]×\[784,128]|\[128,512]×\[512,512])$|training 784-(128|512-512)-10, batch (64|128)$/;

function chosen(groups, { only, quick }) {
  return groups
    .filter(({ work }) => !quick || quickWork.test(work))
    .map((group) => ({
      ...group,
      subjects: Number.isNaN(group.flops)
        ? group.subjects.filter(() => only.test(group.work))
        : group.subjects.filter(({ id }) => only.test(`${group.work} ${id}`)),
    }))
    .filter(({ subjects }) => subjects.length > 0);
}

const slices = ({ rounds }) => ({ rounds, slice: 100, peakSlice: 40, rest: 5 });

async function runGroups(groups, run, settings, result) {
  for (const group of groups) {
    process.stderr.write(`… ${group.work}\n`);
    const { samples, failures } = await run(group.subjects, slices(settings));
    for (const [id, message] of Object.entries(failures)) {
      result.failures.push(`${group.work}, ${id}: ${message.split("\n")[0]}`);
    }
    for (const { id, peak } of group.subjects) {
      const all = result.peakSamples.get(peak) ?? [];
      result.peakSamples.set(peak, all.concat(samples[id] ?? []));
    }
    if (Number.isNaN(group.flops)) {
      result.tenOutputs = tenOutputShares(group, samples);
      continue;
    }
    const rows = report.rowsOf(group, samples);
    if (rows.length === 0) continue;
    result.rows.push(...rows);
    console.log(`${report.rowTable(rows)}\n`);
  }
}

function tenOutputShares({ subjects }, samples) {
  const variants = [...new Set(subjects.map(({ variant }) => variant))];
  return variants
    .filter((variant) => samples[`${variant} step`])
    .map((variant) => {
      const products = subjects.filter(
        ({ id, kind }) =>
          kind === "product" && id.startsWith(`${variant} `) && !id.endsWith("call"),
      );
      return {
        variant,
        share: report.tenOutputShare({
          samples,
          products: products.map(({ id }) => id),
          call: `${variant} call`,
          step: `${variant} step`,
          batchSize: tenOutputNet.batchSize,
        }),
        microsecondsPerCall: 1e6 / rates(samples[`${variant} call`]).median,
      };
    });
}

async function firstSteps(browser, settings) {
  if (!settings.only.test("first step")) return undefined;
  process.stderr.write("… first step\n");
  const times = [];
  for (let i = 0; i < (settings.quick ? 5 : 20); i++) {
    times.push(await browser.firstStep({ variant: "simd", inputs: 784, batchSize: 64 }));
  }
  const summary = summarize(times);
  console.log(
    `from Trainer.create to the first finished step, fresh browser context, simd: ${summary.median.toFixed(0)} ms (${summary.low.toFixed(0)}–${summary.high.toFixed(0)}, best ${quantile(times, 0).toFixed(0)}; ${times.length} times)\n`,
  );
  return summary;
}

function printSizes({ sizes, builds }) {
  const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
  for (const name of ["index.js", "api.js", "worker.js", "inline.js"]) {
    console.log(`brotli, ${name}: ${kilobytes(sizes[name])}`);
  }
  for (const { variant, wasm } of builds) {
    console.log(`brotli, ${variant}: wasm ${kilobytes(wasm)}`);
  }
  console.log("");
}

async function main() {
  const settings = options();
  if (settings.help) return console.log(help);
  const cores = availableParallelism();
  const packageFolder = unpackPackage();
  const variants = variantsOf(packageFolder);
  const before = settings.against && buildOf(settings.against);
  const browser = await openBrowser(packageFolder, before?.folder);
  const machine = {
    processor: cpus()[0]?.model ?? "unknown",
    cores,
    browser: browser.version,
    load: loadavg()[0],
    date: new Date().toISOString(),
  };
  console.log(`${machine.processor}, ${cores} cores, Chromium ${machine.browser}`);
  const save = (results) => {
    if (settings.json) writeFileSync(settings.json, `${JSON.stringify(results, null, 2)}\n`);
  };
  if (settings.race || before) {
    const variant = settings.threads > 1 ? "relaxed-threads" : "relaxed";
    try {
      const results = before
        ? await against(browser, chosen(againstGroups({ variants, cores }), settings), {
            commit: before.commit,
            slices: slices(settings),
          })
        : await race(browser, { ...settings, variant });
      save({ machine, results });
    } finally {
      await browser.close();
    }
    return;
  }
  console.log(`medians, in brackets the quartiles, of ${settings.rounds} slices each\n`);
  const begin = performance.now();
  const result = { rows: [], failures: [], peakSamples: new Map(), tenOutputs: [] };
  const more = {};
  try {
    const groups = browserGroups({ variants, cores, peers: !settings.quick });
    await runGroups(chosen(groups, settings), browser.run, settings, result);
    more.firstStepMilliseconds = await firstSteps(browser, settings);
  } finally {
    await browser.close();
  }
  const ratioRows = report.ratiosOf(result.rows);
  const scalingRows = report.scalingsOf(result.rows);
  if (settings.native) {
    const native = await openNative();
    const inBrowser = result.rows.length;
    try {
      await runGroups(chosen(native.groups, settings), native.run, settings, result);
      ratioRows.push(...report.ratiosOf(result.rows.slice(inBrowser)));
    } finally {
      native.close();
    }
  }

  const peaks = report.peaksOf(result.peakSamples);
  console.log(`${report.peakTable(peaks)}\n`);
  if (ratioRows.length > 0) console.log(`${report.ratioTable(ratioRows)}\n`);
  if (scalingRows.length > 0) console.log(`${report.scalingTable(scalingRows)}\n`);
  for (const { variant, share, microsecondsPerCall } of result.tenOutputs) {
    console.log(
      `ten-output products, part of a step of ${tenOutputNet.id}, ${variant}: ${(100 * share).toFixed(1)} % (a call's own ${microsecondsPerCall.toFixed(2)} µs taken off)\n`,
    );
  }
  more.brotli = sizesOf(packageFolder);
  if (settings.only.test("sizes")) printSizes(more.brotli);
  for (const failure of result.failures) console.log(`could not run: ${failure}`);
  console.log(`took ${((performance.now() - begin) / 1000).toFixed(0)} s`);
  const { rows, tenOutputs, failures } = result;
  more.tenOutputs = tenOutputs;
  save(
    report.toJson({ machine, peaks, rows, ratioRows, scalingRows, more: { ...more, failures } }),
  );
}

main().catch((error) => {
  console.error(`bench: ${error.message}`);
  process.exitCode = 1;
});
