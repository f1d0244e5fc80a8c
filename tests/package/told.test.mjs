// What a page is told of a training fits what it has of it: a checkpoint, or the result of a step.
import assert from "node:assert/strict";
import { test } from "node:test";
import { create, pauseFor, watch } from "./training.mjs";

/** The steps done, as the file says them. */
function stepsIn(file) {
  const bytes = Buffer.from(file);
  const begin = 8 + Number(bytes.readBigUInt64LE());
  const [from] = JSON.parse(bytes.subarray(8, begin)).step.data_offsets;
  return Number(bytes.readBigInt64LE(begin + from));
}

test("all steps of a checkpoint are told before it is there, and none after them", async () => {
  const trainer = await create();
  const { messages, done } = watch(trainer);
  for (let i = 0; i < 30; i++) {
    await pauseFor(i);
    const steps = stepsIn(await trainer.save());
    const told = messages.findLast((message) => message.steps.length > 0);
    assert.equal(told?.steps.at(-1) ?? 0, steps);
    const ended = messages.flatMap(({ epochsDone = [] }) => epochsDone);
    assert.equal(ended.length, Math.floor(steps / trainer.info.batchesPerEpoch));
  }
  await trainer.stop();
  await done;
});

test("a single step is told once: by the messages of a paused training, else by its result", async () => {
  const trainer = await create();
  const single = await trainer.step();
  const { messages, done, reached } = watch(trainer);
  await reached(2);
  await trainer.pause();
  for (let i = 0; i < 2 * trainer.info.batchesPerEpoch; i++) {
    const { step, epochDone } = await trainer.step();
    assert.equal(messages.at(-1).steps.at(-1), step, "told before the result");
    if (epochDone) assert.deepEqual(messages.at(-1).epochDone, epochDone);
  }
  await trainer.resume();
  await trainer.stop();
  await done;
  const ended = messages.flatMap(({ epochsDone = [] }) => epochsDone.map(({ epoch }) => epoch));
  assert.equal(new Set(ended).size, ended.length);
  const steps = messages.flatMap((message) => message.steps);
  assert.equal(new Set(steps).size, steps.length);
  assert.ok(!steps.includes(single.step), "its own result has told of it");
});
