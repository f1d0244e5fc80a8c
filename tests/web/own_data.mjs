// For the tests of pictures of one's own: small data sets of four kinds of lines, and what the page shows of them.
import assert from "node:assert/strict";
import { at, launchSite, openPage, waitForStatus } from "./support.mjs";

export const { browser, site } = await launchSite();

// Pictures have 10 rows and 12 columns: a bar lying, a bar standing, a slanted line or a frame, with noise.

export const [height, width, classes] = [10, 12, 4];

export function random(seed) {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

export function picture(label, chance) {
  const [top, left] = [Math.floor(chance() * 6), Math.floor(chance() * 7)];
  const inked = (y, x) => {
    if (label === 0) return y === top + 2 && x > 1;
    if (label === 1) return x === left + 2 && y > 1;
    if (label === 2) return x - left === y - top && x < left + 6;
    const [down, right] = [y - top, x - left];
    const edge = down === 0 || down === 4 || right === 0 || right === 4;
    return edge && down >= 0 && down <= 4 && right >= 0 && right <= 4;
  };
  return Array.from({ length: height * width }, (_, i) => {
    const ink = inked(Math.floor(i / width), i % width) ? 200 : 0;
    return Math.floor(ink + 40 * chance());
  });
}

export const header = (axes, ...extents) => {
  const bytes = Buffer.alloc(4 + 4 * axes);
  bytes.set([0, 0, 8, axes]);
  extents.forEach((extent, i) => bytes.writeUInt32BE(extent, 4 + 4 * i));
  return bytes;
};

export function makeSet(count, seed, labelOf = (i) => i % classes) {
  const chance = random(seed);
  const labels = Array.from({ length: count }, (_, i) => labelOf(i));
  const pixels = labels.flatMap((label) => picture(label % classes, chance));
  return {
    images: Buffer.concat([header(3, count, height, width), Buffer.from(pixels)]),
    labels: Buffer.concat([header(1, count), Buffer.from(labels)]),
  };
}

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
export const bring = (page, files) => at(page, "own-files").setInputFiles(files);
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
      const found = /^Test \w+ (\d+), (.+), read as (.+), (right|wrong)$/.exec(label);
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
