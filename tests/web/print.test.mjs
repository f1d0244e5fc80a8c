// A run on paper: a sheet with its settings, curves, confusion matrix, date and address, or the page without its buttons.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { at, launchSite, openPage, waitForStatus } from "./support.mjs";

const { browser, site } = await launchSite();
const link = "net=pool+7,+dense+classes&batch=6000&epochs=2&lr=0.05";

// Keeps what the page prints, which the browser would ask somebody about.
const hearPrint = (page) =>
  page.addInitScript(() => {
    globalThis.print = () =>
      (globalThis.printed = document.querySelector(".print-sheet")?.innerText);
  });
const open = (search, options) =>
  openPage(browser, `${site.address}?${search}`, { prepare: hearPrint, ...options });
const printed = async (page, print) => {
  await print();
  await page.waitForFunction(() => globalThis.printed !== undefined);
  return page.evaluate(() => globalThis.printed);
};
const pagesOf = (pdf) => pdf.toString("latin1").match(/\/Type\s*\/Page\b/g).length;

test("a run is printed as a sheet of two pages at most, which says what it was", async () => {
  const page = await open(link);
  await waitForStatus(page, "idle");
  assert.ok(await at(page, "print").isDisabled(), "there is nothing to print yet");
  await at(page, "start").click();
  await waitForStatus(page, "finished");
  const accuracy = await at(page, "validation-accuracy").textContent();

  const before = await printed(page, () => at(page, "print").click());
  assert.match(before, /Name:/);
  assert.match(before, /It has learned from 55,000, in 20 steps\. After epoch 2 it reads/);
  assert.ok(before.includes(`${accuracy} of the 5,000 held back for validation`), before);
  assert.match(before, /The test was not asked\./);
  assert.doesNotMatch(before, /Asked after/);
  for (const said of ["pool 7, dense classes", "Adam", "6000", "0.05", "5000"])
    assert.ok(before.toLowerCase().includes(said.toLowerCase()), said);
  assert.ok(before.includes(`${site.address}?net=pool+7,+dense+classes`), before);
  assert.ok(before.includes(String(new Date().getFullYear())));
  assert.equal(pagesOf(await page.pdf({ format: "A4" })), 1);
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  assert.equal(await at(page, "print-sheet").count(), 0);

  // Once the test was asked, its matrix is on the sheet; the address stays that of the run.
  await at(page, "ask").click();
  await at(page, "asked")
    .filter({ hasText: /^Asked after step 20/ })
    .waitFor();
  await page.locator("#seed").fill("9");
  await page.locator("#seed").press("Tab");
  await page.evaluate(() => delete globalThis.printed);
  const after = await printed(page, () => page.keyboard.press("Control+p"));
  assert.match(after, /The test: Asked after step 20: [\d,]+ of 10,000 are right/);
  assert.match(after, /&seed=1\b/);
  const counts = await page
    .locator(".print-sheet td")
    .evaluateAll((cells) => cells.map((cell) => Number(cell.textContent)));
  assert.equal(counts.length, 100);
  assert.equal(
    counts.reduce((sum, count) => sum + count),
    10_000,
  );
  assert.ok(pagesOf(await page.pdf({ format: "A4" })) <= 2);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("a sheet is dark on white, and its curves are within their figures", async () => {
  const page = await open(link, { context: { colorScheme: "dark" } });
  await waitForStatus(page, "idle");
  await at(page, "start").click();
  await waitForStatus(page, "finished");
  await printed(page, () => at(page, "print").click());
  await page.emulateMedia({ media: "print" });
  const seen = await page.evaluate(() => {
    const sheet = document.querySelector(".print-sheet");
    const canvases = [...sheet.querySelectorAll("canvas")];
    const darkest = canvases.map((canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      let least = 255;
      for (let i = 0; i < data.length; i += 4)
        if (data[i + 3] === 255) least = Math.min(least, (data[i] + data[i + 1] + data[i + 2]) / 3);
      return least;
    });
    return {
      color: getComputedStyle(sheet).color,
      darkest,
      inside: canvases.every((canvas) => {
        const [own, figure] = [canvas, canvas.closest("figure")].map((e) =>
          e.getBoundingClientRect(),
        );
        return (
          own.left >= figure.left - 1 &&
          own.right <= figure.right + 1 &&
          own.bottom <= figure.bottom + 1
        );
      }),
      shown: [...document.querySelectorAll("button, form, footer, .masthead")].filter((e) =>
        e.checkVisibility(),
      ).length,
    };
  });
  assert.equal(seen.color, "rgb(0, 0, 0)");
  assert.equal(seen.darkest.length, 2);
  for (const value of seen.darkest) assert.ok(value < 130, `${value} is no ink`);
  assert.ok(seen.inside);
  assert.equal(seen.shown, 0);
  await page.context().close();
});

test("without a sheet the page is printed without what is pressed, and no plot is cut", async () => {
  for (const search of ["", "lab=functions", "lab=autograd"]) {
    const page = await open(search);
    await page.locator("main h1:visible").first().waitFor();
    await page.emulateMedia({ media: "print" });
    const wrong = await page.evaluate(() => {
      const seen = (selector) =>
        [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility());
      const { clientWidth } = document.documentElement;
      return [
        ...seen("button:not(table button), input, select, .masthead").map((e) => e.outerHTML),
        ...seen("canvas")
          .filter((canvas) => canvas.getBoundingClientRect().right > clientWidth + 1)
          .map((canvas) => `cut: ${canvas.outerHTML}`),
      ];
    });
    assert.deepEqual(wrong, [], search);
    await page.context().close();
  }
});
