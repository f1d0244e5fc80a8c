// For the tests of the doctor: trainings that go wrong, what the page says of them, and what its saved weights say.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { images } from "./mnist.mjs";
import { at, launchSite, openPage, waitForStatus } from "./support.mjs";

export const { browser, site } = await launchSite();

export const linear = "dense 64, dense 64, dense 64, dense classes";
export const query = (settings) => `${new URLSearchParams({ validation: 0, ...settings })}`;
export const panel = (page) => at(page, "problem");
export const said = (page, part) => at(page, `doctor-${part}`).textContent();
export const rows = (page) =>
  at(page, "epoch-rows")
    .locator("tr")
    .evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.textContent)));
export async function set(page, id, value) {
  await page.locator(`#${id}`).fill(value);
  await page.locator(`#${id}`).press("Tab");
}
export const open = async (settings, options) => {
  const page = await openPage(browser, `${site.address}?${query(settings)}`, options);
  await waitForStatus(page, "idle");
  return page;
};
export const begin = async (page) => {
  await at(page, "start").click();
  await panel(page).waitFor({ timeout: 60_000 });
  assert.equal(await panel(page).count(), 1);
};

// The training images that the engine looks at: 128 from everywhere, [128, 784] in 0 to 1.
export const probe = Array.from({ length: 128 }, (_, i) => {
  const start = 16 + 784 * Math.floor((i * 60000) / 128);
  return Array.from(images.subarray(start, start + 784), (value) => value / 255);
});

// Dense layers one after the other, in double: what comes out of each, with `between` after the bias.
export function outputs(tensors, x, between) {
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
export async function saved(page) {
  const [download] = await Promise.all([page.waitForEvent("download"), at(page, "save").click()]);
  return tensorsOf(await readFile(await download.path()));
}
export const norm = (values) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
