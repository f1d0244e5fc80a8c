// npm run screenshots: pictures of each lab and its states to look at, in build/screenshots, wide and narrow, in
// both colour schemes. `-- --readme` also makes web/screenshot.png (then: pngquant).
import { mkdir } from "node:fs/promises";
import {
  at,
  launch,
  openPage,
  readLabs,
  root,
  servePage,
  waitForLab,
  waitForStatus,
} from "./support.mjs";

const folder = `${root}build/screenshots`;
const readme = process.argv.includes("--readme");
await mkdir(folder, { recursive: true });
const { address, close } = await servePage();
const browser = await launch();

// Each takes its pictures on the way.
const walks = {
  async digits(open, take, first) {
    const page = await open("?epochs=3");
    await waitForStatus(page, "idle");
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
    if (readme && first) await page.screenshot({ path: `${root}web/screenshot.png` });
    await page.locator("#inspector > summary").click();
    await page.locator("#inspector").scrollIntoViewIfNeeded();
    await page.waitForTimeout(800);
    await at(page, "ask").click();
    await at(page, "views").waitFor();
    await at(page, "confusion").locator("button").first().click();
    await take("finished, inspector and evaluation open");
    await at(page, "open-step").click();
    await at(page, "trace").waitFor();
    await page.waitForTimeout(1500);
    await take("its step in autograd");
    await page.getByRole("link", { name: "Digits" }).click();
    await page.locator("#lr").fill("1e30");
    await page.locator("#optimizer").selectOption("sgd");
    await at(page, "start").click();
    await at(page, "problem").waitFor();
    await page.waitForTimeout(1500);
    await take("failed");
  },
  async functions(open, take) {
    const page = await open("?lab=functions");
    const lab = page.locator("#functions");
    const learn = async (milliseconds) => {
      await lab.getByTestId("start").click();
      await page.waitForTimeout(milliseconds);
      await lab.getByTestId("stop").click();
      await page.waitForTimeout(300);
    };
    await lab.getByTestId("start").waitFor();
    await page.waitForTimeout(1000);
    await take("idle");
    await learn(6000);
    await at(page, "fn-landscape").click();
    await page.waitForTimeout(6000);
    await take("a curve and its landscape");
    await lab.getByRole("link", { name: "A spiral" }).click();
    await page.waitForTimeout(1000);
    await learn(8000);
    await take("a spiral");
    await lab.getByRole("link", { name: "A surface" }).click();
    await page.waitForTimeout(1000);
    await learn(6000);
    await take("a surface");
  },
  async autograd(open, take) {
    const page = await open("?lab=autograd");
    const lab = page.locator("#autograd");
    await lab.getByRole("link", { name: "Used twice" }).click();
    await page.waitForTimeout(500);
    await lab.getByTestId("first").click();
    for (let step = 0; step < 4; step++) await lab.getByTestId("next").click();
    await take("on the way");
    await lab.getByTestId("all").click();
    await lab.getByTestId("check").click();
    await page.waitForTimeout(800);
    await take("checked numerically");
    await lab.getByRole("link", { name: "A small network" }).click();
    await page.waitForTimeout(800);
    await take("a small network");
  },
  async tables(open, take) {
    const page = await open("?lab=tables&table=cars&epochs=2000");
    const lab = page.locator("#tables");
    await waitForLab(page, "tables");
    await page.waitForTimeout(600);
    await take("idle");
    await lab.getByTestId("start").click();
    await page.waitForTimeout(1000);
    await take("training");
    await lab.getByTestId("stop").click();
    await page.waitForTimeout(2000);
    await take("a number, stopped");
    await lab.getByRole("link", { name: "As at the beginning" }).click();
    await page.waitForTimeout(1000);
    await lab.getByTestId("start").click();
    await page.waitForTimeout(4000);
    await take("classes, finished");
  },
  async tour(open, take) {
    const page = await open("#tour");
    await waitForStatus(page, "idle");
    await page.waitForTimeout(800);
    await take("first step", false);
  },
};

// A lab that has no states of its own above is taken as it opens.
for (const { name } of await readLabs()) {
  walks[name] ??= async (open, take) => {
    await waitForLab(await open(`?lab=${name}`), name);
    await take("idle");
  };
}

const only = process.argv.slice(2).filter((word) => !word.startsWith("--"));
for (const [name, walk] of Object.entries(walks)) {
  if (only.length > 0 && !only.includes(name)) continue;
  for (const width of [1280, 360]) {
    for (const colorScheme of ["light", "dark"]) {
      const context = { viewport: { width, height: width === 360 ? 740 : 900 }, colorScheme };
      if (width === 360) Object.assign(context, { deviceScaleFactor: 2, hasTouch: true });
      let page;
      await walk(
        async (query) => (page = await openPage(browser, address + query, { context })),
        (state, fullPage = true) => {
          const file = `${name}, ${state}, ${width} ${colorScheme}.png`.replaceAll(/,? /g, "-");
          return page.screenshot({ path: `${folder}/${file}`, fullPage });
        },
        width === 1280 && colorScheme === "light",
      );
      await page.context().close();
      console.log(`${name}, ${width} px, ${colorScheme}`);
    }
  }
}
await browser.close();
close();
console.log(`The pictures are in ${folder}`);

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
