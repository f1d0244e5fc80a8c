// How the page lies: nothing runs over at any width, numbers and curves stay where they are, labs look the same.
import assert from "node:assert/strict";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { test } from "../support/test.mjs";
import { isDeepStrictEqual } from "node:util";
import {
  at,
  goToLab,
  launchSite,
  openPage,
  readLabs,
  root,
  servePage,
  waitForLab,
  waitForStatus,
} from "./support.mjs";

const { browser, site } = await launchSite();
const labs = await readLabs();

for (const { name: lab } of labs) {
  test(`no width from 320 to 1920 scrolls ${lab} sideways, and targets are large enough`, async () => {
    const page = await openPage(browser, `${site.address}?lab=${lab}`);
    await waitForLab(page, lab);
    for (const width of [320, 360, 480, 560, 720, 960, 1100, 1280, 1920]) {
      await page.setViewportSize({ width, height: 800 });
      // The curves follow the width.
      if (lab === "digits") {
        await page.waitForFunction(() => {
          const [canvas, figure] = ["#loss-figure canvas", "#loss-figure"].map(
            (each) => document.querySelector(each).getBoundingClientRect().width,
          );
          return Math.abs(canvas - figure) < 2;
        });
      }
      await page.waitForTimeout(100);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= width, `at ${width} px the page is ${wide} px wide`);
      await page.evaluate(() => {
        for (const details of document.querySelectorAll("details")) details.open = true;
      });
      const targets = page.locator("button, input, select, textarea, summary, nav a");
      const small = await targets.evaluateAll((targets) =>
        targets
          .filter((target) => target.checkVisibility())
          .map((target) => ({
            name: target.id || target.textContent,
            box: target.getBoundingClientRect(),
          }))
          .filter(({ box }) => box.width < 24 || box.height < 24)
          .map(({ name, box }) => `${name} ${box.width} × ${box.height}`),
      );
      assert.deepEqual(small, [], `at ${width} px`);
    }
    await page.context().close();
  });
}

test("each plot says above it what it shows, in sight of Start", async () => {
  const page = await openPage(browser, site.address, {
    context: { viewport: { width: 1280, height: 800 } },
  });
  await waitForStatus(page, "idle");
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 800 });
    for (const name of ["Loss", "Accuracy"]) {
      const figure = page.locator(`#${name.toLowerCase()}-figure`);
      const boxOf = (selector) => figure.locator(selector).first().boundingBox();
      const title = await figure.getByRole("heading", { name, exact: true }).boundingBox();
      const [key, plot, caption] = await Promise.all([".key", ".plot", "figcaption"].map(boxOf));
      const tops = [title, key, plot, caption].map(({ y }) => y);
      assert.deepEqual(
        tops,
        tops.toSorted((a, b) => a - b),
        `${name} at ${width} px`,
      );
      assert.ok(title.y + title.height <= key.y + 1, `${name} at ${width} px: above its key`);
      if (width === 1280) assert.ok(key.y + key.height < 800, `${name}: ${key.y} px down`);
    }
  }
  await page.context().close();
});

test("no line of a lab can end between a number and its percent sign", async () => {
  const page = await openPage(browser, site.address);
  let signs = 0;
  for (const { name } of labs) {
    if (name !== labs[0].name) await goToLab(page, name);
    await waitForLab(page, name);
    const text = await page.locator(`#${name}`).evaluate((lab) => lab.textContent);
    assert.deepEqual(text.match(/.{0,30}\d %/g) ?? [], [], name);
    signs += text.match(/\d\u00a0%/g)?.length ?? 0;
  }
  assert.ok(signs > 0, "there are percent signs");
  await page.context().close();
});

test("the small buttons that save have one look", async () => {
  const page = await openPage(browser, site.address);
  await waitForStatus(page, "idle");
  const look = (selector) =>
    page.locator(selector).evaluateAll((all) =>
      [
        ...new Set(
          all.map((each) => {
            const style = getComputedStyle(each);
            const names = ["borderTopWidth", "borderTopColor", "minHeight", "fontSize"];
            return [...names, "paddingLeft", "textDecorationLine"]
              .map((name) => style[name])
              .join();
          }),
        ),
      ].sort(),
    );
  const digits = await look("#digits .saves button");
  assert.equal(digits.length, 1, digits.join(" | "));
  assert.match(digits[0], /^1px,.*,none$/);
  await page.getByRole("link", { name: "Autograd" }).click();
  await waitForLab(page, "autograd");
  // They can be pressed once there is a graph.
  await page.locator("#autograd .small button:enabled").nth(2).waitFor();
  await page
    .locator("#autograd .small button")
    .evaluateAll((all) =>
      Promise.all(all.flatMap((each) => each.getAnimations().map((a) => a.finished))),
    );
  assert.deepEqual(await look("#autograd .small button"), digits);
  await page.context().close();
});

test("what scrolls sideways fades at the edge beyond which there is more, and only there", async () => {
  const fades = (page, selector) =>
    page.locator(selector).evaluate(async (region) => {
      const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      const edges = () => {
        const style = getComputedStyle(region);
        return ["--fade-start", "--fade-end"].map(
          (name) => Number.parseFloat(style.getPropertyValue(name)) > 0,
        );
      };
      await frame();
      const first = edges();
      region.scrollLeft = 20;
      await frame();
      const between = edges();
      region.scrollLeft = 10_000;
      await frame();
      return [first, between, edges()];
    });
  for (const [width, expected] of [
    [320, [[false, true], [true, true], [true, false]]], // prettier-ignore
    [1280, [[false, false], [false, false], [false, false]]], // prettier-ignore
  ]) {
    const page = await openPage(browser, site.address, {
      context: { viewport: { width, height: 800 } },
    });
    await waitForStatus(page, "idle");
    assert.deepEqual(await fades(page, ".piles"), expected, `${width} px`);
    const mask = await page
      .locator(".piles")
      .evaluate((region) => getComputedStyle(region).maskImage);
    assert.match(mask, /gradient/);
    await page.context().close();
  }
});

test("a size is not torn apart at the end of a line", async () => {
  const page = await openPage(
    browser,
    `${site.address}?net=conv+4+5x5,+relu,+dense+classes&validation=0`,
  );
  await waitForStatus(page, "idle");
  await page.waitForFunction(() => document.querySelector("#filters-caption").textContent);
  const torn = await page
    .locator("p, figcaption")
    .evaluateAll((all) =>
      all.flatMap(({ textContent }) => /\d ?× \d|\d ×\s?\d/.exec(textContent)?.[0] ?? []),
    );
  assert.deepEqual(torn, []);
  await page.context().close();
});

test("the numbers stay where they are when they change", async () => {
  for (const width of [1280, 1000, 360]) {
    const context = { viewport: { width, height: 800 } };
    const query = "?net=dense+32,+relu,+dense+classes&validation=5000";
    const page = await openPage(browser, site.address + query, { context });
    const places = () =>
      page
        .locator(".run button, dd:not([data-part$='-when']), .plot")
        .evaluateAll((all) =>
          all.map((each) => [each.offsetLeft, each.offsetTop, each.offsetHeight].join()),
        );
    await waitForStatus(page, "idle");
    const idle = await places();
    await page.getByLabel("Epochs", { exact: true }).fill("50");
    await at(page, "start").click();
    await waitForStatus(page, "training");
    await at(page, "epoch-rows").locator("tr").first().waitFor({ state: "attached" });
    assert.deepEqual(await places(), idle, `at ${width} px`);
    await at(page, "pause").click();
    await waitForStatus(page, "paused");
    assert.deepEqual(await places(), idle, `at ${width} px, paused`);
    await page.context().close();
  }
});

test("the page works from a subfolder of any host", async () => {
  const folder = await mkdtemp(`${tmpdir()}/lanegrad-`);
  await cp(`${root}build/web`, `${folder}/deep/in/here`, { recursive: true });
  const host = await servePage(folder);
  const page = await openPage(
    browser,
    `${host.address}deep/in/here?net=dense+8,+relu,+dense+classes&epochs=1&validation=0&autostart=1`,
  );
  await waitForStatus(page, "finished");
  assert.match(page.url(), /\/deep\/in\/here\/\?/);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
  host.close();
  await rm(folder, { recursive: true });
});

test("a lab looks the same whatever lab was open before", async () => {
  const page = await openPage(browser, `${site.address}?validation=0`);
  await waitForStatus(page, "idle");
  await page.evaluate(() => {
    for (const details of document.querySelectorAll("#digits details")) details.open = true;
  });
  // What is opened above it grows, and moves it out of sight.
  await page.waitForFunction(
    () => {
      document.querySelector("#evaluation").scrollIntoView();
      return document.querySelector('[data-testid="views"]').checkVisibility();
    },
    undefined,
    { polling: 500 },
  );
  const looks = () =>
    page.evaluate(() => {
      scrollTo(0, 0);
      return Array.from(document.querySelectorAll("#digits *"), (element) => {
        const { display, margin, padding, border, font, color } = getComputedStyle(element);
        const name = `${element.localName}.${element.className?.baseVal ?? element.className}`;
        return [name, display, margin, padding, border, font, color].join(" | ");
      });
    });
  // What stands in the opened parts comes when it is worked out.
  let before;
  do {
    before = await looks();
    await page.waitForTimeout(2500);
  } while (!isDeepStrictEqual(await looks(), before));
  for (const { name } of [...labs.slice(1), labs[0]]) await goToLab(page, name);
  assert.deepEqual(await looks(), before);
  await page.context().close();
});
