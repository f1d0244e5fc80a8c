// The page of speeds: that it measures, under the real headers, and can be stopped.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { at, launchSite, openPage } from "./support.mjs";

const { browser, site } = await launchSite();

test("bench.html measures, draws what it measured, and stops when told", async () => {
  const page = await openPage(browser, `${site.address}bench.html`);
  const rows = at(page, "speed");
  const measured = () =>
    rows.evaluateAll((rows) => rows.filter((row) => /\d\s%/.test(row.textContent)).length);
  assert.equal(await measured(), 0);
  await at(page, "measure").click();
  await page.waitForFunction(() => /\d\s%/.test(document.querySelector("#speeds").textContent));
  await at(page, "measure").click();
  await page.waitForFunction(() => document.querySelector("#way-text").textContent === "Stopped.");

  const first = await rows.first().evaluate((row) => ({
    share: Number(/(\d+)\s%/.exec(row.textContent)[1]),
    speed: Number(/([\d,]+) digits a second/.exec(row.textContent)[1].replaceAll(",", "")),
    bar: Number(getComputedStyle(row.querySelectorAll("i")[1]).scale.split(" ")[0]),
  }));
  assert.ok(first.share > 0 && first.speed > 100, JSON.stringify(first));
  assert.ok(first.bar > 0 && first.bar <= 1, JSON.stringify(first));
  assert.ok((await measured()) < (await rows.count()));
  assert.match(
    await at(page, "peaks").textContent(),
    /^The peak of .* billion operations a second/,
  );
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("bench.html has its title below the masthead, room around Measure, and a way back", async () => {
  const page = await openPage(browser, `${site.address}bench.html`);
  for (const width of [360, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    const [masthead, title, lead, measure] = await Promise.all(
      [".masthead", "h1", ".lead", '[data-testid="measure"]'].map((part) =>
        page.locator(part).boundingBox(),
      ),
    );
    const between = (above, below) => below.y - above.y - above.height;
    assert.ok(between(masthead, title) >= 16, `${width} px: the title is below the masthead`);
    assert.ok(between(lead, measure) >= 16, `${width} px: Measure stands apart from the text`);
    assert.ok(title.width <= width && title.x === lead.x, `${width} px: both begin at the left`);
  }
  await page.getByRole("link", { name: "Back to the labs" }).click();
  await page.locator("#digits h1").waitFor();
  assert.ok(page.url().startsWith(site.address) && !page.url().includes("bench"), page.url());
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("bench.html fits every width", async () => {
  const page = await openPage(browser, `${site.address}bench.html`);
  for (const width of [360, 480, 719, 720, 960, 1280, 1920]) {
    await page.setViewportSize({ width, height: 800 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= width, `at ${width} px the page is ${wide} px wide`);
  }
  await page.context().close();
});
