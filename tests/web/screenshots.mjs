// Pictures of the page to look at, in build/screenshots: idle, training, finished and failed, at two
// sizes and in both colour schemes. `--readme` also makes web/screenshot.png (then: pngquant).
import { mkdir } from "node:fs/promises";
import { at, launch, openPage, root, servePage, waitForStatus } from "./support.mjs";

const folder = `${root}build/screenshots`;
const readme = process.argv.includes("--readme");
await mkdir(folder, { recursive: true });
const { address, close } = await servePage();
const browser = await launch();

for (const width of [1280, 360]) {
  for (const colorScheme of ["light", "dark"]) {
    const context = { viewport: { width, height: width === 360 ? 740 : 900 }, colorScheme };
    if (width === 360) Object.assign(context, { deviceScaleFactor: 2, hasTouch: true });
    const page = await openPage(browser, `${address}?epochs=3`, { context });
    const take = (name) =>
      page.screenshot({ path: `${folder}/${width}-${colorScheme}-${name}.png`, fullPage: true });

    await waitForStatus(page, "idle");
    await page.getByRole("button", { name: "Pick a test digit" }).waitFor();
    await take("idle");
    await draw(page);
    await at(page, "start").click();
    await page.waitForFunction(
      () => document.querySelector('[data-testid="epoch"]').textContent.startsWith("2"),
      undefined,
      { timeout: 60_000 },
    );
    await take("training");
    await waitForStatus(page, "finished");
    // The filters are kept up to date while they are in sight.
    await at(page, "filters").scrollIntoViewIfNeeded();
    await page.waitForTimeout(500);
    await page.evaluate(() => scrollTo(0, 0));
    await take("finished");
    if (readme && width === 1280 && colorScheme === "light") {
      await page.screenshot({ path: `${root}web/screenshot.png`, fullPage: true });
    }
    await page.locator("#lr").fill("1e30");
    await page.locator("#optimizer").selectOption("sgd");
    await at(page, "start").click();
    await at(page, "problem").waitFor();
    await page.waitForTimeout(300);
    await take("failed");
    await page.context().close();
  }
}
await browser.close();
close();

// A seven, by mouse.
async function draw(page) {
  const pad = at(page, "draw-pad");
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  const points = [
    [0.3, 0.25],
    [0.7, 0.25],
    [0.6, 0.5],
    [0.45, 0.8],
  ].map(([x, y]) => [box.x + x * box.width, box.y + y * box.height]);
  await page.mouse.move(...points[0]);
  await page.mouse.down();
  for (const point of points.slice(1)) await page.mouse.move(...point, { steps: 8 });
  await page.mouse.up();
  await page.evaluate(() => scrollTo(0, 0));
}
