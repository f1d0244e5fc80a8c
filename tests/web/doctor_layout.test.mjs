// How the doctor's findings stand in the page: the curve beside the words, and what axe-core finds.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { axeFindings, withAxe } from "../support/axe.mjs";
import { begin, linear, open, panel } from "./diagnosing.mjs";
import { at } from "./support.mjs";

test("the curve stands beside the words, marked; the marks in the figures keep clear of their curves", async () => {
  const texts = (page) =>
    page.addInitScript(() => {
      globalThis.texts = [];
      const { fillText } = CanvasRenderingContext2D.prototype;
      CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
        const { id } = this.canvas.closest("figure") ?? {};
        globalThis.texts.push([id, text, y / this.canvas.height]);
        return fillText.call(this, text, x, y);
      };
    });
  const page = await open(
    { net: "dense 128, relu, dense classes", lr: 100, epochs: 3 },
    { prepare: texts },
  );
  await begin(page);
  const curve = at(page, "doctor-curve");
  assert.ok(await curve.isVisible());
  const label = await curve.locator("svg").getAttribute("aria-label");
  const [, from, to, low, high] =
    /^Loss from step (\d+) to (\d+): between (\S+) and (\S+)\. Step 2 is marked\.$/.exec(label);
  assert.equal(from, "1");
  assert.ok(Number(to) > 20, to);
  assert.ok(Number(low) < 2.5 && high.length > 3, label);
  const { x, width } = await curve.boundingBox();
  const named = await panel(page).locator(".named").boundingBox();
  assert.ok(x > named.x + 300 && width > 250, "to the right of the words");
  const text = await panel(page).innerText();
  assert.match(text, /no better than a blind guess, which has a loss of 2\.3\./);
  await page.waitForFunction(() => globalThis.texts.some(([, text]) => text === "step 2"));
  const marks = Object.fromEntries(
    (await page.evaluate(() => globalThis.texts))
      .filter(([, text]) => text === "step 2")
      .map(([figure, , y]) => [figure, y]),
  );
  assert.ok(marks["loss-figure"] > 0.7, "below a loss that stays high");
  assert.ok(marks["accuracy-figure"] < 0.2, "above an accuracy that stays low");
  assert.deepEqual(page.complaints, []);
  await page.context().close();

  // With little room the reasons are folded, and the way on is in sight.
  const small = await open(
    { net: "dense 128, relu, dense classes", lr: 100, epochs: 3 },
    { context: { viewport: { width: 360, height: 800 } } },
  );
  await begin(small);
  assert.ok(await at(small, "doctor-curve").isHidden());
  for (const details of await panel(small).locator("details").all()) {
    assert.equal(await details.evaluate(({ open }) => open), false);
  }
  const { height } = await panel(small).boundingBox();
  assert.ok(height < 620, `${height} pixels`);
  await small.context().close();
});

for (const [width, colorScheme] of [
  [1280, "light"],
  [360, "dark"],
]) {
  test(`axe finds nothing in what it says at ${width} px, ${colorScheme}, and it is there for the keyboard`, async () => {
    const page = await open(
      { net: linear, optimizer: "sgd", lr: 0.5, epochs: 2 },
      {
        context: { viewport: { width, height: 800 }, colorScheme },
        prepare: withAxe,
      },
    );
    await begin(page);
    await panel(page).locator("summary").last().focus();
    await page.keyboard.press("Enter");
    await panel(page).locator("table").waitFor();
    assert.deepEqual(await axeFindings(page), []);
    const sideways = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.equal(sideways, 0);
    await page.getByRole("button", { name: /^Go back to the start/ }).focus();
    await page.keyboard.press("Enter");
    await at(page, "epoch-rows").locator("tr").first().waitFor({ state: "attached" });
    assert.equal(await panel(page).count(), 0);
    await page.context().close();
  });
}
