// A training that is stopped, interrupted or disposed of ends with one LanegradError, and nothing hangs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { refusesLater } from "./support.mjs";
import { create, invalid } from "./creating.mjs";

test("a signal that is none is refused before anything starts", async () => {
  const trainer = await create();
  const listeners = { addEventListener() {}, removeEventListener() {} };
  for (const [signal, shown] of [
    [{ aborted: false }, "an object"],
    [{ aborted: "no", ...listeners }, "an object"],
    [new AbortController(), "an AbortController"],
    [listeners, "an object"],
    [null, "null"],
    [5, "5"],
    ["now", "'now'"],
    [true, "true"],
    [() => {}, "a function"],
    [new EventTarget(), "an EventTarget"],
    [[], "an empty array"],
  ]) {
    const message = `train: signal ${shown}, expected an AbortSignal`;
    await invalid(trainer.train({ epochs: 5, signal }), message);
  }
  await invalid(
    trainer.train(AbortSignal.timeout(1)),
    "train: an AbortSignal, expected an object with options",
  );
  let told = 0;
  const { step } = await trainer.train({ epochs: 1, onProgress: () => told++ });
  assert.equal(step, 8, "nothing was trained before");
  assert.ok(told > 0);
  // A signal of another window is no instance of this one's class.
  const { signal } = new AbortController();
  const foreign = {
    aborted: false,
    addEventListener: (...words) => signal.addEventListener(...words),
    removeEventListener: (...words) => signal.removeEventListener(...words),
  };
  assert.equal((await trainer.train({ epochs: 2, signal: foreign })).epochs, 2);
  const controller = new AbortController();
  const running = trainer.train({ epochs: 1e6, signal: controller.signal });
  setTimeout(() => controller.abort(), 30);
  await refusesLater(running, "Aborted", "train: it was aborted");
});

for (const [kind, fail] of [
  [
    "throws",
    (error) => {
      throw error;
    },
  ],
  [
    "rejects",
    async (error) => {
      throw error;
    },
  ],
]) {
  test(`where onProgress ${kind}, training stops and rejects with that`, async () => {
    const trainer = await create();
    const mine = new TypeError("mine");
    let told = 0;
    const running = trainer.train({
      epochs: 1e6,
      onProgress() {
        told++;
        return fail(mine);
      },
    });
    await assert.rejects(running, (error) => error === mine);
    assert.equal(told, 1, "it is not called again");
    const before = await trainer.weights();
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual(await trainer.weights(), before, "training has stopped");
    told = 0;
    const { step } = await trainer.step();
    await trainer.train({ epochs: Math.ceil((step + 1) / 8), onProgress: () => void told++ });
    assert.ok(told > 0, "and can go on");
    // It rejects also where the last message is the one that fails.
    await assert.rejects(
      trainer.train({ epochs: 0, onProgress: () => fail(mine) }),
      (error) => error === mine,
    );
  });
}

test("disposing while it trains rejects everything with one code", async () => {
  const trainer = await create();
  const controller = new AbortController();
  const running = [
    trainer.train({ epochs: 1e6, signal: controller.signal, onProgress: () => {} }),
    trainer.evaluate(),
    trainer.weights(),
  ];
  const settled = Promise.allSettled(running);
  setTimeout(() => trainer.dispose(), 30);
  const results = await settled;
  controller.abort();
  assert.equal(results[0].reason.code, "Aborted");
  assert.equal(results[0].reason.message, "trainer: this trainer was disposed");
});
