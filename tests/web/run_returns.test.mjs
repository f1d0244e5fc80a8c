// A run comes back as it was, whatever was done before and whenever it is saved: from what the browser keeps and
// from a file. It is the page's own run, on small pictures, without a page around it.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { setTimeout as pass } from "node:timers/promises";
import { random } from "./lines.mjs";
import { at, cameBack, makeRun, recordIn, running, textIn, toFile, ways } from "./runs.mjs";

// Until what was asked for is under way.
async function begun(run) {
  while (run.starting || run.status === "loading") await pass(1);
}

const numbers = (epochs) => epochs.map(({ seconds: _, ...each }) => each);

// What a visitor may do; some of it does nothing at some moments.
const actions = {
  start: (run) => run.start(),
  again: (run) => run.start(true),
  pause: (run) => run.status === "training" && run.pauseOrResume(),
  resume: (run) => run.status === "paused" && run.pauseOrResume(),
  step: (run) => run.step(),
  stop: (run) => run.stop(),
  finish: async (run) =>
    running(run) && (run.status === "paused" ? run.stop() : at(run, "finished")),
  more(run) {
    if (running(run)) return;
    run.settings.epochs += 3;
    run.changed("epochs");
    run.start();
  },
  slower: (run, chance) => void run.changeRate(Number((0.001 + 0.02 * chance()).toPrecision(3))),
  patient(run) {
    if (running(run)) return;
    Object.assign(run.settings, { validation: 100, patience: 1, epochs: 30 });
    run.changed();
    run.start();
  },
  reset: (run) => run.reset(),
};

for (let seed = 1; seed <= 12; seed++) {
  test(`whatever is done, and whenever it is saved, a run comes back as it was (seed ${seed})`, async () => {
    const chance = random(seed * 7919);
    const one = (list) => list[Math.floor(chance() * list.length)];
    // Some hold nothing back, so that the test judges them.
    const validation = seed % 3 === 0 ? 0 : 100;
    const [run, other] = [await makeRun({ epochs: 40, seed, validation }), await makeRun()];
    const done = [];
    for (let i = 0; i < 25; i++) {
      const action = one(Object.keys(actions));
      done.push(action);
      await actions[action](run, chance);
      await pass(chance() * 20);
      await begun(run);
      await cameBack(run, other, one(Object.keys(ways))).catch((error) => {
        error.message = `after ${done.join(", ")}: ${error.message}`;
        throw error;
      });
    }
    // From here both learn the same.
    await run.stop();
    await cameBack(run, other, "file");
    const { epochs } = other.settings;
    for (const each of [run, other]) {
      each.settings.epochs = epochs + 2;
      await each.changeRate(0.005);
      each.start();
      await at(each, "training");
      await at(each, "finished");
    }
    assert.deepEqual(numbers(other.history.epochs), numbers(run.history.epochs));
  });
}

test("a run that got more epochs comes back with them", async () => {
  const [run, other] = [await makeRun({ epochs: 1 }), await makeRun()];
  run.start();
  await at(run, "finished");
  run.settings.epochs = 3;
  run.changed("epochs");
  assert.ok(run.continues);
  run.start();
  await at(run, "training");
  await at(run, "finished");
  for (const way of ["browser", "file"]) {
    await cameBack(run, other, way);
    assert.deepEqual(
      [other.settings.epochs, other.history.epoch, other.status],
      [3, 3, "finished"],
    );
    assert.deepEqual(other.history.loss.points().ended.validation.x, [1, 2, 3]);
  }
  assert.equal(other.history.step, 75);
});

test("a stopped run goes on, or begins again where that is wanted, also once it has come back", async () => {
  const whole = await makeRun({ epochs: 60 });
  whole.start();
  await at(whole, "finished");
  const [run, other] = [await makeRun({ epochs: 60 }), await makeRun()];
  run.start();
  await at(run, "training");
  await pass(20);
  await run.stop();
  assert.equal(run.status, "stopped");
  const { step } = run.history;
  assert.ok(step > 0 && step < 1500, `stopped at step ${step}`);
  await cameBack(run, other, "file");
  for (const each of [run, other]) {
    assert.ok(each.continues);
    each.start();
    await at(each, "training");
    await at(each, "finished");
    assert.deepEqual(numbers(each.history.epochs), numbers(whole.history.epochs));
  }
  await cameBack(run, other, "browser");
  other.settings.epochs = 61;
  other.changed("epochs");
  other.start(true);
  await at(other, "training");
  await at(other, "finished");
  assert.deepEqual(numbers(other.history.epochs).slice(0, 60), numbers(whole.history.epochs));
  assert.equal(other.history.epochs.length, 61);
});

test("an epoch whose steps are done when the run is stopped is in its table", async () => {
  const [run, other] = [await makeRun({ epochs: 400 }), await makeRun()];
  for (let i = 0; i < 12; i++) {
    run.start();
    await at(run, "training");
    await pass(3 * i);
    await run.stop();
    const { step, epochs } = run.history;
    assert.equal(epochs.length, Math.floor(step / 25), `after ${step} steps`);
    await cameBack(run, other, "browser");
  }
});

test("a step of a paused run is in its curves once", async () => {
  const run = await makeRun({ epochs: 400 });
  run.start();
  await at(run, "training");
  run.pauseOrResume();
  await at(run, "paused");
  await run.snapshot();
  const from = run.history.step;
  const heard = [];
  run.on("progress", ({ steps }) => heard.push(...steps));
  run.step();
  run.step();
  await run.snapshot();
  run.pauseOrResume();
  await at(run, "training");
  await pass(20);
  await run.stop();
  assert.deepEqual(heard.slice(0, 2), [from + 1, from + 2]);
  assert.equal(new Set(heard).size, heard.length, "each step is told once");
});

test("a file holds the weights as the engine wrote them, aligned, and a record that is checked", async () => {
  const run = await makeRun({ epochs: 1 });
  run.start();
  await at(run, "finished");
  const saved = await run.snapshot();
  const bytes = Buffer.concat(toFile(saved));
  const start = (file) => 8 + Number(Buffer.from(file).readBigUInt64LE());
  assert.equal(start(bytes) % 64, 0);
  assert.ok(
    bytes.subarray(start(bytes)).equals(saved.checkpoint.subarray(start(saved.checkpoint))),
  );
  assert.equal(textIn(bytes, "net-text"), textIn(saved.checkpoint, "net-text"));
  assert.equal(textIn(Buffer.from("no file of ours"), "record"), undefined);
  for (const [change, sentence] of [
    [(record) => delete record.charts, /record\.charts is no list/],
    [(record) => (record.progress.status = "asleep"), /progress\.status is no status of a run/],
    [(record) => (record.epochs[0].testLoss = "low"), /record\.epochs\[0\]\.testLoss is no number/],
    [(record) => (record.more = 1), /record has “more”, which is not known/],
  ]) {
    const record = structuredClone(saved.record);
    change(record);
    const broken = new Uint8Array(Buffer.concat(toFile({ ...saved, record })));
    assert.throws(() => recordIn(broken), sentence);
  }
});
