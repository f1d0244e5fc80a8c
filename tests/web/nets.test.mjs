// Nets of one's own, and what the page shows of a training before and while it runs: shapes, schedule, bent
// digits, filters, validation; and runs that outlast the page.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { at, launchSite, openPage, waitForStatus } from "./support.mjs";

const { browser, site } = await launchSite();

const small = "net=conv+4+5x5,+pool+2,+relu,+dense+classes&batch=200&seed=3";
const layers = (page) => at(page, "layers").locator("li").allInnerTexts();
const accuracy = async (page) =>
  Number.parseFloat(await at(page, "validation-accuracy").textContent());
const rows = (page) =>
  at(page, "epoch-rows")
    .locator("tr")
    .evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.textContent)));
async function set(page, id, value) {
  await page.locator(`#${id}`).fill(value);
  await page.locator(`#${id}`).press("Tab");
}

test("a net is described as one types, and where it is wrong the word is marked", async () => {
  const page = await openPage(browser, `${site.address}?${small}`);
  await waitForStatus(page, "idle");
  assert.deepEqual(await layers(page), [
    "input\n1 × 28 × 28\nthe digit’s pixels",
    "conv 4 5x5\n4 × 24 × 24\n104 to learn",
    "pool 2, relu\n4 × 12 × 12",
    "flatten\n576",
    "dense classes\n10\n5,770 to learn",
  ]);
  // 2 · 576 · 4 · 25 twice for the first layer, 2 · 576 · 10 three times for the second.
  assert.equal(
    await at(page, "net-total").textContent(),
    "5,874 numbers to learn: weights and biases. Learning from one digit takes 265 thousand operations, and all of it needs about 67 MB of memory.",
  );
  const text = at(page, "net-text");
  const mark = page.locator("#net-complaint mark");
  for (const [net, word, sentence] of [
    [
      "conv 4 5x5, poool 2, dense classes",
      "poool 2",
      /'poool' at word 4 \(column 13\) is no layer/,
    ],
    ["conv 4 29x29, dense classes", "29x29", /kernel larger than its input of 28x28/],
    ["conv 4 5x5, pool 30, dense classes", "30", /pool larger than its input of 24x24/],
    ["dense 10, relu, dense 7", "dense 7", /expected \[10\]/],
  ]) {
    await text.fill(net);
    await mark.waitFor();
    await page.waitForFunction(
      (word) => document.querySelector("#net-complaint mark")?.textContent === word,
      word,
    );
    assert.match(await at(page, "net-complaint").textContent(), sentence);
  }
  await text.fill("dense 10, relu, dense classes");
  await mark.waitFor({ state: "detached" });
  assert.equal((await layers(page)).at(-1), "dense classes\n10\n110 to learn");
  await text.fill("dense 10, relu, dense classes, softmax");
  await at(page, "net-total").filter({ hasText: "The loss makes the softmax itself" }).waitFor();
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("a net of the catalog comes with its recipe: fast reads 98.7 % after its one epoch", async () => {
  const page = await openPage(browser, site.address);
  await waitForStatus(page, "idle");
  await at(page, "net-name").selectOption("fast");
  assert.match(await at(page, "net-about").textContent(), /99/);
  assert.equal(await page.locator("#epochs").inputValue(), "1");
  assert.equal(await page.locator("#schedule").inputValue(), "one-cycle");
  await page.waitForFunction(() =>
    /at most/.test(document.querySelector("#schedule-rates").textContent),
  );
  assert.match(page.url(), /net=fast/);
  await at(page, "reset").click();
  await page.waitForFunction(() =>
    /of 1,100/.test(document.querySelector("#way-text").textContent),
  );
  await waitForStatus(page, "idle");
  await at(page, "filters").scrollIntoViewIfNeeded();
  await page.waitForFunction(() =>
    /filters of 5\s×\s5/.test(document.querySelector("#filters").ariaLabel),
  );
  const before = await at(page, "filters").evaluate((canvas) => canvas.toDataURL());
  await page.evaluate(() => document.querySelector('[data-testid="start"]').click());
  await waitForStatus(page, "finished");
  assert.ok((await accuracy(page)) >= 98.7);
  // The filters are drawn anew.
  await page.waitForFunction(
    (before) => document.querySelector("#filters").toDataURL() !== before,
    before,
  );
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("filters show where the first layer sees pictures, and only there", async () => {
  const page = await openPage(browser, `${site.address}?${small}`);
  const figure = page.locator("#filters-figure");
  for (const [net, state] of [
    ["conv 4 5x5, relu, dense classes", "visible"],
    ["pool 2, dense 8, relu, dense classes", "hidden"],
    ["conv 3 3x3, relu, dense classes", "visible"],
  ]) {
    await waitForStatus(page, "idle");
    await set(page, "net-text", net);
    await at(page, "reset").click();
    await figure.waitFor({ state });
  }
  assert.match(await at(page, "filters").getAttribute("aria-label"), /^3 filters of 3\s×\s3/);
  await page.context().close();
});

test("the schedule is drawn before it is run", async () => {
  const page = await openPage(browser, `${site.address}?${small}&lr=0.01&epochs=2&validation=0`);
  await waitForStatus(page, "idle");
  const hint = page.locator("#schedule-rates");
  const line = () => page.locator("#schedule-drawing .rates").getAttribute("d");
  await page.waitForFunction(() => document.querySelector("#schedule-rates").textContent !== "");
  assert.equal(await hint.textContent(), "0.01 at every step.");
  const flat = await line();
  await page.locator("#schedule").selectOption("cosine");
  await page.waitForFunction(
    (flat) => document.querySelector(".rates").getAttribute("d") !== flat,
    flat,
  );
  assert.match(await hint.textContent(), /^From 0\.01, at most 0\.01, to 6\.9·10⁻⁸\.$/);
  await page.context().close();
});

test("training digits are shown as they are and as they will be met", async () => {
  const page = await openPage(browser, `${site.address}?${small}&rotation=30&shift=3`);
  await waitForStatus(page, "idle");
  await page.locator("summary", { hasText: "Distorted digits" }).click();
  const pictures = () =>
    page.locator("#samples canvas").evaluateAll((all) => all.map((canvas) => canvas.toDataURL()));
  await page.locator("#samples canvas").nth(11).waitFor();
  await page.waitForFunction(() => {
    const [first, second] = document.querySelectorAll("#samples canvas");
    return first.toDataURL() !== second.toDataURL();
  });
  const bent = await pictures();
  assert.equal(bent.length, 12);
  await set(page, "rotation", "0");
  await set(page, "shift", "0");
  await page.waitForFunction(() => {
    const [first, second] = document.querySelectorAll("#samples canvas");
    return first.toDataURL() === second.toDataURL();
  });
  assert.equal((await pictures())[0], bent[0], "what is stored stays as it is");
  await page.context().close();
});

test("validation has a curve and columns of its own, and ends a run that gets no better", async () => {
  const page = await openPage(
    browser,
    `${site.address}?${small}&lr=0.05&validation=5000&patience=1&epochs=40&autostart=1`,
  );
  await waitForStatus(page, "finished");
  const all = await rows(page);
  assert.ok(all.length < 40, `${all.length} epochs`);
  assert.equal(all[0].length, 6, "the test is no column");
  assert.match(all[0][4], /^\d\d\.\d\d\s%$/);
  const label = await page.locator("#loss-figure canvas").getAttribute("aria-label");
  assert.match(label, /validation 0\.\d+\./);
  assert.doesNotMatch(label, /test/);
  assert.ok(await at(page, "test-accuracy").isHidden());
  assert.match(await at(page, "notice").textContent(), /stopped early/i);
  assert.match(await page.locator("#way-text").textContent(), /^Step /);
  // The next run has another end.
  await at(page, "start").click();
  await at(page, "notice").waitFor({ state: "detached" });
  await page.context().close();
});

for (const [how, search, title] of [
  ["early stopping", "lr=0.05&validation=5000&patience=1&epochs=40&seed=5", /^Stopped early/],
  [
    "all its epochs",
    "lr=0.02&validation=5000&patience=5&epochs=6",
    /^The weights of epoch \d are back/,
  ],
]) {
  test(`after ${how} all that is shown is what the weights of the best epoch answer`, async () => {
    const others = search.includes("seed") ? small.replace("&seed=3", "") : small;
    const page = await openPage(browser, `${site.address}?${search}&${others}&autostart=1`);
    await waitForStatus(page, "finished");
    const all = await rows(page);
    const losses = all.map((cells) => Number(cells[3]));
    const best = losses.indexOf(Math.min(...losses));
    assert.ok(best < all.length - 1, `epoch ${best + 1} of ${all.length} is the best`);
    // In the row of that epoch, from when its weights were the net's.
    const accuracy = all[best][4];
    assert.notEqual(accuracy, all.at(-1)[4]);
    assert.equal(await at(page, "validation-accuracy").textContent(), accuracy);
    const notice = await at(page, "notice").textContent();
    assert.match(notice, title);
    assert.ok(
      notice.includes(`epoch ${best + 1} again, with a validation accuracy of ${accuracy}`),
      notice,
    );
    await page.waitForFunction(
      (sentence) => document.querySelector("#announcements").textContent.includes(sentence),
      `epoch ${best + 1} again, with a validation accuracy of ${accuracy}`,
      { timeout: 25_000 },
    );
    const held = page.locator('#evaluation [data-testid="pile-validation"] .accuracy');
    await held.scrollIntoViewIfNeeded();
    await page.waitForFunction(
      (accuracy) =>
        document.querySelector('#evaluation [data-testid="pile-validation"] .accuracy')
          .textContent === accuracy,
      accuracy,
    );

    // Kept to compare with, and as the last run.
    await at(page, "keep-run").click();
    const kept = at(page, "compared").locator("tbody tr").filter({ hasText: "A" }).last();
    assert.equal(await kept.locator("td").nth(1).textContent(), "validation");
    assert.equal(await kept.locator("td").nth(2).textContent(), accuracy);
    await page.waitForTimeout(500);
    await page.goto(`${site.address}?${small}`);
    await at(page, "kept").waitFor();
    const offer = await at(page, "kept").textContent();
    assert.ok(
      offer.includes(`validation accuracy ${accuracy}, with the weights of epoch ${best + 1}`),
      offer,
    );
    await at(page, "kept").getByRole("button", { name: "Restore it" }).click();
    await page.waitForFunction(() => document.querySelector("#epoch-rows tr"));
    assert.equal(await at(page, "validation-accuracy").textContent(), accuracy);
    const again = at(page, "compared").locator("tbody tr");
    assert.equal(await again.first().locator("td").nth(2).textContent(), accuracy);
    assert.equal(await again.last().locator("td").nth(2).textContent(), accuracy);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });
}
