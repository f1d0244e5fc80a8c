// For the tests of kept runs: a browser, and what the page shows of the runs.
import assert from "node:assert/strict";
import { at, downloaded, launchSite, waitForStatus } from "./support.mjs";

export { rowsOf } from "./support.mjs";

export const { browser, site } = await launchSite();

export const net = "?net=dense+16,+relu,+dense+classes&lr=0.003&epochs=2&seed=2&validation=0";

export async function train(page) {
  await at(page, "start").click();
  await waitForStatus(page, "training");
  await waitForStatus(page, "finished");
}
export async function set(page, id, value) {
  await page.locator(`#${id}`).fill(value);
  await page.locator(`#${id}`).press("Tab");
}
export const saved = (page, name) => downloaded(page, page.locator(`[data-testid="save-${name}"]`));
export const table = (page) =>
  at(page, "compared")
    .locator("tbody tr")
    .evaluateAll((rows) => rows.map((row) => [...row.cells].slice(0, 6).map((c) => c.textContent)));
export const epochs = (page) =>
  at(page, "epoch-rows")
    .locator("tr")
    .evaluateAll((rows) => rows.map((row) => [...row.cells].map((c) => c.textContent)));
export const said = (page) => at(page, "differences").locator("li").allTextContents();

// Width and height as a PNG's header has them.
export const sizeOf = (png) => {
  assert.equal(png.subarray(1, 4).toString(), "PNG");
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
};
