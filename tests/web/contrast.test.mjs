// What everybody can read and reach: the contrast of texts, the names of controls, and Tab.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { at, launchSite, openPage, waitForStatus } from "./support.mjs";

const { browser, site } = await launchSite();

test("text has the contrast of WCAG AA in both colour schemes", async () => {
  for (const colorScheme of ["light", "dark"]) {
    const page = await openPage(browser, `${site.address}?batch=0`, { context: { colorScheme } });
    await waitForStatus(page, "idle");
    const poor = await page.evaluate(() => {
      const channels = (color) => color.match(/[\d.]+/g).map(Number);
      const luminance = ([r, g, b]) => {
        const linear = (c) => ((c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
      };
      const background = (element) => {
        for (; element; element = element.parentElement) {
          const color = channels(getComputedStyle(element).backgroundColor);
          if (color.length === 3 || color[3] === 1) return color;
        }
        return [255, 255, 255];
      };
      const found = [];
      for (const element of document.querySelectorAll("body *")) {
        const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
        if (!own || element.matches(":disabled, :disabled *, noscript")) continue;
        const [a, b] = [channels(getComputedStyle(element).color), background(element)].map(
          luminance,
        );
        const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (contrast < 4.5)
          found.push(`${element.textContent.trim().slice(0, 30)}: ${contrast.toFixed(2)}`);
      }
      return found;
    });
    assert.deepEqual(poor, [], colorScheme);
    const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const bright = Number(paper.match(/\d+/)[0]) > 128;
    assert.equal(bright, colorScheme === "light");
    await page.context().close();
  }
});

test("every control has a name, and Tab reaches each", async () => {
  const page = await openPage(browser, site.address);
  await waitForStatus(page, "idle");
  for (const name of [
    "Learning rate",
    "Network",
    "Schedule",
    "Optimizer",
    "Batch size",
    "Epochs",
    "Seed",
  ]) {
    const control = page.getByLabel(name, { exact: true });
    assert.equal(await control.count(), 1, name);
    const hint = await control.getAttribute("aria-describedby");
    assert.ok((await page.locator(`#${hint}`).textContent()).length > 20, `${name} is explained`);
  }
  const reached = new Set();
  for (let i = 0; i < 160; i++) {
    await page.keyboard.press("Tab");
    const [name, ring] = await page.evaluate(() => {
      const focused = document.activeElement;
      const ringed = focused.closest(".sheet") ?? focused;
      return [
        focused.dataset.testid ?? focused.id ?? focused.tagName,
        getComputedStyle(ringed).outlineStyle !== "none",
      ];
    });
    if (name) assert.ok(ring, `${name} shows that it has the focus`);
    reached.add(name);
  }
  for (const name of [
    "start",
    "step",
    "reset",
    "lr",
    "lr-slider",
    "net-name",
    "net-text",
    "optimizer",
    "schedule",
    "batch",
    "epochs",
    "seed",
    "others",
    "draw-pad",
    "clear",
    "pick",
  ]) {
    assert.ok(reached.has(name), `Tab reaches ${name}`);
  }
  // A button that is switched off while it has the focus hands it on.
  const holder = (name) =>
    page.waitForFunction((name) => document.activeElement.dataset.testid === name, name);
  await page.getByLabel("Epochs", { exact: true }).fill("1");
  await at(page, "start").focus();
  await page.keyboard.press("Enter");
  await holder("pause");
  await waitForStatus(page, "finished");
  await holder("start");
  await page.context().close();
});
