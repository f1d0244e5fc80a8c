// For the tests of the page's own run, without a page around it, on small pictures.
import assert from "node:assert/strict";
import { after } from "node:test";
import { runnerImport } from "vite";
import { makeSet } from "./lines.mjs";
import { root } from "./support.mjs";

// The page's messages to itself would keep Node from ending.
const channels = [];
globalThis.MessageChannel = class extends MessageChannel {
  constructor() {
    super();
    channels.push(this);
  }
};
const runs = [];
after(() => {
  for (const { port1 } of channels) port1.close();
  for (const { net } of runs) net.trainer?.dispose();
});

export const load = async (path) =>
  (await runnerImport(`${root}web/labs/digits/${path}`, { configFile: false, logLevel: "error" }))
    .module;
const { DigitsRun } = await load("run/digits_run.ts");
const { defaults } = await load("settings/digits_settings.ts");
const { setsOf: setsOfPictures } = await load("own_data/sets.ts");
export const { recordIn, textIn, toFile } = await load("storage/run_file.ts");
export const { knownRecord } = await load("storage/stored_runs.ts");

const part = ({ images, labels }) => ({
  count: labels.length - 8,
  images: new Uint8Array(images),
  labels: new Uint8Array(labels),
});
// So many pictures to learn from, and others to test with.
export const setsOf = (count) =>
  setsOfPictures({
    classNames: ["0", "1", "2", "3"],
    train: part(makeSet(count, 1)),
    test: part(makeSet(200, 2)),
  });
const sets = await setsOf(600);

export async function makeRun(settings = {}) {
  const small = { net: "dense 8, relu, dense classes", batch: 20, epochs: 4, lr: 0.01 };
  const run = new DigitsRun({ ...structuredClone(defaults), ...small, ...settings }, []);
  runs.push(run);
  run.failures = [];
  run.on("failure", (error) => run.failures.push(error));
  run.on("unfit", ({ error }) => run.failures.push(error));
  await run.use(sets);
  return run;
}

// Until the run is in one of these states.
export const at = (run, ...statuses) =>
  new Promise((reached) => {
    const look = () => statuses.includes(run.status) && reached();
    run.on("status", look);
    look();
  });

// How a run is kept by the browser, and by a file.
export const ways = {
  browser: ({ checkpoint, record }) => {
    const kept = structuredClone({ checkpoint, record });
    return { checkpoint: kept.checkpoint, record: knownRecord(kept.record, "run") };
  },
  file: (saved) => {
    const bytes = new Uint8Array(Buffer.concat(toFile(saved)));
    return { checkpoint: bytes, record: recordIn(bytes) };
  },
};

export const running = ({ status }) => status === "training" || status === "paused";
// What the page shows of a run, from which its readouts, curves, tables, form and address follow.
function shown(run) {
  const { history, trainedWith, rate, status } = run;
  const { step, epoch, epochs, trainLoss, accuracyNow, judge, restored, tested, samples } = history;
  return structuredClone({
    ...{
      step,
      epoch,
      epochs,
      trainLoss,
      accuracyNow,
      judge,
      restored,
      tested,
      samples,
      trainedWith,
    },
    curves: [history.loss.points(), history.accuracy.points()],
    rates: run.record().rates,
    rate,
    status: ["idle", "finished"].includes(status) ? status : "stopped",
    // What the button of a start says.
    continues: run.continues,
  });
}

// Takes the run to the other page in one of these ways, where it is as it was.
export async function cameBack(run, other, way) {
  const saved = await run.snapshot();
  const [before, { status }] = [shown(run), run];
  // While it runs there is no start; while it stands still, a rate that is asked for is not its own yet.
  const open = running(run) ? "continues" : "rate";
  await other.restore(ways[way](saved));
  const after = shown(other);
  before[open] = after[open];
  assert.deepEqual(after, before, `${way}, ${status} at step ${before.step}`);
  assert.deepEqual([run.failures, other.failures], [[], []]);
}
