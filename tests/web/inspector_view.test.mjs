// The inspector asks seldom, and not at all while nobody looks; it fits any width. And "Open this step", which hands
// the picture in hand over.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { axeFindings, withAxe } from "../support/axe.mjs";
import { at, waitForStatus } from "./support.mjs";
import { testImages, pixels, count, open, look, atStep, tensorRows } from "./inspecting.mjs";

test("whoever opens it when all is over sees how far the last step moved the weights", async () => {
  const page = await open(
    "net=conv+4+5x5,+pool+2,+relu,+dense+classes&batch=500&epochs=2&seed=3&validation=0&autostart=1",
  );
  await waitForStatus(page, "finished");
  assert.equal(await count(page), 0);
  await look(page);
  await atStep(page, "240");
  for (const { cells, dot } of await tensorRows(page)) {
    assert.match(cells[2], /^\d\.\d·10⁻/, cells[0]);
    assert.notEqual(dot, null, cells[0]);
  }
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("it asks at most four times a second, and nothing while it is closed, out of sight or hidden", async () => {
  const page = await open("net=dense+32,+relu,+dense+classes&epochs=1000&validation=0&autostart=1");
  await waitForStatus(page, "training");
  await page.locator("#inspector summary").scrollIntoViewIfNeeded();
  await page.locator("#epoch-rows tr:nth-child(2)").waitFor({ state: "attached" });
  assert.equal(await count(page), 0, "never opened");
  await look(page);
  await page.waitForFunction(
    () => globalThis.asked.filter(([name]) => name === "inspect").length > 4,
  );
  const times = await page.evaluate(() =>
    globalThis.asked.filter(([name]) => name === "inspect").map(([, when]) => when),
  );
  times.slice(1).forEach((time, i) => {
    assert.ok(time - times[i] >= 249, `asked again after ${time - times[i]} ms`);
  });
  // While it trains, there are steps whose update is measured.
  for (const { cells } of await tensorRows(page)) assert.match(cells[2], /^\d\.\d·10/);

  const quiet = async (what) => {
    await page.waitForTimeout(300); // what has just changed is noticed a moment later
    const before = await count(page);
    await page.waitForTimeout(2000);
    assert.equal(await count(page), before, what);
  };
  await page.evaluate(() => scrollTo(0, 0));
  await page.waitForFunction(
    () => document.querySelector("#inspector").getBoundingClientRect().top > innerHeight,
  );
  await quiet("out of sight");
  await page.locator("#inspector .inside").scrollIntoViewIfNeeded();
  const seen = await count(page);
  await page.waitForFunction(
    (seen) => globalThis.asked.filter(([name]) => name === "inspect").length > seen,
    seen,
  );
  const hide = (hidden) =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
  await hide(true);
  await quiet("hidden");
  await hide(false);
  await page.locator("#inspector summary").click();
  await quiet("closed again");
  assert.equal(await at(page, "status").textContent(), "training");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("Open this step hands over the picture in hand with its label", async () => {
  const page = await open("net=dense+8,+relu,+dense+classes&seed=1&validation=0");
  const select = page.locator("#open-step-label");
  const button = at(page, "open-step");
  const traced = () =>
    page.evaluate(() => {
      const [, , input, label] = globalThis.asked.findLast(([name]) => name === "trace");
      return { input: [...input], label };
    });
  const back = async () => {
    await page.waitForURL(/lab=autograd/);
    await page.getByRole("link", { name: "Digits" }).click();
    await button.waitFor();
  };
  // The first of the grid is a 7.
  await page.waitForFunction(() => !document.querySelector("#open-step").disabled);
  assert.deepEqual([await select.isDisabled(), await select.inputValue()], [true, "7"]);
  await button.click();
  await back();
  const first = await traced();
  assert.equal(first.label, 7);
  assert.deepEqual(first.input, [...Float32Array.from(pixels(testImages, 0))]);

  // The second one, chosen, is a 2.
  await page.locator("#grid button").nth(1).click();
  assert.match(
    await page.locator('[data-testid="open-step-picture"]').textContent(),
    /^test digit 2, a\s2$/,
  );
  await button.click();
  await back();
  assert.equal((await traced()).label, 2);

  // A drawing: nobody but the visitor knows what it is, so the page asks.
  await page.getByRole("button", { name: "Clear" }).click();
  // Draws a line between two places, as shares of the pad.
  const draw = async (from, to) => {
    const pad = at(page, "draw-pad");
    await pad.scrollIntoViewIfNeeded();
    const { x, y, width, height } = await pad.boundingBox();
    await page.mouse.move(x + from[0] * width, y + from[1] * height);
    await page.mouse.down();
    await page.mouse.move(x + to[0] * width, y + to[1] * height, { steps: 6 });
    await page.mouse.up();
    await page.waitForFunction(() => !document.querySelector("#open-step-label").disabled);
  };
  await draw([0.5, 0.25], [0.5, 0.75]);
  assert.equal(
    await page.locator('[data-testid="open-step-picture"]').textContent(),
    "the digit you drew",
  );
  await page.waitForFunction(() =>
    /^\d$/.test(document.querySelector('[data-testid="prediction"]').textContent),
  );
  const tracings = () =>
    page.evaluate(() => globalThis.asked.filter(([name]) => name === "trace").length);
  const before = await tracings();
  assert.equal(await select.inputValue(), "");
  await button.click();
  const question = at(page, "open-step-question");
  assert.match(await question.textContent(), /^Say what it is: only you know/);
  assert.equal(await page.evaluate(() => document.activeElement.id), "open-step-label");
  assert.equal(await tracings(), before, "nothing is opened without a label");
  await select.selectOption("3");
  assert.equal(await question.textContent(), "");
  await button.click();
  await back();
  assert.equal((await traced()).label, 3);

  // The next drawing is another one, so it is asked again.
  await page.getByRole("button", { name: "Clear" }).click();
  assert.equal(await select.inputValue(), "7", "the grid's first picture");
  await draw([0.25, 0.5], [0.75, 0.5]);
  assert.equal(await select.inputValue(), "");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});
for (const width of [1280, 360]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`axe finds nothing in the open inspector at ${width} px, ${colorScheme}`, async () => {
      const page = await open(
        "net=conv+4+5x5,+pool+2,+relu,+dense+12,+relu,+dense+classes&epochs=100&validation=0&autostart=1",
        {
          context: { viewport: { width, height: 800 }, colorScheme },
          prepare: withAxe,
        },
      );
      await look(page);
      await page.waitForFunction(() => document.querySelector(".dot:not([hidden])"));
      await at(page, "tensors").getByRole("button", { name: "conv1.weight" }).focus();
      assert.deepEqual(await axeFindings(page), []);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= width, `${wide} pixels wide`);
      const small = await page
        .locator("#inspector button")
        .evaluateAll((all) =>
          all.filter((button) => button.getBoundingClientRect().height < 24).map(String),
        );
      assert.deepEqual(small, []);
      await page.context().close();
    });
  }
}
