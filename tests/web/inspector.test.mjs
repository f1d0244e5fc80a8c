// What the inspector shows equals what loops written here make of the saved weights and the images on disk.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { at } from "./support.mjs";
import {
  testImages,
  trainImages,
  pixels,
  open,
  look,
  atStep,
  save,
  forward,
  shown,
  assertPainted,
  compact,
  range,
  read,
  rms,
  tensorRows,
} from "./inspecting.mjs";

test("activations, dead units and all sizes are those of the saved weights", async () => {
  const page = await open("net=dense+6,+relu,+dense+classes&seed=4&lr=0.01&batch=100&validation=0");
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
  const page = await open("net=conv+3+5x5,+pool+2,+relu,+dense+classes&seed=2&validation=0");
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

test("a net that ran away is shown as it is", async () => {
  const page = await open("net=dense+8,+relu,+dense+classes&optimizer=sgd&lr=1e30&validation=0");
  await look(page);
  await at(page, "start").click();
  await at(page, "problem").waitFor();
  await page.locator("#inspector .inside").scrollIntoViewIfNeeded();
  await page.waitForFunction(() => document.querySelectorAll(".layer-answers .alarm").length > 0);
  assert.match(await at(page, "layer-answers").textContent(), /not finite/);
  assert.equal(await at(page, "tensors").locator("thead th").count(), 5, "no moments without Adam");
  await page.context().close();
});
