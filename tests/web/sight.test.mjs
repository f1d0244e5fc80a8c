// What nobody sees is not asked for while the page trains.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { launchSite, openPage, waitForStatus } from "./support.mjs";

const { browser, site } = await launchSite();

test("while it trains, test pictures are asked only where they are seen, and all are at the end", async () => {
  const page = await openPage(
    browser,
    `${site.address}?net=dense+16,+relu,+dense+classes&epochs=1000&validation=0`,
    {
      context: { viewport: { width: 1280, height: 300 } },
      prepare: (page) =>
        page.addInitScript(() => {
          globalThis.asked = 0;
          const { postMessage } = Worker.prototype;
          Worker.prototype.postMessage = function (message, ...others) {
            if (message?.method === "predict") globalThis.asked++;
            return postMessage.call(this, message, ...others);
          };
        }),
    },
  );
  await waitForStatus(page, "idle");
  const steps = async (count) => {
    const step = () =>
      page.locator("#way-text").evaluate(({ textContent }) => {
        return Number(textContent.split(" ")[1].replaceAll(",", ""));
      });
    for (const begin = await step(); (await step()) < begin + count;) {
      await page.waitForTimeout(50);
    }
  };
  const asked = () => page.evaluate(() => globalThis.asked);
  await page.evaluate(() => {
    document.querySelector('[data-testid="start"]').click();
    scrollTo(0, 0);
  });
  await waitForStatus(page, "training");
  await steps(100);
  const before = await asked();
  await steps(1000);
  assert.equal(await asked(), before);
  await page.evaluate(() => document.querySelector('[data-part="pictures"]').scrollIntoView());
  await page.waitForFunction((before) => globalThis.asked > before + 1, before);
  await page.evaluate(() => scrollTo(0, 0));
  await steps(300);
  const then = await asked();
  await page.evaluate(() => document.querySelector('[data-testid="pause"]').click());
  await waitForStatus(page, "paused");
  await page.waitForFunction((then) => globalThis.asked > then, then);
  await page.context().close();
});
