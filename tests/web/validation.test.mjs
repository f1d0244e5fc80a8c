// A run is judged by what is held back, as the page does without being asked; the test waits until somebody asks it.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { at, launchSite, openPage, waitForStatus } from "./support.mjs";

const { browser, site } = await launchSite();
const small = "net=pool+7,+dense+classes&batch=6000&epochs=2&lr=0.05";
const cell = (page, pile, name) => page.locator(`[data-testid="pile-${pile}"] .${name}`);

test("5,000 digits are held back, and the test is shown nowhere before it is asked", async () => {
  const page = await openPage(browser, `${site.address}?${small}`);
  await waitForStatus(page, "idle");
  assert.equal(await page.locator("#validation").inputValue(), "5000");
  assert.equal(
    await at(page, "step-count").textContent(),
    "To learn from: 55,000 digits. Steps per epoch: 10, in all: 20.",
  );
  await at(page, "start").click();
  await waitForStatus(page, "finished");
  assert.ok(await at(page, "test-accuracy").isHidden());
  const accuracy = await at(page, "validation-accuracy").textContent();
  assert.match(accuracy, /^\d\d\.\d\d\s%$/);
  for (const name of ["loss", "accuracy"]) {
    const figure = page.locator(`#${name}-figure`);
    const label = await figure.locator("canvas").getAttribute("aria-label");
    assert.match(label, /validation [\d.]+/);
    assert.doesNotMatch(label, /test/);
    assert.deepEqual(
      (await figure.locator(".key span:visible").allInnerTexts()).map(
        (text) => text.split(/\s/)[0],
      ),
      ["training", "validation"],
    );
    assert.match(await at(page, `${name}-words`).textContent(), /5,000 digits .*never/);
    // Under the pointer, the key has the values there, and at rest those of the weights.
    const key = figure.locator(".key:not(.kept)");
    const atRest = await key.innerText();
    assert.match(atRest, /training\s+[\d.]+.*validation\s+[\d.]+/s);
    const shows = (atRest, same) =>
      page.waitForFunction(
        ([id, atRest, same]) =>
          (document.querySelector(`#${id} .key`).innerText === atRest) === same,
        [`${name}-figure`, atRest, same],
      );
    await figure.locator(".u-over").hover({ position: { x: 40, y: 20 } });
    await shows(atRest, false);
    await at(page, "start").hover();
    await shows(atRest, true);
  }
  await page.locator(".epochs summary").click();
  const heads = await page.locator(".epochs th:visible").allInnerTexts();
  assert.ok(heads.includes("Validation accuracy") && !heads.includes("Test accuracy"), `${heads}`);

  // Where it is in sight, training and validation are measured, and the gap is between them.
  await page.locator("#evaluation").scrollIntoViewIfNeeded();
  await at(page, "gap")
    .filter({ hasText: /^After step 20/ })
    .waitFor();
  assert.equal(await cell(page, "validation", "accuracy").textContent(), accuracy);
  assert.equal(await cell(page, "test", "accuracy").textContent(), "–");
  assert.equal(await at(page, "asked").textContent(), "It has not been asked yet.");
  assert.ok(await at(page, "views").isHidden());
  assert.ok(await at(page, "hold").isHidden(), "some are held back already");

  await at(page, "ask").click();
  await at(page, "asked")
    .filter({ hasText: /^Asked after step 20/ })
    .waitFor();
  const share = (await at(page, "asked").textContent()).match(/, ([\d.]+\s%)\.$/)[1];
  await cell(page, "test", "accuracy").filter({ hasText: share }).waitFor();
  assert.ok(await at(page, "views").isVisible());
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("whoever holds nothing back sees the test, and is told that the page peeks", async () => {
  const page = await openPage(browser, `${site.address}?${small}&validation=0`);
  await waitForStatus(page, "idle");
  assert.match(
    await at(page, "step-count").textContent(),
    /^To learn from: 60,000 digits\. Steps per epoch: 10,/,
  );
  await at(page, "start").click();
  await waitForStatus(page, "finished");
  assert.ok(await at(page, "test-accuracy").isVisible());
  assert.ok(await at(page, "validation-accuracy").isHidden());
  await page.locator("#evaluation").scrollIntoViewIfNeeded();
  await page.locator('[data-says="choose"]').filter({ hasText: "it peeks" }).waitFor();
  await at(page, "hold").click();
  assert.equal(await page.locator("#validation").inputValue(), "5000");
  await at(page, "start").click();
  await page.waitForFunction(() =>
    /Step 20 of 20/.test(document.querySelector("#way-text").textContent),
  );
  await waitForStatus(page, "finished");
  assert.equal(await cell(page, "validation", "count").textContent(), "5,000");
  assert.ok(await at(page, "test-accuracy").isHidden());
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("the first run’s losses are of one kind: training gets below what it is judged by", async () => {
  const page = await openPage(browser, `${site.address}?autostart=1`);
  await waitForStatus(page, "finished");
  const rows = await at(page, "epoch-rows")
    .locator("tr")
    .evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.textContent)));
  const [, trainLoss, trainAccuracy, validationLoss, validationAccuracy] = rows.at(-1);
  assert.ok(Number(trainLoss) < Number(validationLoss), `${trainLoss}, ${validationLoss}`);
  assert.ok(Number.parseFloat(trainAccuracy) > Number.parseFloat(validationAccuracy));
  assert.match(await at(page, "loss-words").textContent(), /training all along/);
  const { searchParams } = new URL(page.url());
  assert.deepEqual(
    ["net", "label-smoothing", "shift", "rotation"].map((name) => searchParams.get(name)),
    ["mlp", "0", "0", "0"],
  );
  await page.context().close();
});
