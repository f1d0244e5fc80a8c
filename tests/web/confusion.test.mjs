// The confusion matrix opens its pictures and is walked through with arrow keys; it asks when somebody looks.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { at, openPage, waitForStatus } from "./support.mjs";
import {
  browser,
  site,
  images,
  labels,
  perLabel,
  net,
  asked,
  matrixOf,
  sum,
} from "./evaluating.mjs";

const near = (is, should, tolerance, what) =>
  assert.ok(Math.abs(is - should) <= tolerance, `${what}: ${is}, expected ${should}`);

test("a cell opens its digits, and one of them goes to the pad", async () => {
  const page = await openPage(browser, `${site.address}${net}&epochs=1&autostart=1`);
  await waitForStatus(page, "finished");
  await asked(page);
  const matrix = await matrixOf(page);
  const [, most, label, answer] = matrix
    .flatMap((row, i) => row.map((count, j) => [i !== j, count, i, j]))
    .filter(([wrong]) => wrong)
    .sort((a, b) => b[1] - a[1])[0];
  const cell = page.getByRole("button", {
    name: `${label} read as ${answer}: ${most}`,
    exact: true,
  });
  await cell.click();
  assert.equal(await cell.getAttribute("aria-pressed"), "true");
  const opened = at(page, "opened");
  assert.equal(
    await opened.locator("h3").textContent(),
    `${label} read as ${answer}: ${most} digits`,
  );
  while (await opened.locator(".more").isVisible()) await opened.locator(".more").click();
  const pictures = await opened.locator(".pictures button").evaluateAll((all) =>
    all.map((button) => {
      const canvas = button.querySelector("canvas");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return { name: button.ariaLabel, ink: Array.from(data).filter((_, i) => i % 4 === 3) };
    }),
  );
  assert.equal(pictures.length, most);
  const numbers = pictures.map(({ name, ink }) => {
    const [, number, is, read] = name.match(/^Test digit (\d+), a (\d), read as (\d), /);
    const index = Number(number) - 1;
    assert.equal(Number(is), label);
    assert.equal(Number(read), answer);
    assert.equal(labels[index], label);
    assert.deepEqual(ink, [...images.subarray(784 * index, 784 * (index + 1))]);
    return number;
  });
  assert.equal(new Set(numbers).size, most);

  await opened.locator(".pictures button").first().click();
  await page.waitForFunction(
    (answer) => document.querySelector('[data-testid="prediction"]').textContent === answer,
    String(answer),
  );
  const share = Number.parseFloat(pictures[0].name.match(/([\d.]+)\s% sure/)[1]);
  const confidence = await page.locator("#confidence").textContent();
  near(Number.parseFloat(confidence.replace("over ", "")), share, 0.1001, "confidence on the pad");
  await at(page, "draw-pad").scrollIntoViewIfNeeded();

  // Another net, and nothing of the old one is left.
  await at(page, "reset").click();
  await page.waitForFunction(() =>
    document.querySelector("#way-text").textContent.startsWith("Step 0 "),
  );
  assert.ok(await opened.isHidden());
  assert.match(await at(page, "gap").textContent(), /^After the first epoch/);
  const state = await asked(page);
  assert.match(state, /^Asked after step 0: /);
  assert.ok(Number.parseFloat(state.match(/([\d.]+)\s%/)[1]) < 40, state);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("the matrix names its columns above them and its rows beside them", async () => {
  const page = await openPage(browser, `${site.address}${net}`);
  await waitForStatus(page, "idle");
  await asked(page);
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 800 });
    const boxOf = (locator) => locator.boundingBox();
    const figure = page.locator("figure.confusion");
    const matrix = await boxOf(figure.locator(".matrix"));
    const columns = await boxOf(figure.getByText("read as", { exact: true }));
    const rows = await boxOf(figure.getByText("what it is", { exact: true }));
    assert.ok(columns.y + columns.height <= matrix.y, `${width} px: above the columns`);
    assert.ok(rows.x + rows.width <= matrix.x, `${width} px: left of the rows`);
    assert.ok(rows.x >= 0 && rows.y >= matrix.y, `${width} px: in sight`);
    assert.ok(rows.y + rows.height <= matrix.y + matrix.height, `${width} px: beside them`);
    assert.ok(rows.height > rows.width, `${width} px: it stands upright`);
  }
  await page.context().close();
});

test("the matrix is one stop for Tab, and arrow keys walk through it", async () => {
  const page = await openPage(browser, `${site.address}${net}`);
  await waitForStatus(page, "idle");
  await asked(page);
  const focused = () => page.evaluate(() => document.activeElement.ariaLabel?.replace(/: .*/, ""));
  await at(page, "ask").focus();
  // Terms on the way to it are explained where one asks for them.
  do await page.keyboard.press("Tab");
  while (await page.evaluate(() => document.activeElement.matches(".term")));
  assert.equal(await focused(), "0 read as 0");
  for (const [key, cell] of [
    ["ArrowLeft", "0 read as 0"],
    ["ArrowRight", "0 read as 1"],
    ["ArrowDown", "1 read as 1"],
    ["End", "1 read as 9"],
    ["ArrowDown", "2 read as 9"],
    ["Home", "2 read as 0"],
    ["ArrowLeft", "2 read as 0"],
    ["Control+End", "9 read as 9"],
    ["ArrowRight", "9 read as 9"],
    ["ArrowUp", "8 read as 9"],
    ["Control+Home", "0 read as 0"],
    ["ArrowDown", "1 read as 0"],
  ]) {
    await page.keyboard.press(key);
    assert.equal(await focused(), cell, key);
  }
  await page.keyboard.press("Enter");
  assert.match(await at(page, "opened").locator("h3").textContent(), /^1 read as 0: /);
  assert.equal(await focused(), "1 read as 0");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Shift+Tab");
  assert.equal(await focused(), "1 read as 0", "Tab comes back to the same cell");
  await page.context().close();
});

test("while it learns, it is asked when an epoch ends and somebody looks", async () => {
  const page = await openPage(browser, `${site.address}${net}&epochs=200`);
  await waitForStatus(page, "idle");
  assert.equal((await at(page, "asked").textContent()).trim(), "It has not been asked yet.");
  await at(page, "start").click();
  await at(page, "epoch-rows").locator("tr").first().waitFor({ state: "attached" });
  assert.equal((await at(page, "asked").textContent()).trim(), "It has not been asked yet.");
  await page.locator("#evaluation").scrollIntoViewIfNeeded();
  await page.waitForFunction(() =>
    /^Asked (after step|between the steps) /.test(
      document.querySelector('[data-testid="asked"]').textContent,
    ),
  );
  assert.equal(await at(page, "status").textContent(), "training");
  assert.deepEqual((await matrixOf(page)).map(sum), perLabel);
  // When it pauses, the answers become those of the net as it stands.
  await page.evaluate(() => document.querySelector('[data-testid="pause"]').click());
  await waitForStatus(page, "paused");
  const steps = (await page.locator("#way-text").textContent()).match(/Step ([\d,]+)/)[1];
  await page.waitForFunction(
    (start) => document.querySelector('[data-testid="asked"]').textContent.startsWith(start),
    `Asked after step ${steps}: `,
  );
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});
