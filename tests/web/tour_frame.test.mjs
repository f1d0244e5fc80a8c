// The frame around what a step of the tour is about: it goes around all of that, and over nothing else. The panel leaves
// room on a phone.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { axeFindings, withAxe } from "../support/axe.mjs";
import { at, launchSite, openPage, waitForStatus } from "./support.mjs";

const { browser, site } = await launchSite();

// The tour's panel and, on narrow screens, the list of parts stand above all else.
// What the frame touches besides what it is around: texts, fields, buttons and pictures, by what they say.
const touched = (page) =>
  page.evaluate(() => {
    const target = document.querySelector(".tour-target");
    const { outlineWidth, outlineOffset } = getComputedStyle(target);
    const reach = Number.parseFloat(outlineWidth) + Number.parseFloat(outlineOffset);
    const box = target.getBoundingClientRect();
    const isMet = ({ left, right, top, bottom, width, height }) =>
      width > 1 &&
      height > 1 &&
      left < box.right + reach &&
      right > box.left - reach &&
      top < box.bottom + reach &&
      bottom > box.top - reach;

    const found = [];
    const walker = document.createTreeWalker(document.body, 5); // elements and texts
    const pictures = "canvas, svg, img, input, select, textarea, button";
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.nodeType === 3 ? node.parentElement : node;
      const isText = node.nodeType === 3 && node.data.trim() !== "";
      if (!isText && !(node === element && node.matches(pictures))) continue;
      if (target.contains(node) || element.closest(".tour, .parts, .hidden")) continue;
      if (!element.checkVisibility()) continue;
      const range = new Range();
      range.selectNodeContents(node);
      const boxes = isText ? range.getClientRects() : [node.getBoundingClientRect()];
      if ([...boxes].some(isMet))
        found.push(isText ? node.data.trim().slice(0, 40) : node.id || node.outerHTML.slice(0, 60));
    }
    const page = document.documentElement.clientWidth;
    if (box.left - reach < 0 || box.right + reach > page) found.push("the edge of the page");
    return found;
  });

for (const width of [1280, 360]) {
  test(`at ${width} px no step's frame lies over anything else`, async () => {
    const page = await openPage(browser, `${site.address}#tour`, {
      context: { viewport: { width, height: 800 }, reducedMotion: "reduce" },
    });
    await waitForStatus(page, "idle");
    await page.locator("#filters-figure").waitFor();
    for (let step = 1; step <= 12; step++) {
      await page.waitForFunction(
        (place) => document.querySelector(".tour-place").textContent === place,
        `Tour, ${step} of 12`,
      );
      await page.locator(".tour-target").first().waitFor();
      await page.waitForTimeout(600); // the lab is opened, and all around it drawn
      assert.deepEqual(await touched(page), [], `step ${step}`);
      const name = step < 12 ? "Skip this" : "Finish";
      await at(page, "tour").getByRole("button", { name }).click();
    }
    await page.context().close();
  });
}

test("a link opens it; on a phone it leaves room, and axe finds nothing", async () => {
  for (const colorScheme of ["light", "dark"]) {
    const page = await openPage(browser, `${site.address}#tour`, {
      context: { viewport: { width: 320, height: 640 }, colorScheme },
      prepare: withAxe,
    });
    await waitForStatus(page, "idle");
    await at(page, "tour").waitFor();
    const { wide, high } = await page.evaluate(() => ({
      wide: document.documentElement.scrollWidth,
      high: document.querySelector(".tour").getBoundingClientRect().height,
    }));
    assert.ok(wide <= 320, `${wide} px wide`);
    assert.ok(high <= 0.55 * 640, `the panel is ${high} px high`);
    assert.deepEqual(await axeFindings(page, { include: [".tour", ".masthead"] }), []);
    await page.context().close();
  }
});
