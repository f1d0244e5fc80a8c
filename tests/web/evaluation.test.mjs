// The honest evaluation: what the page shows of the net's answers equals what follows from the weights it saved,
// the images and labels on disk, and formulas worked here in another way.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { runnerImport } from "vite";
import { at, openPage, root, waitForStatus } from "./support.mjs";
import {
  browser,
  site,
  labels,
  training,
  trainLabels,
  perLabel,
  net,
  asked,
  saved,
  rowsOf,
  matrixOf,
  sum,
  reader,
} from "./evaluating.mjs";

const near = (is, should, tolerance, what) =>
  assert.ok(Math.abs(is - should) <= tolerance, `${what}: ${is}, expected ${should}`);

test("all that is shown follows from the saved weights and the test set on disk", async () => {
  const page = await openPage(
    browser,
    `${site.address}${net.replace("validation=0", "validation=6000")}&epochs=2&autostart=1`,
  );
  await waitForStatus(page, "finished");
  await page.locator("#evaluation").scrollIntoViewIfNeeded();
  await at(page, "ask").click();
  const state = await asked(page);

  // The matrix: 54,000 digits to learn from, 64 at a time, are 844 steps an epoch.
  const matrix = await matrixOf(page);
  assert.deepEqual(matrix.map(sum), perLabel);
  const right = sum(matrix.map((row, i) => row[i]));
  const accuracy = (right / 100).toFixed(2);
  assert.equal(
    state,
    `Asked after step 1,688: ${right.toLocaleString("en-US")} of 10,000 are right, ${accuracy}\u00a0%.`,
  );
  // The run itself goes by what is held back.
  assert.ok(await at(page, "test-accuracy").isHidden());

  // The answers, one by one.
  const file = await saved(page, "All answers as CSV");
  assert.equal(file.name, "lanegrad-answers.csv");
  const [head, ...rows] = rowsOf(file.bytes);
  assert.deepEqual(head, ["number", "label", "answer", "confidence", "probability of label"]);
  assert.equal(rows.length, 10_000);
  const probabilities = reader((await saved(page, "Save")).bytes);
  const counts = perLabel.map(() => perLabel.map(() => 0));
  rows
    .map((row) => row.map(Number))
    .forEach(([number, label, answer, confidence, ofLabel], i) => {
      assert.equal(number, i + 1);
      assert.equal(label, labels[i]);
      counts[label][answer]++;
      if (i % 10 !== 0) return;
      const own = probabilities(i);
      near(confidence, Math.max(...own), 1e-4, `confidence of ${number}`);
      near(own[answer], Math.max(...own), 1e-4, `answer to ${number}`);
      near(ofLabel, own[label], 1e-4, `probability of the label of ${number}`);
    });
  assert.deepEqual(matrix, counts);
  const [, ...matrixFile] = rowsOf((await saved(page, "Matrix as CSV")).bytes);
  assert.deepEqual(
    matrixFile.map((row) => row.slice(1).map(Number)),
    counts,
  );

  // Per class. Wilson's bounds are the shares p for which (right/count − p)² = z² p (1 − p) / count.
  const bound = (right, count, way) => {
    let [inside, outside] = [right / count, way];
    for (let i = 0; i < 60; i++) {
      const p = (inside + outside) / 2;
      if ((right / count - p) ** 2 < (1.959964 ** 2 * p * (1 - p)) / count) inside = p;
      else outside = p;
    }
    return (100 * inside).toFixed(1);
  };
  const classes = await at(page, "per-class")
    .locator("tbody tr")
    .evaluateAll((all) => all.map((row) => [...row.cells].slice(0, 5).map((c) => c.textContent)));
  assert.deepEqual(
    classes,
    perLabel.map((count, label) => [
      String(label),
      count.toLocaleString("en-US"),
      counts[label][label].toLocaleString("en-US"),
      `${((100 * counts[label][label]) / count).toFixed(2)}\u00a0%`,
      `${bound(counts[label][label], count, 0)} to ${bound(counts[label][label], count, 1)}`,
    ]),
  );
  const verdict = await page.locator(".per-class .summary").textContent();
  const below = perLabel.flatMap((count, label) =>
    Number(bound(counts[label][label], count, 1)) < Number(accuracy) ? [label] : [],
  );
  assert.ok(below.length > 0, "after two epochs some class lags");
  assert.match(verdict, new RegExp(`clearly below that: ${below[0]}`));

  // Calibration, over bins of a tenth.
  const bins = Array.from({ length: 10 }, () => ({ count: 0, right: 0, confidence: 0 }));
  for (const [, label, answer, confidence] of rows) {
    const bin = bins.find((_, i) => Number(confidence) <= (i + 1) / 10);
    bin.count++;
    bin.confidence += Number(confidence);
    if (label === answer) bin.right++;
  }
  const error = sum(
    bins.map(({ count, right, confidence }) =>
      count === 0 ? 0 : Math.abs(right - confidence) / 10_000,
    ),
  );
  const shown = await page.locator(".calibration .summary").textContent();
  assert.ok(
    shown.startsWith(`On average its confidence is off by ${(100 * error).toFixed(2)} points`),
    shown,
  );
  const table = await at(page, "calibration")
    .locator("tbody tr")
    .evaluateAll((all) => all.map((row) => [...row.cells].slice(1, 4).map((c) => c.textContent)));
  assert.deepEqual(
    table,
    bins.map(({ count, right, confidence }) => [
      count.toLocaleString("en-US"),
      count === 0 ? "–" : `${((100 * confidence) / count).toFixed(1)}\u00a0%`,
      count === 0 ? "–" : `${((100 * right) / count).toFixed(1)}\u00a0%`,
    ]),
  );
  const filled = bins.filter(({ count }) => count > 0).length;
  assert.equal(await page.locator(".reliability circle").count(), filled);

  // The piles.
  const piles = await page
    .locator(".piles tbody tr")
    .evaluateAll((all) => all.map((row) => [...row.cells].slice(1, 4).map((c) => c.textContent)));
  const last = await at(page, "epoch-rows")
    .locator("tr")
    .last()
    .evaluate((row) => [...row.cells].map((cell) => cell.textContent));
  assert.deepEqual(piles[1], ["6,000", last[4], last[3]]);
  assert.equal(await at(page, "validation-accuracy").textContent(), last[4]);
  assert.deepEqual(piles[2].slice(0, 2), ["10,000", `${accuracy}\u00a0%`]);
  const testLoss = sum(rows.map((row) => -Math.log(Number(row[4])))) / 10_000;
  near(Number(piles[2][2]), testLoss, 1e-3, "loss on the test digits");
  // The training ones are measured like those of the test, on 10,000 of them: here on others of them, by the
  // saved weights. Shares of 90 % and more of as many differ by less than a point.
  const [trainCount, trainAccuracy, trainLoss] = piles[0];
  assert.equal(trainCount, "54,000");
  const own = Array.from({ length: 8000 }, (_, i) => 7 * i).map((i) => {
    const answer = probabilities(i, training);
    return [answer[trainLabels[i]], Math.max(...answer)];
  });
  const ownAccuracy = own.filter(([ofLabel, most]) => ofLabel === most).length / own.length;
  near(Number.parseFloat(trainAccuracy), 100 * ownAccuracy, 1, "accuracy on the training digits");
  const ownLoss = sum(own.map(([ofLabel]) => -Math.log(ofLabel))) / own.length;
  near(Number(trainLoss), ownLoss, 0.02, "loss on the training digits");
  const gap = Number.parseFloat(trainAccuracy) - Number.parseFloat(accuracy);
  const told = await at(page, "gap").textContent();
  const [, step, points] = told.match(/^After step ([\d,]+) .*?([\d.]+) points/);
  assert.equal(step, "1,688");
  near(Number(points), Math.abs(gap), 0.0101, "the gap");
  assert.match(told, gap > 0 ? /the gap is/ : /the test is even/);
  assert.match(told, / Measured on 10,000 training digits, picked at random\.$/);
  assert.equal(
    await at(page, "why-lower").textContent(),
    gap > 0 ? "Why is the test lower?" : "Why is a test usually lower?",
  );
  assert.equal(
    await at(page, "running-mean").textContent(),
    `“Training” in the curve and the table is another number (${last[2]}, loss ${last[1]}): an average over epoch 2, ` +
      "while the net was still learning.",
  );
  assert.ok(await at(page, "hold").isHidden(), "some are held back");

  // The worst mistakes.
  const wrong = rows
    .map((row) => row.map(Number))
    .filter(([, label, answer]) => label !== answer)
    .sort((a, b) => b[3] - a[3]);
  const mistakes = at(page, "mistakes").locator(".pictures button");
  const names = () => mistakes.evaluateAll((all) => all.map((button) => button.ariaLabel));
  const sure = (share) =>
    share < 0.9995 ? `${(100 * share).toFixed(1)}\u00a0%` : "over 99.9\u00a0%";
  const expected = wrong.map(
    ([number, label, answer, confidence]) =>
      `Test digit ${number}: ${answer}, not ${label}, ${sure(confidence)} sure`,
  );
  assert.deepEqual(await names(), expected.slice(0, 24));
  await at(page, "mistakes").getByRole("button", { name: "Show more" }).click();
  assert.deepEqual(await names(), expected.slice(0, 48));
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("distorted copies and smoothed labels are told, and heading and sentences agree with the numbers", async () => {
  const { gap } = (
    await runnerImport(`${root}web/labs/digits/evaluation/scores.ts`, {
      configFile: false,
      logLevel: "error",
    })
  ).module;
  const counts = { train: 60_000, validation: 0, test: 10_000 };
  const measured = (train, test, step = 938) => ({
    step,
    train: { samples: 10_000, loss: 0.1, accuracy: train },
    validation: undefined,
    test: { samples: 10_000, loss: 0.1, accuracy: test },
  });
  const drawn = " Measured on 10,000 training digits, picked at random.";
  for (const [train, test, sentence] of [
    [
      0.99,
      0.97,
      "the gap is 2.00 points: it recognises the digits it learned from that much better than new ones.",
    ],
    [
      0.971,
      0.97,
      "the gap is 0.10 points, no more than chance may make: it recognises new digits about equally well.",
    ],
    [0.97, 0.97, "there is no gap: it recognises new digits just as well."],
    [0.97, 0.971, "the test is even 0.10 points ahead: no more than chance may make."],
    [0.95, 0.97, "the test is even 2.00 points ahead: perhaps its digits happen to be easier."],
  ]) {
    const said = gap(undefined, measured(train, test), counts, "digits");
    assert.ok(said.startsWith(`After step 938 ${sentence}`), said);
    assert.ok(said.endsWith(drawn), said);
  }
  assert.equal(
    gap(undefined, measured(0.12, 0.09, 0), counts, "digits"),
    `Nothing has been learned yet: whatever it gets right is chance.${drawn}`,
  );

  const page = await openPage(browser, `${site.address}?net=mlp&epochs=1&validation=0&autostart=1`);
  await waitForStatus(page, "finished");
  await asked(page);
  await page.waitForFunction(() =>
    /^After step/.test(document.querySelector('[data-testid="gap"]').textContent),
  );
  const [[epoch, runningLoss, running, , testAccuracy]] = await at(page, "epoch-rows")
    .locator("tr")
    .evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.textContent)));
  assert.equal(epoch, "1");
  const cells = await page
    .locator('[data-testid="pile-train"] td')
    .evaluateAll((all) => all.map((cell) => cell.textContent));
  const [accuracy, loss] = [Number.parseFloat(cells[1]), Number(cells[2])];
  assert.ok(accuracy > Number.parseFloat(running) + 3, `${accuracy}, ${running} along the way`);
  assert.ok(loss < 0.4 && Number(runningLoss) > loss, `${loss}, ${runningLoss} along the way`);
  near(accuracy, Number.parseFloat(testAccuracy), 1, "both as they are");
  assert.match(
    await at(page, "running-mean").textContent(),
    /, while the net was still learning and on distorted digits\.$/,
  );
  // Smoothing shows in the calibration, and is told there.
  assert.match(await page.locator(".calibration .summary").textContent(), /label smoothing/);

  // None is held back, and a button says where that is done.
  assert.equal(await page.locator('[data-testid="pile-validation"] .count').textContent(), "none");
  await at(page, "hold").click();
  assert.equal(await page.evaluate(() => document.activeElement.id), "validation");
  assert.equal(await page.locator("#validation").inputValue(), "5000");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});
