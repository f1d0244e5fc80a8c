// Files are chosen by keyboard and dropped anywhere; the part of the page for them at any width.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { axeFindings, withAxe } from "../support/axe.mjs";
import { at, learnBrought, openPage, waitForStatus } from "./support.mjs";
import { browser, site, four, bring, problem, brought, open } from "./own_data.mjs";

test("files are chosen by keyboard alone, and dropped ones are learned, wherever they fall is safe", async () => {
  const page = await open("net=dense+8,+relu,+dense+classes&epochs=1&validation=0");
  await page.locator("#others").focus();
  const chooser = page.waitForEvent("filechooser");
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press("Tab");
    const text = await page.evaluate(() => document.activeElement.textContent.trim());
    if (text === "Choose files") break;
  }
  await page.keyboard.press("Enter");
  await (await chooser).setFiles(four);
  // The heading of what was read has the focus, and the button to learn it is on its way.
  await at(page, "own-preview").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "What was read");
  await page.keyboard.press("Tab");
  for (let i = 0; i < 6; i++) {
    const text = await page.evaluate(() => document.activeElement.textContent.trim());
    if (text === "Learn these pictures") break;
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await brought(page, "1,200 pictures");

  const drop = (selector, files) =>
    page.evaluate(
      ({ selector, files }) => {
        const carried = new DataTransfer();
        for (const { name, bytes } of files)
          carried.items.add(new File([Uint8Array.from(bytes)], name));
        const event = new DragEvent("drop", {
          dataTransfer: carried,
          bubbles: true,
          cancelable: true,
        });
        return !document.querySelector(selector).dispatchEvent(event);
      },
      { selector, files: files.map(({ name, buffer }) => ({ name, bytes: [...buffer] })) },
    );
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Choose files");
  assert.ok(await drop("#grid", four), "the browser does not leave the page for them");
  await page.locator('[data-testid="own-back"]').click();
  await brought(page, "In hand: MNIST");
  assert.ok(await drop("#own .drop", four));
  await learnBrought(page);
  await brought(page, "1,200 pictures");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

for (const [viewport, colorScheme] of [
  [1280, "light"],
  [360, "dark"],
]) {
  test(`axe finds nothing with own pictures at ${viewport} px, ${colorScheme}, and nothing scrolls sideways`, async () => {
    const page = await openPage(
      browser,
      `${site.address}?net=dense+8,+relu,+dense+classes&epochs=1&validation=0`,
      {
        context: { viewport: { width: viewport, height: 800 }, colorScheme },
        prepare: withAxe,
      },
    );
    await waitForStatus(page, "idle");
    await bring(page, four);
    await brought(page, "1,200 pictures");
    const names = page.getByLabel("What the classes are called");
    await names.fill("a bar that lies, a bar that stands, slanted, frame");
    await names.press("Tab");
    await page.locator("#pick").click();
    await bring(page, four.slice(0, 1)); // labels alone
    await problem(page).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    const sideways = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.equal(sideways, 0);
    await page.context().close();
  });
}
