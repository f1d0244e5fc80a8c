// The doctor names the step and the tensor of trainings that ran away or died, and is silent where all is
// well. What it names is worked out here once more, from weights.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { Trainer } from "../../dist/index.js";
import {
  begin,
  linear,
  norm,
  open,
  outputs,
  panel,
  probe,
  rows,
  said,
  saved,
} from "./diagnosing.mjs";
import { images, labels } from "./mnist.mjs";
import { at, waitForStatus } from "./support.mjs";

test("a net that diverges: the step and the tensor are those that another run of it finds", async () => {
  for (const [net, optimizer, lr] of [
    [linear, "sgd", 0.5],
    ["dense 128, relu, dense classes", "adam", 1e30],
  ]) {
    const trainer = await Trainer.create({
      data: { train: { kind: "idx", images, labels } },
      net,
      optimizer: { name: optimizer, learningRate: lr },
      seed: 1,
    });
    let failure;
    for (let step = 1; !failure; step++) {
      await trainer.step().catch((error) => (failure = { step, error }));
    }
    const weights = await trainer.weights();
    trainer.dispose();
    assert.equal(failure.error.code, "Diverged");
    assert.ok(Object.values(weights).every((values) => values.every(Number.isFinite)));
    const between = net === linear ? (value) => value : (value) => Math.max(0, value);
    const over = probe
      .map((x) => outputs(weights, x, between))
      .map((all) => all.findIndex(({ products }) => products.some((y) => Math.abs(y) > 3.4e38)))
      .filter((layer) => layer >= 0);

    const page = await open({ net, optimizer, lr, epochs: 2 });
    await begin(page);
    assert.equal(await at(page, "status").textContent(), "failed");
    assert.equal(await said(page, "step"), String(failure.step));
    assert.equal(await said(page, "tensor"), `dense${Math.min(...over) + 1}.weight`);
    const text = await panel(page).textContent();
    // The engine's sentence is for whoever wants it.
    const engine = new RegExp(`is (nan|infinity) at step ${failure.step} of epoch 1`);
    assert.match(await panel(page).locator("details:not(.grounds)").textContent(), engine);
    assert.doesNotMatch(await panel(page).innerText(), engine);
    assert.match(text, /outgrows a float/);
    assert.match(text, /The rate is too high/);
    const label = await page.locator("#loss-figure canvas").getAttribute("aria-label");
    assert.match(label, new RegExp(`Step ${failure.step} is marked`));
    // Shortening the steps helps here only where they follow the gradients, and the rate is sane.
    const clip = page.getByRole("button", { name: "Start again with clipped gradients" });
    assert.equal(await clip.count(), optimizer === "sgd" ? 1 : 0);
    if (optimizer === "sgd") {
      await clip.click();
      await at(page, "epoch-rows").locator("tr").first().waitFor({ state: "attached" });
      assert.match(page.url(), /clip-norm=1/);
      assert.equal(await panel(page).count(), 0);
      assert.ok(Number.parseFloat((await rows(page))[0].at(-2)) > 70, "it learns");
    }
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  }
});

test("rate 100 with Adam: dead ReLUs, as the saved weights say, and sizes that are theirs", async () => {
  const page = await open({ net: "dense 128, relu, dense classes", lr: 100, epochs: 30 });
  const before = await saved(page);
  await begin(page);
  assert.equal(await at(page, "status").textContent(), "training", "it is not stopped");
  await at(page, "stop").click();
  await waitForStatus(page, "stopped");
  const after = await saved(page);
  const text = await panel(page).textContent();
  assert.equal(await said(page, "tensor"), "dense1.weight");
  const [, dead, units] = /In relu1 (\d+) of (\d+) neurons are dead/.exec(text);
  assert.equal(units, "128");
  assert.ok(dead >= 0.9 * 128);
  const found = probe.map((x) => outputs(after, x, (value) => Math.max(0, value))[0].values);
  const silent = Array.from({ length: 128 }, (_, unit) => found.every((all) => all[unit] === 0));
  assert.ok(
    silent.filter(Boolean).length >= 0.9 * 128,
    `${silent.filter(Boolean).length} are dead`,
  );
  assert.match(text, /Adam moves every weight by about the learning rate at each step, 100 here/);
  // The second step is the first with weights of that size, and every later one is worse than blind.
  assert.equal(await said(page, "step"), "2");
  assert.match(text, /a loss of 2\.3\./); // ln 10
  // Lengths at the start, and the typical weight, 16 / √(784 · 128).
  await panel(page).getByText("The numbers behind it", { exact: true }).click();
  const cells = await panel(page)
    .locator("tbody tr")
    .evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.textContent)));
  assert.deepEqual(
    cells.map((row) => row.slice(0, 2)),
    ["dense1.weight", "dense2.weight"].map((name) => [
      name,
      String(Number(norm(before[name]).toPrecision(3))),
    ]),
  );
  const typical = norm(before["dense1.weight"]) / Math.sqrt(784 * 128);
  assert.ok(text.includes(`was about ${Number(typical.toPrecision(3))}.`));
  for (const [name, , now] of cells) {
    const shown = Number(now.replaceAll(",", ""));
    assert.ok(shown > 100 * norm(before[name]), `${name} ${now}`);
  }
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("rate 100 with other optimizers and nets is found as well, each in its own words", async () => {
  const common = { lr: 100, schedule: "constant", batch: 64, epochs: 3 };
  for (const [settings, tensor, reason] of [
    [
      { net: "dense 64, relu, dense classes", optimizer: "sgd" },
      "dense1.weight",
      /neurons are dead/,
    ],
    [
      { net: "dense 64, relu, dense classes", optimizer: "adamw", "weight-decay": 0.01 },
      /^dense[12]\.weight$/,
      /neurons are dead|withered|grown/,
    ],
    [
      { net: "conv 4 5x5, pool 2, batchnorm, relu, dense classes", optimizer: "sgd" },
      /./,
      /outgrow|dead|grown/,
    ],
    [
      { net: "dense 32, tanh, dense classes", optimizer: "sgd" },
      "dense1.weight",
      /saturated.*−1 or 1/,
    ],
    [
      { net: "dense 128, sigmoid, dense 64, sigmoid, dense classes", optimizer: "adam", lr: 1 },
      "dense1.weight",
      /saturated.*0 or 1/,
    ],
    [
      { net: "dense 32, tanh, dense classes", optimizer: "sgd", lr: 1, momentum: 0.99 },
      "dense1.weight",
      /Momentum 0\.99 adds up about 100 such steps, as if the rate were 100/,
    ],
    [
      { net: "dense classes", optimizer: "sgd", lr: 3e37 },
      "dense1.weight",
      /a log of zero, which is infinite.*the loss is infinity at step 2 /,
    ],
  ]) {
    const page = await open({ ...common, ...settings });
    await begin(page);
    const text = await panel(page).textContent();
    assert.match(
      await said(page, "tensor"),
      new RegExp(tensor),
      `${JSON.stringify(settings)}: ${text}`,
    );
    assert.match(text, reason, JSON.stringify(settings));
    assert.match(text, /Go back to the start, with the rate/);
    await page.context().close();
  }
});

test("no false alarms: the catalog's nets with their recipes, a low rate, and the end of a run", async () => {
  for (const [settings, steps] of [
    [{ net: "mlp" }, 1000],
    [{ net: "lenet" }, 400],
    [{ net: "fast" }, 400],
    [{ net: "convnet" }, 260],
    [{ net: "best" }, 210],
    // Slow, but not ill.
    [{ net: "dense 64, relu, dense classes", lr: 1e-5, epochs: 2 }, 900],
    [{ net: "dense 64, sigmoid, dense 64, sigmoid, dense classes", lr: 1e-3, epochs: 2 }, 900],
  ]) {
    const page = await open(settings);
    await at(page, "start").click();
    await page.waitForFunction(
      (steps) => {
        const [, done] =
          /Step ([\d,]+)/.exec(document.querySelector("#way-text").textContent) ?? [];
        return (
          Number(done?.replaceAll(",", "")) >= steps ||
          document.querySelector('[data-testid="problem"]')
        );
      },
      steps,
      { timeout: 180_000 },
    );
    assert.equal(await panel(page).count(), 0, settings.net);
    await page.context().close();
  }
});
