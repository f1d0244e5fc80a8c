// The doctor: names the step and the tensor of trainings that ran away or died, leads back to where all was
// well, and is silent where all is well. What it names is worked out here once more, from weights.
import assert from "node:assert/strict";
import { readFile, stat } from "node:fs/promises";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { runnerImport } from "vite";
import { LanegradError, Trainer } from "../../dist/index.js";
import { at, launchSite, openPage, root, waitForStatus } from "./support.mjs";

const { browser, site } = await launchSite();

const file = async (name) =>
  new Uint8Array(gunzipSync(await readFile(`${root}build/public/mnist/${name}.gz`)));
const [images, labels] = await Promise.all(
  ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"].map(file),
);

const linear = "dense 64, dense 64, dense 64, dense classes";
const query = (settings) => `${new URLSearchParams(settings)}`;
const panel = (page) => at(page, "problem");
const said = (page, part) => at(page, `doctor-${part}`).textContent();
const rows = (page) =>
  at(page, "epoch-rows")
    .locator("tr")
    .evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.textContent)));
async function set(page, id, value) {
  await page.locator(`#${id}`).fill(value);
  await page.locator(`#${id}`).press("Tab");
}
const open = async (settings, options) => {
  const page = await openPage(browser, `${site.address}?${query(settings)}`, options);
  await waitForStatus(page, "idle");
  return page;
};
const begin = async (page) => {
  await at(page, "start").click();
  await panel(page).waitFor({ timeout: 60_000 });
  assert.equal(await panel(page).count(), 1);
};

// The training images that the engine looks at: 128 from everywhere, [128, 784] in 0 to 1.
const probe = Array.from({ length: 128 }, (_, i) => {
  const start = 16 + 784 * Math.floor((i * 60000) / 128);
  return Array.from(images.subarray(start, start + 784), (value) => value / 255);
});

// Dense layers one after the other, in double: what comes out of each, with `between` after the bias.
function outputs(tensors, x, between) {
  const all = [];
  let values = x;
  for (let layer = 1; tensors[`dense${layer}.weight`]; layer++) {
    const weight = tensors[`dense${layer}.weight`];
    const bias = tensors[`bias${layer}.bias`];
    const products = Array.from(bias, (_, j) =>
      values.reduce((sum, value, i) => sum + value * weight[i * bias.length + j], 0),
    );
    values = products.map((value, j) => between(value + bias[j]));
    all.push({ products, values });
  }
  return all;
}

// The tensors of a net in a safetensors file.
function tensorsOf(bytes) {
  const length = Number(bytes.readBigUInt64LE());
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString());
  return Object.fromEntries(
    Object.entries(header)
      .filter(([name]) => name.startsWith("net."))
      .map(
        ([
          name,
          {
            data_offsets: [from, to],
          },
        ]) => {
          const part = bytes.subarray(8 + length + from, 8 + length + to);
          return [name.slice(4), new Float32Array(Uint8Array.from(part).buffer)];
        },
      ),
  );
}
async function saved(page) {
  const [download] = await Promise.all([page.waitForEvent("download"), at(page, "save").click()]);
  return tensorsOf(await readFile(await download.path()));
}
const norm = (values) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

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
  await waitForStatus(page, "idle");
  const after = await saved(page);
  const text = await panel(page).textContent();
  assert.equal(await said(page, "tensor"), "dense1.weight");
  const [, dead, units] = /In relu1 (\d+) of (\d+) units are dead/.exec(text);
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
    [{ net: "dense 64, relu, dense classes", optimizer: "sgd" }, "dense1.weight", /units are dead/],
    [
      { net: "dense 64, relu, dense classes", optimizer: "adamw", "weight-decay": 0.01 },
      /^dense[12]\.weight$/,
      /units are dead|withered|grown/,
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

test("going back restores what was learned, and learns on with a tenth of the rate", async () => {
  const page = await open({ net: linear, optimizer: "sgd", lr: 0.05, epochs: 1 });
  await page.evaluate(() => {
    const accuracy = document.querySelector('[data-testid="test-accuracy"]');
    globalThis.seen = [];
    new MutationObserver(() => globalThis.seen.push(accuracy.textContent)).observe(accuracy, {
      childList: true,
      characterData: true,
      subtree: true,
    });
  });
  await at(page, "start").click();
  await waitForStatus(page, "finished");
  const [first] = await rows(page);
  assert.ok(Number.parseFloat(first.at(-2)) > 80);
  await set(page, "epochs", "3");
  await set(page, "lr", "0.6");
  await begin(page);
  assert.equal(await at(page, "status").textContent(), "failed");
  assert.deepEqual((await rows(page))[0], first, "what was measured stays");
  const offer = page.getByRole("button", {
    name: "Go back to step 938, after epoch 1, with the rate 0.06",
  });
  await page.evaluate(() => {
    document.querySelector('[data-testid="test-accuracy"]').textContent = "–";
  });
  await page.evaluate(() => (globalThis.seen.length = 0));
  await offer.click();
  await page.waitForFunction(() => location.search.includes("lr=0.05&rates=938:0.06"));
  assert.equal(await panel(page).count(), 0);
  assert.deepEqual((await rows(page))[0], first, "its epoch stands in the table");
  assert.equal(
    (await page.evaluate(() => globalThis.seen)).find((text) => text !== "–"),
    first.at(-2),
    "tested as it was then",
  );
  assert.equal(await page.locator("#lr").inputValue(), "0.06");
  // (The restored run was finished, too, before it was lengthened.)
  await page.locator("#epoch-rows tr:nth-child(3)").waitFor({ state: "attached", timeout: 60_000 });
  await waitForStatus(page, "finished");
  const all = await rows(page);
  assert.equal(all.length, 3);
  assert.ok(Number.parseFloat(all[2].at(-2)) > Number.parseFloat(first.at(-2)), "it learned on");
  const label = await page.locator("#loss-figure canvas").getAttribute("aria-label");
  assert.doesNotMatch(label, /marked/);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("each offer is lower than the one before, no higher than what is usual, and says where it comes from", async () => {
  // The recipe's rate, as far below the one that was too high as it may be.
  const page = await open({ net: "mlp", lr: 100, epochs: 4 });
  const usual = await page.evaluate(() => document.querySelector("#lr").value);
  assert.equal(usual, "100");
  await begin(page);
  assert.match(
    await panel(page).textContent(),
    /0\.006 is the rate in the engine’s recipe for mlp\..*Go back to the start, with the rate 0\.006Dismiss$/,
  );
  await panel(page)
    .getByRole("button", { name: /^Go back/ })
    .click();
  await page.waitForURL(/net=mlp&optimizer=adamw?&lr=0\.006&(?!rates)/);
  await at(page, "epoch-rows")
    .locator("tr")
    .first()
    .waitFor({ state: "attached", timeout: 60_000 });
  assert.ok(Number.parseFloat((await rows(page))[0].at(-2)) > 90, "it learns");
  assert.deepEqual(page.complaints, []);
  await page.context().close();

  // Momentum of 0.89 makes nine times as much of a rate of 0.1: too much for eight linear layers.
  const deep = `${"dense 64, ".repeat(8)}dense classes`;
  const other = await open({ net: deep, optimizer: "sgd", momentum: 0.89, lr: 100, epochs: 1 });
  await begin(other);
  const offers = [];
  for (const [rate, origin] of [
    ["0.1", "0.1 is a usual rate for SGD."],
    ["0.01", "0.01 is a tenth of the rate that was too high."],
  ]) {
    const text = await panel(other).textContent();
    assert.ok(text.includes(origin), text);
    const offer = panel(other).getByRole("button", { name: /^Go back/ });
    offers.push(await offer.textContent());
    await offer.click();
    await other.waitForURL(new RegExp(`&lr=${rate}&`));
    assert.equal(await other.locator("#lr").inputValue(), rate);
    if (rate !== "0.01") await panel(other).waitFor({ timeout: 60_000 });
  }
  assert.deepEqual(offers, [
    "Go back to the start, with the rate 0.1",
    "Go back to the start, with the rate 0.01",
  ]);
  await waitForStatus(other, "finished");
  assert.ok(Number.parseFloat((await rows(other))[0].at(-2)) > 80, "it learns");
  assert.deepEqual(other.complaints, []);
  await other.context().close();
});

test("gradients are clipped also where the training that died still goes on", async () => {
  const page = await open({
    net: "dense 32, tanh, dense classes",
    optimizer: "sgd",
    lr: 2,
    epochs: 30,
    batch: 8,
  });
  await begin(page);
  assert.equal(await at(page, "status").textContent(), "training");
  const steps = () => page.locator("#way-text").textContent();
  const before = /Step ([\d,]+)/.exec(await steps())[1];
  await page.getByRole("button", { name: "Start again with clipped gradients" }).click();
  await page.waitForURL(/clip-norm=1/);
  await page.waitForFunction((before) => {
    const [, step] = /Step ([\d,]+)/.exec(document.querySelector("#way-text").textContent);
    return Number(step.replaceAll(",", "")) < Number(before.replaceAll(",", ""));
  }, before);
  await waitForStatus(page, "training");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("no room for a state of the net stops no training, and the way back leads to the start", async () => {
  // It behaves as if the engine's memory were full whenever a state is asked for.
  const prepare = (page) =>
    page.addInitScript(() => {
      globalThis.refused = 0;
      const { postMessage } = Worker.prototype;
      Worker.prototype.postMessage = function (message, ...rest) {
        if (message?.method !== "save") return postMessage.call(this, message, ...rest);
        globalThis.refused++;
        const error = { name: "Error", code: "OutOfMemory", message: "engine: no memory" };
        const data = { kind: "refusal", id: message.id, error };
        setTimeout(() => this.dispatchEvent(new MessageEvent("message", { data })));
      };
    });
  const page = await open({ net: linear, optimizer: "sgd", lr: 0.05, epochs: 2 }, { prepare });
  await at(page, "start").click();
  await waitForStatus(page, "finished");
  assert.equal((await rows(page)).length, 2);
  assert.equal(await panel(page).count(), 0);
  // Once by the doctor, who does not try again, and to keep the run for a reload.
  assert.ok((await page.evaluate(() => globalThis.refused)) <= 4);
  await set(page, "epochs", "3");
  await set(page, "lr", "0.6");
  await begin(page);
  assert.match(await panel(page).textContent(), /too large to keep a state of it on the way/);
  await page.getByRole("button", { name: "Go back to the start, with the rate 0.06" }).click();
  await page.waitForURL(/&lr=0\.06&(?!rates)/);
  await page.locator("#epoch-rows tr:nth-child(1)").waitFor({ state: "attached", timeout: 60_000 });
  assert.ok(Number.parseFloat((await rows(page))[0].at(-2)) > 80, "it learns");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("a net of 7.7 million weights is trained where there is room for a state of it", async () => {
  const page = await open({
    net: "dense 4096, relu, dense 1100, relu, dense classes",
    optimizer: "adam",
    lr: 0.001,
    batch: 64,
    epochs: 1,
  });
  assert.match(await at(page, "engine-note").textContent(), /^One thread runs: /);
  await at(page, "start").click();
  await page.waitForTimeout(1000);
  await at(page, "pause").click();
  await waitForStatus(page, "paused");
  const [download] = await Promise.all([page.waitForEvent("download"), at(page, "save").click()]);
  const { size } = await stat(await download.path());
  assert.ok(size > 3 * 4 * 7_700_000, `${size} bytes`);
  assert.equal(await panel(page).count(), 0);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("the curve stands beside the words, marked; the marks in the figures keep clear of their curves", async () => {
  const texts = (page) =>
    page.addInitScript(() => {
      globalThis.texts = [];
      const { fillText } = CanvasRenderingContext2D.prototype;
      CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
        const { id } = this.canvas.closest("figure") ?? {};
        globalThis.texts.push([id, text, y / this.canvas.height]);
        return fillText.call(this, text, x, y);
      };
    });
  const page = await open(
    { net: "dense 128, relu, dense classes", lr: 100, epochs: 3 },
    { prepare: texts },
  );
  await begin(page);
  const curve = at(page, "doctor-curve");
  assert.ok(await curve.isVisible());
  const label = await curve.locator("svg").getAttribute("aria-label");
  const [, from, to, low, high] =
    /^Loss from step (\d+) to (\d+): between (\S+) and (\S+)\. Step 2 is marked\.$/.exec(label);
  assert.equal(from, "1");
  assert.ok(Number(to) > 20, to);
  assert.ok(Number(low) < 2.5 && high.length > 3, label);
  const { x, width } = await curve.boundingBox();
  const named = await panel(page).locator(".named").boundingBox();
  assert.ok(x > named.x + 300 && width > 250, "to the right of the words");
  const text = await panel(page).innerText();
  assert.match(text, /no better than a blind guess, which has a loss of 2\.3\./);
  await page.waitForFunction(() => globalThis.texts.some(([, text]) => text === "step 2"));
  const marks = Object.fromEntries(
    (await page.evaluate(() => globalThis.texts))
      .filter(([, text]) => text === "step 2")
      .map(([figure, , y]) => [figure, y]),
  );
  assert.ok(marks["loss-figure"] > 0.7, "below a loss that stays high");
  assert.ok(marks["accuracy-figure"] < 0.2, "above an accuracy that stays low");
  assert.deepEqual(page.complaints, []);
  await page.context().close();

  // With little room the reasons are folded, and the way on is in sight.
  const small = await open(
    { net: "dense 128, relu, dense classes", lr: 100, epochs: 3 },
    { context: { viewport: { width: 360, height: 800 } } },
  );
  await begin(small);
  assert.ok(await at(small, "doctor-curve").isHidden());
  for (const details of await panel(small).locator("details").all()) {
    assert.equal(await details.evaluate(({ open }) => open), false);
  }
  const { height } = await panel(small).boundingBox();
  assert.ok(height < 620, `${height} pixels`);
  await small.context().close();
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

test("a checkpoint says its step, and of each tensor the size that the engine measures", async () => {
  const { sizesIn, stepOf } = (
    await runnerImport(`${root}web/labs/digits/storage/checkpoint.ts`, {
      configFile: false,
      logLevel: "error",
    })
  ).module;
  const trainer = await Trainer.create({
    data: { train: { kind: "idx", images, labels } },
    net: "conv 3 5x5, pool 2, batchnorm, relu, dense classes",
  });
  for (let i = 0; i < 3; i++) await trainer.step();
  const [checkpoint, { tensors }] = [await trainer.save(), await trainer.inspect()];
  trainer.dispose();
  assert.equal(stepOf(checkpoint), 3);
  const sizes = sizesIn(checkpoint);
  for (const { name, weightNorm } of tensors) {
    assert.ok(Math.abs(sizes[name] - weightNorm) <= 1e-6 * weightNorm, `${name} ${sizes[name]}`);
  }
  assert.ok(tensors.length >= 5);
});

test("what cannot easily be had is found from the engine's numbers: gradients, withered weights, tiny steps", async () => {
  const { diagnose } = (
    await runnerImport(`${root}web/labs/digits/doctor/diagnosis.ts`, {
      configFile: false,
      logLevel: "error",
    })
  ).module;
  const { defaults } = (
    await runnerImport(`${root}web/labs/digits/settings/digits_settings.ts`, {
      configFile: false,
      logLevel: "error",
    })
  ).module;
  const tensor = (name, shape, weightNorm, gradientNorm = 1, updateNorm = 0.01) => ({
    name,
    shape,
    finite: true,
    weightNorm,
    gradientNorm,
    updateNorm,
  });
  const layer = (name, kind, shape, more) => ({
    name,
    kind,
    shape,
    activations: new Float32Array(),
    finite: true,
    ...more,
  });
  const evidence = {
    settings: defaults,
    blind: Math.log(10),
    since: 1,
    jump: undefined,
    worst: { step: 1, loss: 2.4 },
    recent: 2.3,
    step: 400,
    failure: undefined,
    sizes: { "dense1.weight": 10, "bias1.bias": 0, "dense2.weight": 4 },
    spread: 0,
    inspection: {
      step: 400,
      milliseconds: 1,
      layers: [
        layer("dense1", "Dense", [4]),
        layer("bias1", "Bias", [4]),
        layer("relu1", "ReLU", [4], { dead: 0.5 }),
        layer("dense2", "Dense", [10]),
      ],
      tensors: [
        tensor("dense1.weight", [25, 4], 10),
        tensor("bias1.bias", [4], 3),
        tensor("dense2.weight", [4, 10], 4),
      ],
    },
  };
  const having = (change) => diagnose({ ...evidence, ...change });
  const withTensors = (...tensors) => ({ inspection: { ...evidence.inspection, tensors } });

  // Slow, but the answers differ and are no worse than blind: nothing to say.
  assert.equal(having({ spread: 0.3 }), undefined);
  assert.equal(having({ spread: 0.3, recent: 3.5 }).cause, "no answer");

  const tiny = having(withTensors(tensor("dense1.weight", [25, 4], 10, 1e-9, 1e-5)));
  assert.equal(tiny.cause, "no answer");
  assert.equal(tiny.lower, false);
  assert.match(tiny.why.join(" "), /changes it by 1\.0·10⁻⁴ % of its length/);

  const {
    cause,
    tensor: meant,
    why,
    clip,
  } = having({
    ...withTensors(
      { ...tensor("dense1.weight", [25, 4], 10, NaN) },
      tensor("bias1.bias", [4], 3),
      tensor("dense2.weight", [4, 10], 4, Infinity),
    ),
    settings: { ...defaults, optimizer: "sgd", lr: 0.1 },
    failure: { quantity: "gradients' norm", value: NaN, step: 12 },
  });
  assert.deepEqual([cause, meant, clip], ["gradient", "dense1.weight", true]);
  assert.match(why.join(" "), /exploded at step 12/);

  // 0.01 × 100 of each weight goes at each step.
  const withered = having({
    settings: { ...defaults, optimizer: "adamw", lr: 100, weightDecay: 0.01 },
    ...withTensors(tensor("dense1.weight", [25, 4], 0.05), tensor("dense2.weight", [4, 10], 4)),
  });
  assert.deepEqual([withered.cause, withered.tensor], ["withered", "dense1.weight"]);
  assert.match(withered.why.join(" "), /shrunk from 10 to 0\.05.*0\.01 × 100, is 100 %/);

  const { inspection } = evidence;
  const dead = having({
    inspection: {
      ...inspection,
      layers: inspection.layers.map((each) => (each.kind === "ReLU" ? { ...each, dead: 1 } : each)),
    },
  });
  assert.deepEqual([dead.cause, dead.tensor], ["dead", "dense1.weight"]);
  assert.match(dead.why.join(" "), /In relu1 4 of 4 units are dead/);

  const broken = having({
    ...withTensors(
      tensor("dense1.weight", [25, 4], 10),
      { ...tensor("bias1.bias", [4], NaN), finite: false },
      { ...tensor("dense2.weight", [4, 10], NaN), finite: false },
    ),
    failure: { quantity: "loss", value: NaN, step: 5 },
  });
  assert.deepEqual([broken.cause, broken.tensor, broken.step], ["not finite", "bias1.bias", 5]);

  const layers = [
    layer("dense1", "Dense", [4]),
    layer("batchnorm1", "BatchNorm", [4]),
    layer("dense2", "Dense", [10]),
  ];
  const norm = tensor("batchnorm1.weight", [4], 2);
  const failed = (about, step, weightNorm) =>
    having({
      inspection: {
        ...inspection,
        layers,
        tensors: [tensor("dense1.weight", [25, 4], weightNorm), norm],
      },
      sizes: { ...evidence.sizes, "batchnorm1.weight": 2 },
      failure: { ...about, value: Infinity, step },
    });
  for (const [name, word] of [
    ["running_var", "variance"],
    ["running_mean", "mean"],
  ]) {
    const statistic = failed({ quantity: "statistic", field: `batchnorm1.${name}` }, 7, 1e19);
    assert.deepEqual([statistic.cause, statistic.tensor], ["overflow", "dense1.weight"]);
    assert.match(
      statistic.why[0],
      new RegExp(`^The loss of step 7 is a number, .* batchnorm1 keeps .* its ${word} outgrows`),
    );
    assert.match(
      statistic.why[0],
      /The length of dense1\.weight has grown from 10 to 1\.0·10¹⁹\.$/,
    );
    assert.match(statistic.why[1], /The rate is too high/);
    assert.equal(statistic.lower, true);
  }

  // Before the first update no rate is to blame.
  for (const about of [
    { quantity: "loss" },
    { quantity: "gradients' norm" },
    { quantity: "statistic", field: "batchnorm1.running_var" },
  ]) {
    const first = failed(about, 1, 10);
    assert.deepEqual([first.lower, first.clip], [false, false], about.quantity);
    assert.doesNotMatch(first.why.join(" "), /rate|shrunk|grown/, about.quantity);
    assert.match(first.why.at(-1), /No step had been taken yet/);
    assert.match(first.advice, /Smaller numbers in the data or smaller first weights/);
  }
});

test("the hint beside a divergence speaks of the rate only where one has had a say", async () => {
  const { describe } = (
    await runnerImport(`${root}web/ui/problems.ts`, { configFile: false, logLevel: "error" })
  ).module;
  const hint = (step) =>
    describe(new LanegradError("Diverged", "training: the loss is nan, …", { details: { step } }))
      .hint;
  assert.match(hint(1), /^No step had been taken yet, so no learning rate helps\. Smaller numbers/);
  for (const step of [2, 11, 100]) assert.match(hint(step), /Try a tenth of this rate/);
});

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

for (const [width, colorScheme] of [
  [1280, "light"],
  [360, "dark"],
]) {
  test(`axe finds nothing in what it says at ${width} px, ${colorScheme}, and it is there for the keyboard`, async () => {
    const page = await open(
      { net: linear, optimizer: "sgd", lr: 0.5, epochs: 2 },
      {
        context: { viewport: { width, height: 800 }, colorScheme },
        prepare: (page) => page.addInitScript({ path: `${root}node_modules/axe-core/axe.min.js` }),
      },
    );
    await begin(page);
    await panel(page).locator("summary").last().focus();
    await page.keyboard.press("Enter");
    await panel(page).locator("table").waitFor();
    const { violations } = await page.evaluate(
      (tags) => globalThis.axe.run({ runOnly: tags }),
      tags,
    );
    assert.deepEqual(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120))}`),
      [],
    );
    const sideways = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.equal(sideways, 0);
    await page.getByRole("button", { name: /^Go back to the start/ }).focus();
    await page.keyboard.press("Enter");
    await at(page, "epoch-rows").locator("tr").first().waitFor({ state: "attached" });
    assert.equal(await panel(page).count(), 0);
    await page.context().close();
  });
}
