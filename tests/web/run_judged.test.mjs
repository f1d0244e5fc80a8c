// What a run is judged by, and whether its test was asked, comes back with it, and is what its title says; so do runs of
// the terminal and of earlier builds, of which less is known. It is the page's own run, without a page around it.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { at, cameBack, knownRecord, load, makeRun, recordIn } from "./runs.mjs";

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
    const share = `${(100 * run.history.accuracyNow).toFixed(2)}\u00a0%`;
    assert.equal(
      await title(run),
      `Your own net on your own pictures, 2 of 2 epochs, ${judge} accuracy ${share}`,
    );
  }
});
