// Each script of the package has the class LanegradError for itself; they count as one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readTable } from "../../dist/data.js";
import { importNet } from "../../dist/formats.js";
import { LanegradError, load, Trainer } from "../../dist/index.js";
import { LanegradError as Other, load as loadInline } from "../../dist/inline.js";
import { Net } from "../../dist/predict.js";

const thrown = (call) =>
  new Promise((resolve) => resolve(call())).then(
    () => assert.fail("it threw nothing"),
    (error) => error,
  );

test("whichever script of the package makes an error, it is a LanegradError", async () => {
  const lg = await load();
  for (const call of [
    () => load({ threads: 0 }),
    () => lg.ones([-1]),
    () => lg.ones([2]).add(lg.ones([3])),
    () => loadInline({ threads: 0 }),
    () => Trainer.create(),
    () => importNet(1),
    () => Net.load(1),
    () => readTable(1),
  ]) {
    const error = await thrown(call);
    assert.ok(error instanceof LanegradError && error instanceof Other, String(call));
  }
});

test("other values, and classes that extend it, are what they are", () => {
  class Mine extends LanegradError {}
  const [own, plain] = [new Mine("Internal", "mine"), new LanegradError("Internal", "plain")];
  assert.ok(own instanceof Mine && own instanceof LanegradError && own instanceof Error);
  assert.ok(!(plain instanceof Mine));
  for (const value of [new Error("x"), undefined, null, { name: "LanegradError" }, "x"]) {
    assert.ok(!(value instanceof LanegradError), String(value));
  }
});
