// A run comes back as it was, whatever was done before and whenever it is saved: from what the browser keeps and
// from a file. It is the page's own run, on small pictures, without a page around it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pass } from "node:timers/promises";
import { random } from "./lines.mjs";
import { at, knownRecord, load, makeRun, recordIn, textIn, toFile, ways } from "./runs.mjs";

const running = ({ status }) => status === "training" || status === "paused";
// Until what was asked for is under way.
async function begun(run) {
  while (run.starting || run.status === "loading") await pass(1);
}

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

async function cameBack(run, other, way) {
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

test("files of the terminal and of earlier builds open, with what they say", async () => {
  const [run, other] = [await makeRun({ epochs: 2 }), await makeRun()];
  run.start();
  await at(run, "finished");
  const { checkpoint, record } = await run.snapshot();
  assert.deepEqual(recordIn(checkpoint), {}, "the engine writes no record");
  await other.restore({ checkpoint, record: {} });
  assert.deepEqual([other.status, other.history.step, other.settings.epochs], ["finished", 50, 2]);
  assert.equal(other.history.accuracyNow, run.history.accuracyNow);
  assert.deepEqual([other.history.epoch, other.history.epochs], [2, []]);
  // The last run as the builds before kept it.
  const { progress: _, ...older } = record;
  await other.restore({ checkpoint, record: knownRecord(older, "run") });
  assert.equal(other.status, "finished");
  assert.deepEqual(other.history.epochs, run.history.epochs);
  assert.deepEqual(other.history.loss.points(), run.history.loss.points());
});

test("whether the test was asked comes back, and a run is judged by what it was judged by", async () => {
  for (const [validation, judge] of [
    [100, "validation"],
    [0, "test"],
  ]) {
    const [run, other] = [await makeRun({ epochs: 2, validation }), await makeRun()];
    run.start();
    await at(run, "finished");
    const { history } = run;
    assert.equal(history.judge, judge);
    assert.equal(history.accuracyNow, history.epochs[1][`${judge}Accuracy`]);
    for (const way of ["browser", "file"]) {
      await cameBack(run, other, way);
      assert.equal(other.history.tested, undefined);
      const { ended } = other.history.accuracy.points();
      assert.equal(ended[judge].y.at(-1), history.accuracyNow);
      assert.deepEqual(ended[judge === "test" ? "validation" : "test"].x, []);
    }
    history.tested = {
      ...{ from: run.history.step, to: run.history.step, epoch: undefined },
      ...{ right: 190, samples: 200, loss: 0.2 },
    };
    for (const way of ["browser", "file"]) {
      await cameBack(run, other, way);
      assert.deepEqual(other.history.tested, history.tested);
    }
    // Another run has not asked it.
    other.start(true);
    await at(other, "training");
    assert.equal(other.history.tested, undefined);
    await other.stop();
  }
});

test("what an earlier build kept of a run, of which only the test was told, comes back", async () => {
  const [run, other] = [await makeRun({ epochs: 2, validation: 0 }), await makeRun()];
  run.start();
  await at(run, "finished");
  const { checkpoint, record } = await run.snapshot();
  const { progress: _, tested: __, ...older } = structuredClone(record);
  for (const { training } of older.charts)
    Object.assign(training, { mean: 0.5, weight: 1, lastStep: 60 });
  for (const each of older.epochs)
    Object.assign(each, { validationLoss: NaN, validationAccuracy: NaN });
  await other.restore({ checkpoint, record: knownRecord(older, "run") });
  assert.equal(other.history.judge, "test");
  assert.equal(other.history.accuracyNow, run.history.accuracyNow);
  assert.deepEqual(other.history.accuracy.points(), run.history.accuracy.points());
  assert.deepEqual([other.status, other.failures], ["finished", []]);
});

test("the title of a kept run says what it was judged by, and where that was not measured yet", async () => {
  const { LastRun } = await load("files/last_run.ts");
  const title = async (run) => {
    let kept;
    await new LastRun(run, { keepLast: (last) => void (kept = last) }, undefined).keep();
    return kept.title;
  };
  for (const [validation, judge, each] of [
    [100, "validation", 25],
    [0, "test", 30],
  ]) {
    const run = await makeRun({ epochs: 2, validation });
    run.step();
    await run.stop();
    assert.equal(run.history.step, 1);
    assert.equal(
      await title(run),
      `Your own net on your own pictures, 0 of 2 epochs and 1 step, no ${judge} accuracy yet`,
    );
    run.start();
    await at(run, "finished");
    assert.equal(run.history.step, 2 * each);
    const share = `${(100 * run.history.accuracyNow).toFixed(2)} %`;
    assert.equal(
      await title(run),
      `Your own net on your own pictures, 2 of 2 epochs, ${judge} accuracy ${share}`,
    );
  }
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
