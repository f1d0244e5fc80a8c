// Runs are kept, compared and forgotten.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { at, countKept, openPage, waitForStatus } from "./support.mjs";
import {
  browser,
  site,
  net,
  train,
  set,
  saved,
  rowsOf,
  table,
  epochs,
  said,
} from "./comparing.mjs";

test("a run is kept, drawn beside the next one, and outlives reset and reload", async () => {
  const page = await openPage(browser, `${site.address}${net}`);
  await waitForStatus(page, "idle");
  const keep = at(page, "keep-run");
  assert.ok(await keep.isDisabled(), "there is no run to keep yet");
  await train(page);
  const first = await epochs(page);
  await keep.click();
  const [, loss, accuracy, testLoss, testAccuracy] = first[1];
  const kept = ["A", "2", "test", testAccuracy, testLoss, loss];
  assert.ok(accuracy);
  assert.deepEqual(await table(page), [["This run", ...kept.slice(1)], kept]);
  assert.match((await said(page))[0], /^This run, compared with A: all settings the same\. /);

  await at(page, "reset").click();
  await page.waitForFunction(() =>
    document.querySelector('[data-testid="differences"]').textContent.includes("not begun"),
  );
  assert.deepEqual(await table(page), [["This run", "–", "–", "–", "–", "–"], kept]);
  const label = await page.locator("#loss-figure canvas").getAttribute("aria-label");
  assert.match(label, /^Loss: no training yet; kept run A: training 0\.\d+, test 0\.\d+\./);

  await set(page, "lr", "0.0003");
  await set(page, "net-text", "dense 16, relu, dense 16, relu, dense classes");
  await set(page, "epochs", "3");
  assert.match(
    page.url(),
    /lr=0\.0003&batch=64&epochs=3&seed=2&validation=0$/,
    "the address is the run’s own",
  );
  await train(page);
  const second = await epochs(page);
  const last = second[2];
  assert.deepEqual(await table(page), [["This run", "3", "test", last[4], last[3], last[1]], kept]);
  const points = Math.abs(Number.parseFloat(last[4]) - Number.parseFloat(testAccuracy)).toFixed(2);
  const losses = (Number.parseFloat(last[3]) - Number.parseFloat(testLoss)).toFixed(3);
  const [sentence] = await said(page);
  assert.ok(
    sentence.startsWith(
      "This run, compared with A: two layers of 16 instead of one; learning rate 0.0003 instead of 0.003; " +
        "3 epochs instead of 2; seed the same. Its test accuracy is ",
    ),
    sentence,
  );
  assert.ok(sentence.includes(` ${points} points lower`), sentence);
  assert.ok(sentence.includes(`loss ${losses}`) || losses.startsWith("-"), sentence);

  // The key has the kept run's last values, and the CSV both curves.
  const key = await page.locator("#accuracy-figure .key.kept").textContent();
  assert.match(key, new RegExp(`^A ?\\s*\\d\\d\\.\\d\\d\\s%\\s*${testAccuracy}`));
  const [head, ...rows] = rowsOf((await saved(page, "accuracy-csv")).bytes);
  const column = (name) => {
    const i = head.indexOf(name);
    assert.ok(i > 0, `${name} among ${head}`);
    return rows.flatMap((row) => (row[i] ? [[Number(row[0]), Number(row[i])]] : []));
  };
  const percents = (points) =>
    points.map(([epoch, share]) => [epoch, `${(100 * share).toFixed(2)}\u00a0%`]);
  assert.deepEqual(
    percents(column("test")),
    second.map((row) => [Number(row[0]), row[4]]),
  );
  assert.deepEqual(
    percents(column("kept run A: test")),
    first.map((row) => [Number(row[0]), row[4]]),
  );
  assert.ok(column("kept run A: training").length > 500);

  // Up to twelve; forgetting makes room.
  for (let kept = 1; kept < 12; kept++) await keep.click();
  assert.ok(await keep.isDisabled());
  assert.ok(await page.locator("#compare .full").isVisible());
  await page.getByRole("button", { name: "Forget B" }).click();
  assert.deepEqual(
    (await table(page)).map(([name]) => name),
    ["This run", "A", ..."CDEFGHIJKL"],
  );
  assert.ok(await keep.isEnabled());
  for (const name of "DEFGHIJKL")
    await page.getByRole("button", { name: `Forget ${name}` }).click();

  // The browser has it after a reload.
  const before = await table(page);
  await page.reload();
  await waitForStatus(page, "idle");
  await at(page, "compared").waitFor();
  assert.deepEqual((await table(page)).slice(1), before.slice(1));
  for (const name of ["A", "C"]) await page.getByRole("button", { name: `Forget ${name}` }).click();
  assert.ok(await at(page, "compared").isHidden());
  await page.reload();
  await waitForStatus(page, "idle");
  assert.ok(await at(page, "compared").isHidden());
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("the letter of a kept run stands on its line, in both figures", async () => {
  const page = await openPage(browser, `${site.address}${net}`, {
    prepare: (page) =>
      page.addInitScript(() => {
        // The points of the paths that are drawn paler, and where letters are put.
        globalThis.drawn = { "loss-figure": {}, "accuracy-figure": {} };
        const { lineTo, fillText } = CanvasRenderingContext2D.prototype;
        const of = ({ canvas }) => globalThis.drawn[canvas.closest("figure")?.id] ?? {};
        CanvasRenderingContext2D.prototype.lineTo = function (x, y) {
          if (this.globalAlpha === 0.7) (of(this).points ??= []).push([x, y]);
          return lineTo.call(this, x, y);
        };
        CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
          if (text === "A") of(this).letter = [x, y];
          return fillText.call(this, text, x, y);
        };
      }),
  });
  await waitForStatus(page, "idle");
  await train(page);
  await at(page, "keep-run").click();
  await page.waitForFunction(() => Object.values(globalThis.drawn).every(({ letter }) => letter));
  const drawn = await page.evaluate(() => globalThis.drawn);
  for (const [figure, { points, letter }] of Object.entries(drawn)) {
    const distances = points.map(([x, y]) => Math.hypot(x - letter[0], y - letter[1]));
    assert.ok(Math.min(...distances) < 1, `${figure}: ${Math.min(...distances)} pixels away`);
  }
  await page.context().close();
});

test("whoever reloads in the moment of keeping or forgetting a run finds it done", async () => {
  const page = await openPage(browser, `${site.address}${net}`);
  const clickAndReload = async (button) => {
    await waitForStatus(page, "idle");
    await Promise.all([
      page.waitForEvent("load"),
      button.evaluate((button) => {
        button.click();
        location.reload();
      }),
    ]);
  };
  for (let round = 0; round < 3; round++) {
    await waitForStatus(page, "idle");
    await at(page, "step").click();
    await clickAndReload(page.locator('[data-testid="keep-run"]:enabled'));
    await clickAndReload(page.getByRole("button", { name: "Forget A" }));
    assert.equal(await countKept(page, "compared"), 0, `round ${round}`);
  }
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("a rate that is changed on the way is told", async () => {
  const page = await openPage(browser, `${site.address}${net}&epochs=200`);
  await waitForStatus(page, "idle");
  await at(page, "step").click();
  await page.waitForFunction(() => !document.querySelector('[data-testid="keep-run"]').disabled);
  await at(page, "keep-run").click();
  await set(page, "lr", "0.001");
  await at(page, "step").click();
  await page.waitForFunction(() =>
    document.querySelector("#way-text").textContent.startsWith("Step 2 "),
  );
  await at(page, "keep-run").click();
  assert.match(
    (await said(page))[0],
    /learning rate 0\.003, then 0\.001 instead of 0\.003; seed the same/,
  );
  await page.context().close();
});
