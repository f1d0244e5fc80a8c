// Screens of every kind: on a wide one all that moves is beside Start, a projector gets large type, and on a phone the
// parts of a lab are a press away.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { at, goToLab, launchSite, openPage, waitForLab, waitForStatus } from "./support.mjs";

const { browser, site } = await launchSite();

// Which of these are in the window, at least their upper left part of 100 × 100 pixels.
const inSight = (page, names) =>
  page.evaluate(
    (names) =>
      names.filter((name) => {
        const { left, top, width, height } = document.querySelector(name).getBoundingClientRect();
        const [right, bottom] = [left + Math.min(width, 100), top + Math.min(height, 100)];
        return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
      }),
    names,
  );

test("at 1920 px curves, filters, digits, the pad and the settings are in sight of Start", async () => {
  const page = await openPage(browser, site.address, {
    context: { viewport: { width: 1920, height: 1000 } },
  });
  await waitForStatus(page, "idle");
  await at(page, "filters").waitFor();
  const moving = ["#loss-figure .plot", "#accuracy-figure .plot", "#filters", "#grid", "#pad"];
  const all = ['[data-testid="start"]', ...moving, "#lr"];
  assert.deepEqual(await inSight(page, all), all);
  // What is not there is not seen.
  assert.deepEqual(await inSight(page, ["#evaluation"]), []);
  await page.setViewportSize({ width: 1280, height: 800 });
  assert.ok(!(await inSight(page, moving)).includes("#pad"));
  await page.context().close();
});

test("for a projector type, plots and contrast grow, in all labs and after a reload", async () => {
  const page = await openPage(browser, site.address);
  await waitForStatus(page, "idle");
  const look = () =>
    page.evaluate(() => {
      const style = getComputedStyle(document.documentElement);
      const type = parseFloat(style.fontSize);
      return {
        type,
        ink: style.getPropertyValue("--ink"),
        muted: style.getPropertyValue("--muted"),
      };
    });
  const plain = await look();
  const loss = page.locator("#loss-figure canvas");
  const before = await loss.evaluate((canvas) => canvas.getContext("2d").font);

  await at(page, "projector").click();
  const large = await look();
  assert.ok(large.type >= 1.3 * plain.type, JSON.stringify({ plain, large }));
  assert.equal(large.ink, "#000");
  assert.notEqual(large.muted, plain.muted);
  // The plot is drawn anew with type of that size.
  await page.waitForFunction(
    (before) => document.querySelector("#loss-figure canvas").getContext("2d").font !== before,
    before,
  );
  assert.equal(await page.locator("#loss-figure .uplot").count(), 1);

  await page.reload();
  await waitForStatus(page, "idle");
  assert.deepEqual(await look(), large);
  assert.equal(await at(page, "projector").getAttribute("aria-pressed"), "true");
  await goToLab(page, "functions");
  await waitForLab(page, "functions");
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 1280);
  await at(page, "projector").click();
  assert.deepEqual(await look(), plain);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("on a phone each part of a lab is one press away, and is seen below the list of parts", async () => {
  const page = await openPage(browser, site.address, {
    context: { viewport: { width: 360, height: 740 }, hasTouch: true },
  });
  await waitForStatus(page, "idle");
  for (const lab of ["digits", "functions"]) {
    if (lab !== "digits") await goToLab(page, lab);
    await waitForLab(page, lab);
    const list = page.locator(`#${lab} .parts`);
    for (const link of await list.getByRole("link").all()) {
      await link.tap();
      const target = page.locator(await link.getAttribute("href"));
      await page.waitForFunction(
        (target) => target.getBoundingClientRect().top < innerHeight / 2,
        await target.elementHandle(),
      );
      const { y } = await target.boundingBox();
      const bar = await list.boundingBox();
      const [id, bottom] = [await link.getAttribute("href"), bar.y + bar.height];
      // What is near the end of the page can't come up to the top.
      assert.ok(y >= bottom - 1 && y < 370, `${id}: at ${y}, the list ends at ${bottom}`);
    }
  }
  // A setting that is changed by way of the list is used by the next run.
  await goToLab(page, "digits");
  await page.locator("#digits .parts").getByRole("link", { name: "Settings" }).tap();
  await page.locator("#epochs").fill("1");
  await page.locator("#digits .parts").getByRole("link", { name: "Start" }).tap();
  await page.locator("#digits").getByTestId("start").tap();
  await page.waitForFunction(() =>
    /^1 \/ 1|– \/ 1|0 \/ 1/.test(document.querySelector('[data-testid="epoch"]').textContent),
  );
  await page.context().close();
});
