// For the tests of pictures of one's own: two small sets, and what the page shows of them.
import assert from "node:assert/strict";
import { makeSet } from "./lines.mjs";
import { at, bringPictures, launchSite, openPage, waitForStatus } from "./support.mjs";

export const { browser, site } = await launchSite();

export * from "./lines.mjs";

export const training = makeSet(1200, 1);
export const tested = makeSet(200, 2);
export const file = (name, buffer) => ({ name, mimeType: "", buffer });
export const four = [
  file("t10k-labels", tested.labels),
  file("train-images", training.images),
  file("train-labels", training.labels),
  file("t10k-images", tested.images),
];

export const about = (page) => at(page, "own-about");
export const accuracy = async (page) =>
  Number.parseFloat(await at(page, "test-accuracy").textContent());
export const bring = bringPictures;
export const problem = (page) => page.locator('#own [data-testid="problem"]');

export async function brought(page, expected) {
  await page.waitForFunction(
    (text) => document.querySelector('[data-testid="own-about"]').textContent.includes(text),
    expected,
  );
  await waitForStatus(page, "idle");
}

export const open = async (query) => {
  const page = await openPage(browser, `${site.address}?${query}`);
  await waitForStatus(page, "idle");
  return page;
};

// What the page shows of the test: label, answer and verdict of each picture, over all pages of the grid.
export async function shownAnswers(page, count) {
  const all = new Map();
  while (all.size < count) {
    await page.waitForFunction(
      () =>
        document.querySelectorAll("#grid .right, #grid .wrong").length ===
        document.querySelectorAll("#grid button").length,
    );
    const labels = await page
      .locator("#grid button")
      .evaluateAll((buttons) => buttons.map((button) => button.ariaLabel));
    for (const label of labels) {
      const found = /^Test \w+ (\d+), (?:class )?(.+), read as (.+), (right|wrong)$/.exec(label);
      assert.ok(found, label);
      all.set(Number(found[1]), { label: found[2], answer: found[3], verdict: found[4] });
    }
    const before = labels.join();
    await page.locator("#others").click();
    await page.waitForFunction(
      (before) =>
        [...document.querySelectorAll("#grid button")].map((b) => b.ariaLabel).join() !== before,
      before,
    );
  }
  return all;
}
