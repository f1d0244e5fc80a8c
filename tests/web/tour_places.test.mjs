// At each size of a window, what a step of the tour asks for is in sight and not under its panel: the
// tour is walked with a mouse that scrolls nothing, by pressing what each step names.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after } from "node:test";
import { test } from "../support/test.mjs";
import { at, launchSite, openPage, waitForStatus } from "./support.mjs";

const { browser, site } = await launchSite();

// What each step asks to press, in order; several times where a count says so.
const part = (lab, name) => `#${lab} [data-part="${name}"]`;
const label = part("digits", "open-step-label");
const walk = [
  [".sheet"],
  [label],
  [[part("digits", "step"), 3]],
  [part("digits", "start")],
  [part("digits", "open-step")],
  [part("autograd", "largest")],
  [
    part("autograd", "to-formulas"),
    part("autograd", "first"),
    [part("autograd", "next"), Infinity],
  ],
  [part("functions", "start")],
  [part("functions", "draw-landscape")],
  ['#functions .try a[href*="lr=1.5"]', part("functions", "start")],
  [
    part("digits", "ask"),
    `${part("digits", "confusion")} tbody tr:nth-child(6) td:nth-of-type(4) button`,
  ],
  ["#why > summary"],
];

// The place of the element that can be pressed now: in the window, and with nothing above it.
async function pressable(frame, selector) {
  const handle = await frame.waitForFunction(
    (selector) => {
      const element = document.querySelector(selector);
      if (!element || element.disabled) return false;
      const { left, right, top, bottom } = element.getBoundingClientRect();
      const [x, y] = [(left + right) / 2, (top + bottom) / 2];
      const first = document.elementFromPoint(x, y);
      return first && (element.contains(first) || first.contains(element)) && { x, y };
    },
    selector,
    { timeout: 40_000, polling: 100 },
  );
  return handle.jsonValue();
}

// Waits until the element, and what is around it, no longer moves.
async function settled(frame, selector) {
  await frame.waitForFunction(
    async (selector) => {
      const seen = new Set();
      for (let times = 0; times < 4; times++) {
        const { left, top } = document.querySelector(selector)?.getBoundingClientRect() ?? {};
        seen.add(`${left} ${top}`);
        await new Promise((resolve) => setTimeout(resolve, 150));
      }
      return seen.size === 1;
    },
    selector,
    { polling: 50 },
  );
}

async function walkThrough(page, frame, offset) {
  const press = async (selector) => {
    await pressable(frame, selector); // it is there
    await settled(frame, selector);
    const { x, y } = await pressable(frame, selector);
    await page.mouse.click(x + offset.x, y + offset.y);
    return [x + offset.x, y + offset.y];
  };
  for (const [i, steps] of walk.entries()) {
    const step = i + 1;
    await frame.waitForFunction(
      (name) => document.querySelector(".tour-place")?.textContent === name,
      `Tour, ${step} of 12`,
    );
    await frame.locator(".tour-target").first().waitFor();
    await page.waitForTimeout(800); // the lab comes into its shape
    // It is asked when its last epoch is done.
    if (step === 11)
      await frame.waitForSelector('#digits [data-status="finished"]', { timeout: 90_000 });
    for (const each of steps) {
      const [selector, times] = Array.isArray(each) ? each : [each, 1];
      const button = frame.locator(selector).first();
      // A button is called as the task says, which is told again when it has another name.
      if (/data-part|summary/.test(selector) && !/confusion|label/.test(selector))
        await frame
          .waitForFunction((selector) => {
            const name = document.querySelector(selector)?.textContent.trim();
            return name && document.querySelector(".tour-task").textContent.includes(name);
          }, selector)
          .catch((error) => {
            throw new Error(`step ${step} does not name ${selector}`, { cause: error });
          });
      for (let time = 0; time < times; time++) {
        if (times > 1 && (await button.isDisabled())) break;
        const [x, y] = await press(selector).catch((error) => {
          throw new Error(`step ${step}: ${selector} cannot be pressed`, { cause: error });
        });
        if (selector === ".sheet") {
          await page.mouse.down();
          await page.mouse.move(x - 20, y + 50, { steps: 5 });
          await page.mouse.up();
        }
        if (selector === label) {
          await page.keyboard.press("7");
          await page.keyboard.press("Enter");
        }
      }
    }
    await frame
      .waitForFunction(
        () => document.querySelector(".tour-outcome").textContent.startsWith("✓ Done."),
        undefined,
        { timeout: 60_000 },
      )
      .catch((error) => {
        throw new Error(`step ${step} is not seen to be done`, { cause: error });
      });
    await settled(frame, ".tour-target");
    const name = step < 12 ? "Next" : "Finish";
    const next = frame.locator(".tour").getByRole("button", { name, exact: true });
    const { x, y, width, height } = await next.boundingBox();
    await page.mouse.click(x + width / 2, y + height / 2);
  }
  assert.equal(await frame.locator(".tour").count(), 0);
}

for (const [width, height] of [
  [1280, 800],
  [1366, 650],
  [360, 740],
]) {
  test(`the tour at ${width} × ${height}`, async () => {
    const page = await openPage(browser, `${site.address}#tour`, {
      context: { viewport: { width, height } },
    });
    await waitForStatus(page, "idle");
    await walkThrough(page, page.mainFrame(), { x: 0, y: 0 });
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });
}

test("the tour in a frame of 800 × 600", async () => {
  // A page of another site.
  const host = createServer((_, response) => {
    response.setHeader("Content-Type", "text/html");
    response.end(
      `<iframe src="${site.address}#tour" style="position: fixed; left: 40px; top: 30px; width: 800px; height: 600px; border: 0"></iframe>`,
    );
  }).listen(0);
  after(() => host.close());
  const page = await openPage(browser, `http://localhost:${host.address().port}/`, {
    context: { viewport: { width: 1000, height: 800 } },
  });
  const frame = await (await page.waitForSelector("iframe")).contentFrame();
  await frame
    .locator('#digits [data-testid="status"]')
    .filter({ hasText: /idle|not started/ })
    .waitFor();
  await walkThrough(page, frame, { x: 40, y: 30 });
  await page.context().close();
});

test("each step has a link of its own", async () => {
  const page = await openPage(browser, `${site.address}#tour=4`);
  await waitForStatus(page, "idle");
  const place = at(page, "tour").locator(".tour-place");
  assert.equal(await place.textContent(), "Tour, 4 of 12");
  assert.match(await place.locator("a").getAttribute("href"), /^#tour=4$/);
  await page.evaluate(() => (location.hash = "#tour=9"));
  await page.waitForFunction(
    () => document.querySelector(".tour-place").textContent === "Tour, 9 of 12",
  );
  await page.locator("#functions h1").waitFor();
  await page.context().close();
});
