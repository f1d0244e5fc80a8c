// For the tests of the synchronous API: an engine, and tests that leave nothing in it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "../../dist/index.js";

export const lg = await load();

export const near = (actual, expected, tolerance = 1e-5) => {
  const [a, b] = [[actual].flat(9), [expected].flat(9)];
  assert.equal(a.length, b.length);
  a.forEach((value, i) => assert.ok(Math.abs(value - b[i]) <= tolerance, `${a} and ${b}`));
};

/** Runs a test in a scope and asserts that nothing of it is left. */
export const clean = (name, body) =>
  void test(name, () => {
    const before = lg.memory();
    lg.scope(() => void body());
    const after = lg.memory();
    assert.equal(after.handles, before.handles, "handles");
    assert.equal(after.liveBytes, before.liveBytes, "live bytes");
  });
