// The page's sentences follow the run through its states: before it learns, while it does, stopped, come back, and with
// another net chosen. It is the page's own run, on small pictures, without a page around it.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { setTimeout as pass } from "node:timers/promises";
import { at, load, makeRun, setsOf, ways } from "./runs.mjs";

const { mount } = await load("wording.ts");
const words = await load("sentences.ts");
const random =
  "The pattern is random: nothing has been learned yet. Press Start and watch it change.";
const other = "dense 5, relu, dense classes";
const waits =
  "What you see is of the run so far, with the net before; the net in the form takes its place with the next start.";

// A run, and what stands at the places of its sentences.
async function visit(settings) {
  const run = await makeRun(settings);
  const places = ["pattern", "inHand", "loss", "choose"].map((says) => ({
    ...{ dataset: { says }, textContent: "" },
  }));
  const place = { querySelectorAll: (which) => (which === "[data-says]" ? places : []) };
  mount(place, run, async () => words);
  run.emit("settings", undefined);
  // They are loaded when they are needed, as they are by these pictures.
  while (places.at(-1).textContent === "") await pass(1);
  const says = () => places.slice(0, 2).map(({ textContent }) => textContent);
  return { run, says, all: () => places.map(({ textContent }) => textContent) };
}

test("in each state of a run its sentences are true, and those of a run that comes back, too", async () => {
  const smoothed = { epochs: 4000, labelSmoothing: 0.1, validation: 100 };
  const { run, says, all } = await visit(smoothed);
  assert.deepEqual(says(), [random, ""]);
  const states = {
    async paused() {
      run.start();
      while (run.history.step === 0) await pass(1);
      run.pauseOrResume();
    },
    stopped: () => run.stop(),
    training: () => run.start(),
    async finished() {
      await run.stop();
      run.settings.epochs = run.history.epoch + 1;
      run.changed("epochs");
      run.start();
    },
  };
  for (const [status, lead] of Object.entries(states)) {
    await lead();
    await at(run, status);
    assert.deepEqual(says(), ["", ""], status);
    const saved = await run.snapshot();
    for (const way of Object.keys(ways)) {
      const later = await visit();
      await later.run.restore(ways[way](saved));
      assert.deepEqual(later.all(), all(), `${status}, from ${way}`);
      assert.match(all()[2], /^The dotted line is validation: 100 pictures .* training all along/);
      assert.match(all()[3], /^Choose by the 100 pictures that are held back/);
      // What has come back has learned, so another net waits for a start.
      later.run.choose(other, false);
      assert.deepEqual(later.says(), ["", waits]);
      later.run.start();
      await later.run.stop();
      assert.equal(later.run.trainedWith.settings.net, other);
      assert.equal(later.says()[1], "");
      assert.deepEqual(later.run.failures, []);
    }
  }
  assert.deepEqual(run.failures, []);
});

test("another net is made at once where nothing has been learned, also in a run stopped before its first step", async () => {
  const first = await visit();
  const { checkpoint, record } = await first.run.snapshot();
  for (const [status, comes] of [
    ["idle", "idle"],
    ["training", "stopped"],
  ]) {
    const { run, says } = await visit();
    await run.restore({
      checkpoint,
      record: { ...record, progress: { ...record.progress, status } },
    });
    assert.equal(run.status, comes);
    assert.deepEqual(says(), [random, ""]);
    run.choose(other, false);
    // A command waits for those before it.
    await run.stop();
    assert.equal(run.trainedWith.settings.net, other);
    assert.deepEqual([run.status, ...says()], ["idle", random, ""]);
    // One that cannot be made leaves it, and that is said.
    run.choose("dense 3", false);
    await run.stop();
    assert.deepEqual(says(), [
      random,
      "What you see is still of the net before; the net in the form has not been made.",
    ]);
    assert.deepEqual(run.failures, []);
  }
});

test("a run that learned other pictures is not spoken of before it is back", async () => {
  const { run, says } = await visit({ epochs: 2 });
  run.start();
  await at(run, "finished");
  const saved = await run.snapshot();
  await run.use(await setsOf(300));
  assert.deepEqual(says(), [random, ""]);
  await assert.rejects(run.restore(saved), /of a training on 600 samples/);
  assert.deepEqual([run.status, ...says()], ["idle", random, ""]);
  await run.use(await setsOf(600));
  await run.restore(saved);
  assert.deepEqual([run.status, ...says()], ["finished", "", ""]);
  assert.deepEqual(run.failures, []);
});

test("what is held back is so at once where nothing has been learned, and then with the next start", async () => {
  const { run, all } = await visit();
  run.settings.validation = 0;
  run.changed("validation");
  await run.stop();
  assert.equal(run.history.judge, "test");
  assert.match(all()[2], /^The dashed line is the test: 200 pictures/);
  assert.match(all()[3], /it peeks\.$/);
  run.holdBack();
  await run.stop();
  assert.equal(run.history.judge, "validation");
  assert.match(all()[2], /^The dotted line is validation: 100 pictures/);
  run.step();
  await run.stop();
  const before = all();
  run.settings.validation = 0;
  run.changed("validation");
  await run.stop();
  assert.deepEqual(all(), before, "the numbers are still judged by what was held back");
  assert.deepEqual(run.failures, []);
});
