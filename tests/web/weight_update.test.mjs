// The update of one weight, worked out number by number to the engine's own.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { runnerImport } from "vite";
import { Trainer } from "../../dist/index.js";
import { at, openPage, root, waitForStatus } from "./support.mjs";
import { browser, site, close, number, cells, rowsOf, near } from "./autograd.mjs";

const { workOut, verdict } = (
  await runnerImport(`${root}web/labs/autograd/training_step/optimizer_lines.ts`, {
    configFile: false,
    logLevel: "error",
  })
).module;
const { fold } = (
  await runnerImport(`${root}web/labs/autograd/training_step/heat_map.ts`, {
    configFile: false,
    logLevel: "error",
  })
).module;

test("the lines of an update are those worked by hand", () => {
  const sgd = { kind: "SGD", learningRate: 0.1, steps: 0, weightDecay: 0 };
  const adam = { ...sgd, kind: "Adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
  const velocity = { velocity: { before: 0.5, after: 0.65 } };
  const moments = (m, v) => ({
    first_moment: { before: m, after: 0 },
    second_moment: { before: v, after: 0 },
  });
  const cases = [
    // w − 0.1 · 0.5
    [sgd, 0.5, {}, { g: 0.5, step: 0.05, "new w": 0.95 }],
    // g + 0.1 · w = 0.6
    [{ ...sgd, weightDecay: 0.1 }, 0.5, {}, { "g with decay": 0.6, step: 0.06, "new w": 0.94 }],
    // 0.9 · 0.5 + 0.2 = 0.65
    [{ ...sgd, momentum: 0.9 }, 0.2, velocity, { velocity: 0.65, step: 0.065, "new w": 0.935 }],
    // 0.2 + 0.9 · 0.65 = 0.785
    [
      { ...sgd, momentum: 0.9, nesterov: true },
      0.2,
      velocity,
      { velocity: 0.65, "look ahead": 0.785, step: 0.0785, "new w": 0.9215 },
    ],
    // The first step: m = 0.1 · 0.5, v = 0.001 · 0.25, which the corrections 0.1 and 0.001 undo.
    [adam, 0.5, moments(0, 0), { m: 0.05, v: 0.00025, m̂: 0.5, v̂: 0.25, step: 0.1, "new w": 0.9 }],
    // The second: m = 0.045 − 0.03, v = 0.00024975 + 0.00009; m / 0.19, v / 0.001999;
    // 0.1 · 0.0789473684 / √0.16995998 = 0.0191498
    [
      { ...adam, steps: 1 },
      -0.3,
      moments(0.05, 0.00025),
      {
        m: 0.015,
        v: 0.00033975,
        m̂: 0.07894737,
        v̂: 0.16995998,
        step: 0.0191498,
        "new w": 0.9808502,
      },
    ],
    // Decay within the gradient, and beside it: 0.5 + 0.5 · 1 = 1; (1 − 0.1 · 0.5) · 1 − 0.1
    [
      { ...adam, weightDecay: 0.5 },
      0.5,
      moments(0, 0),
      { "g with decay": 1, m: 0.1, "new w": 0.9 },
    ],
    [
      { ...adam, kind: "AdamW", weightDecay: 0.5 },
      0.5,
      moments(0, 0),
      { m: 0.05, "w, decayed": 0.95, "new w": 0.85 },
    ],
  ];
  for (const [optimizer, gradient, state, expected] of cases) {
    const lines = workOut(optimizer, { before: 1, after: 0, gradient, state });
    for (const [name, value] of Object.entries(expected)) {
      const { result } = lines.find((line) => line.name === name);
      assert.ok(
        // 1 − β₂ is 0.99998713e-3, since 0.999 is 0.99900001 as float32.
        Math.abs(result / value - 1) < 3e-5,
        `${JSON.stringify(optimizer)} ${name}: ${result}`,
      );
    }
  }
  assert.match(verdict(Math.fround(0.1), Math.fround(0.1)), /^the engine has the same number/);
  assert.match(verdict(1, 1 + 2 ** -23), /differs by one unit of its last bit/);
  assert.match(verdict(1, 1.5), /differs by 0\.5$/);
});

test("an update worked out ends at the engine’s own weight", async () => {
  const inputs = Float32Array.from({ length: 60 }, (_, i) => Math.sin(7 * i));
  const labels = Array.from({ length: 20 }, (_, i) => Number(inputs[3 * i] > 0));
  const train = { kind: "labels", inputs, shape: [20, 3], labels, classes: 2 };
  for (const optimizer of [
    { name: "sgd", learningRate: 0.1, weightDecay: 0.01 },
    { name: "sgd", learningRate: 0.1, momentum: 0.9, nesterov: true },
    { name: "adam", weightDecay: 0.01 },
    { name: "adamw", learningRate: 0.01, weightDecay: 0.1 },
  ]) {
    const trainer = await Trainer.create({
      data: { train },
      net: "dense 4, tanh, dense classes",
      optimizer,
      batchSize: 10,
    });
    for (let i = 0; i < 3; i++) await trainer.step();
    const trace = await trainer.trace(Float32Array.of(0.5, -1, 0.25), 1);
    for (const { name, before, after, gradient, state } of trace.updates) {
      before.forEach((_, i) => {
        const own = Object.entries(state).map(([key, value]) => [
          key,
          { before: value.before[i], after: value.after[i] },
        ]);
        const lines = workOut(trace.optimizer, {
          before: before[i],
          after: after[i],
          gradient: gradient[i],
          state: Object.fromEntries(own),
        });
        for (const { name: line, result, engine } of lines) {
          if (engine === undefined) continue;
          const size = Math.max(Math.abs(engine), line === "new w" ? Math.abs(before[i]) : 0);
          const off = Math.abs(result - engine) / (size || 1);
          assert.ok(off < 2e-6, `${optimizer.name} ${name}[${i}] ${line}: ${result}, ${engine}`);
        }
        assert.notEqual(before[i], after[i]);
      });
    }
    trainer.dispose();
  }
});

test("after a schedule’s end the update at its highest rate is shown, and the smoothed loss", async () => {
  const settings = { optimizer: "adam", lr: "0.003", schedule: "one-cycle", epochs: "1" };
  const page = await openPage(
    browser,
    `${site.address}?${new URLSearchParams({ net: "dense 8, relu, dense classes", validation: 0, ...settings, "label-smoothing": "0.1" })}`,
  );
  await waitForStatus(page, "idle");
  await at(page, "start").click();
  await waitForStatus(page, "finished");
  await page.waitForFunction(() => !document.querySelector("#open-step").disabled);
  await at(page, "open-step").click();
  await at(page, "trace").waitFor();

  assert.match(
    await at(page, "ended").textContent(),
    /^The schedule’s rate is 0 now: one more step would move nothing.*highest rate, η = 0\.003\.$/,
  );
  assert.match(
    await page.locator(".update").textContent(),
    /with η = 0\.003,.* of the smoothed loss/,
  );
  const lines = await cells(page, "lines");
  const find = (name) => Object.entries(lines).find(([key]) => key.startsWith(name))[1];
  const w = number((await page.locator(".update .sentence").textContent()).match(/is (\S+)/)[1]);
  const value = (name) => number(find(name)[1].split(" = ").at(-1));
  assert.equal(find("new w")[2], "");
  near(value("new w"), w - value("step"), 1e-7 * Math.max(1, Math.abs(w)), "new weight");
  const step = (0.003 * value("m̂")) / (Math.sqrt(value("v̂")) + 1e-8);
  near(value("step"), step, 1e-6 * Math.abs(step), "step");
  assert.notEqual(value("new w"), w);
  // The engine's m is beside the page's; why they may differ is said.
  near(value("m"), number(find("m")[2]), 1e-6, "m");
  assert.match(await page.locator(".update").textContent(), /in single precision, about seven/);
  assert.match(
    await at(page, "update-verdict").textContent(),
    /^With that rate the weight would go from .* so it stays where it is\.$/,
  );

  // 0.91 · −log p of the 7, and 0.01 · −log p of each other.
  const scores = await rowsOf(at(page, "scores"));
  const surprise = scores.map(([, p]) => -Math.log(p));
  const expected = surprise.reduce((sum, each, i) => sum + each * (i === 7 ? 0.91 : 0.01), 0);
  const told = await at(page, "smoothed").textContent();
  assert.match(told, /of 0\.1: the right class is to get 0\.91 instead of 1, each other 0\.01/);
  near(number(told.match(/−log p, = ([\d.]+)\./)[1]), expected, 1e-3, "smoothed loss");
  await close(page);
});

test("weights that would be a strip are folded, so that each can be seen", () => {
  for (const [shape, pixels, tiles, at] of [
    [[128, 10], 784, 10, ([tile, row, column]) => (row * 12 + column) * 10 + tile],
    [[8, 128], 784, 8, ([tile, row, column]) => tile * 128 + row * 12 + column],
  ]) {
    const folding = fold(shape, pixels);
    assert.deepEqual([folding.tiles, folding.rows, folding.columns], [tiles, 11, 12]);
    const places = Array.from({ length: tiles * 11 * 12 }, (_, i) => [
      Math.floor(i / 132),
      Math.floor((i % 132) / 12),
      i % 12,
    ]);
    const indices = places.map((place) => folding.at(...place));
    indices.forEach((index, i) => index >= 0 && assert.equal(index, at(places[i])));
    // Each number once.
    const seen = indices.filter((index) => index >= 0).sort((a, b) => a - b);
    assert.deepEqual(
      seen,
      Array.from({ length: shape[0] * shape[1] }, (_, i) => i),
    );
    assert.match(folding.note, /^a folded picture for each (column|row)$/);
  }
});
