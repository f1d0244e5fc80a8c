// Curves in bounded memory, and the line through them.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { runnerImport } from "vite";
import { root } from "./support.mjs";

const options = { configFile: false, logLevel: "error" };
const load = async (path) => (await runnerImport(`${root}web/${path}`, options)).module;

test("a curve of a million steps stays small and true", async () => {
  const { Series } = await load("ui/plots/series.ts");
  const series = new Series(1 / 30);
  const steps = 1_000_000;
  for (let step = 1; step <= steps; step++) series.add(step / 1000, step % 2);
  assert.ok(series.x.length > 500 && series.x.length <= 1024, `${series.x.length} points`);
  assert.equal(series.y.length, series.x.length);
  assert.equal(series.smooth.length, series.x.length);
  assert.ok(series.x.every((x, i) => i === 0 || x > series.x[i - 1]));
  assert.ok(series.x.at(-1) > 0.99 * (steps / 1000), "it reaches the end");
  // Averages of 0, 1, 0, 1, …
  assert.ok(series.y.every((y) => Math.abs(y - 0.5) < 1e-9));
  assert.ok(Math.abs(series.latest - 0.5) < 0.02);
  series.reset();
  assert.equal(series.x.length, 0);
  assert.ok(Number.isNaN(series.latest));
});

test("the line of a curve runs within its points, and lags behind none of them", async () => {
  const { smoothed, Series } = await load("ui/plots/series.ts");
  // A loss that falls fast, with a noise that anybody can work out again.
  const noise = (step) => 0.1 * Math.sin(12.9898 * step * step);
  for (const perEpoch of [1, 5, 30, 600, 60_000]) {
    const truth = (step) => 0.3 + 2.2 * Math.exp(-step / Math.min(perEpoch, 100));
    const steps = Array.from({ length: 900 }, (_, i) => i + 1);
    const y = steps.map((step) => truth(step) + noise(step));
    const x = steps.map((step) => step / perEpoch);
    const line = smoothed(x, y, 1 / 30);
    // Neighbours within a thirtieth of an epoch, of 5 points at least and 41 at most.
    const reach = Math.min(20, Math.max(2, Math.floor(perEpoch / 30)));
    const moved = line.slice(0, 10).filter((value, i) => value !== y[i]);
    assert.ok(moved.length > 5, "it is not the points themselves");
    line.forEach((value, i) => {
      const near = y.slice(Math.max(0, i - 2 * reach), i + 2 * reach + 1);
      assert.ok(value >= Math.min(...near) && value <= Math.max(...near), `${perEpoch}: ${i}`);
    });
    // As many points are above the line as below it, at the beginning, too.
    for (const [from, to] of [
      [0, 60],
      [60, 900],
    ]) {
      const off = line.slice(from, to).map((value, i) => value - y[from + i]);
      const mean = off.reduce((sum, value) => sum + value, 0) / off.length;
      assert.ok(Math.abs(mean) < 0.05, `${perEpoch}: off by ${mean} from ${from} to ${to}`);
    }
  }
  // After a jump, the line ends where the points are.
  const series = new Series(1 / 30);
  for (let step = 1; step <= 200; step++) series.add(step / 600, step <= 100 ? 2 : 1);
  assert.equal(series.latest, 1);
  // A line that grows with its points is the one that is made at once, however often it is looked at, and also where
  // the distance between points changes: after points are joined, or in another curve.
  for (const every of [1, 7, 300]) {
    const grown = new Series(1 / 30);
    for (let step = 1; step <= 2600; step++) {
      grown.add(step / (step < 400 ? 300 : 900), 1 / step + noise(step));
      if (step % every === 0)
        assert.deepEqual(grown.smooth, smoothed(grown.x, grown.y, 1 / 30), `after ${step}`);
    }
    const copy = new Series(1 / 30);
    copy.setState(grown.state());
    assert.deepEqual(copy.smooth, grown.smooth);
  }
  assert.deepEqual(smoothed([], [], 1), []);
  assert.deepEqual(smoothed([1], [5], 1), [5]);
});
