// The whole page by keyboard alone: each lab does its work, and the focus is always to be seen.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { at, launchSite, openPage, waitForStatus } from "./support.mjs";

const { browser, site } = await launchSite();

// Presses Tab until the element has the focus, which shows that it has.
async function tabTo(page, selector) {
  for (let presses = 0; presses < 250; presses++) {
    await page.keyboard.press("Tab");
    const found = await page.evaluate((selector) => {
      const focused = document.activeElement;
      if (!focused?.matches(selector)) return undefined;
      const { top, bottom, width } = focused.getBoundingClientRect();
      const ringed = focused.closest(".sheet") ?? focused;
      return {
        ring: getComputedStyle(ringed).outlineStyle !== "none",
        inSight: width > 0 && bottom > 0 && top < innerHeight,
      };
    }, selector);
    if (!found) continue;
    assert.deepEqual(found, { ring: true, inSight: true }, selector);
    return;
  }
  assert.fail(`Tab never comes to ${selector}`);
}

async function press(page, selector, key = "Enter") {
  await tabTo(page, selector);
  await page.keyboard.press(key);
}

test("Digits: train, draw, look inside, examine, keep a run to compare", async () => {
  const page = await openPage(
    browser,
    `${site.address}?net=dense+32,+relu,+dense+classes&epochs=1&validation=0`,
  );
  await waitForStatus(page, "idle");
  await press(page, '#digits [data-testid="start"]');
  await waitForStatus(page, "finished");
  await press(page, "#inspector > summary");
  await page.locator("#inspector table").first().waitFor();

  await tabTo(page, "#pad");
  for (let i = 0; i < 8; i++) await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Space");
  for (let i = 0; i < 20; i++) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  await page.waitForFunction(
    () => document.querySelector('[data-testid="prediction"]').textContent !== "–",
  );

  await press(page, '[data-testid="ask"]');
  await at(page, "views").waitFor();
  await press(page, '[data-testid="confusion"] button');
  await at(page, "opened").locator("button").first().waitFor();
  await press(page, '[data-testid="opened"] button');

  await press(page, '[data-testid="keep-run"]');
  await at(page, "compared").locator("tbody tr").nth(1).waitFor();
  await press(page, '[data-testid="compared"] tbody button');
  await at(page, "compared").waitFor({ state: "hidden" });

  await press(page, '[data-testid="open-step"]');
  await page.locator("#autograd .trace h1").waitFor();
  await press(page, "#autograd .trace .unfold");
  await page.locator("#autograd .trace .opened:visible td").first().waitFor();
  await press(page, '.labs a[data-lab="digits"]');
  await waitForStatus(page, "finished");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("Functions: learn a curve, look at one unit, draw the landscape", async () => {
  const page = await openPage(browser, site.address);
  await press(page, '.labs a[data-lab="functions"]');
  const lab = page.locator("#functions");
  await lab.getByTestId("start").waitFor();
  await page.locator('#functions [data-testid="start"]:enabled').waitFor();
  await press(page, '#functions [data-testid="start"]');
  await page.waitForFunction(() => {
    const steps = document.querySelector('[data-testid="fn-step"]').textContent;
    return Number.parseInt(steps.replaceAll(",", "")) > 50;
  });
  // Start can be pressed no more; Pause has the focus.
  await page.waitForFunction(() => document.activeElement.dataset.testid === "pause");
  await page.keyboard.press("Enter");
  await press(page, '[data-testid="fn-landscape"]');
  await page.waitForFunction(() =>
    /the loss here is/.test(
      document.querySelector('[data-testid="fn-landscape-about"]').textContent,
    ),
  );
  await page.context().close();
});

test("Autograd: type a formula, walk back and forth, change a value, check", async () => {
  const page = await openPage(browser, site.address);
  await press(page, '.labs a[data-lab="autograd"]');
  const lab = page.locator("#autograd");
  await lab.getByTestId("graph").locator("svg").first().waitFor();
  await tabTo(page, '[data-testid="formula"]');
  await page.keyboard.press("Control+A");
  await page.keyboard.type("a*a");
  await page.keyboard.press("Enter");
  await tabTo(page, '[data-testid="value-a"]');
  await page.keyboard.press("Control+A");
  await page.keyboard.type("3");
  await page.keyboard.press("Enter");
  await press(page, '#autograd [data-testid="first"]');
  await press(page, '#autograd [data-testid="next"]');
  await page.waitForFunction(() =>
    /3 × 3 = 9/.test(document.querySelector('#autograd [data-testid="sentence"]').textContent),
  );
  await press(page, '#autograd [data-testid="check"]');
  await page.waitForFunction(() =>
    document.querySelector('[data-testid="check-result"]').textContent.includes("6"),
  );
  await page.context().close();
});
