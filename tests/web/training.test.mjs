// A whole training through the buttons, and each button on its way.
import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { test } from "../support/test.mjs";
import { at, launchSite, openPage, waitForStatus } from "./support.mjs";

const { browser, site } = await launchSite();

// A net and a training without a schedule, which can go on for as many epochs as one likes.
const plain = "?net=dense+128,+relu,+dense+classes&lr=0.001&validation=0";

const number = async (page, name) => Number.parseFloat(await at(page, name).textContent());
const steps = async (page) =>
  Number(
    (await page.locator("#way-text").textContent()).match(/Step ([\d,]+)/)[1].replaceAll(",", ""),
  );
const losses = (page) =>
  page
    .getByTestId("epoch-rows")
    .locator("tr")
    .evaluateAll((rows) => rows.map((row) => row.textContent.replace(/[\d.]+$/, "")));

test("Start trains to at least 97 % of the test digits", async () => {
  const page = await openPage(browser, site.address + plain);
  await waitForStatus(page, "idle");
  assert.equal(await page.title(), "lanegrad: a network learns to read digits");
  const threads = Math.min(availableParallelism(), 8);
  const running = `relaxed SIMD, ${threads === 1 ? "one thread" : `${threads} threads`}`;
  assert.equal(await at(page, "variant").textContent(), running);
  assert.equal(await at(page, "engine-note").textContent(), "");
  assert.ok((await number(page, "test-accuracy")) < 30, "an untrained net guesses");
  assert.equal(await at(page, "epoch").textContent(), "0 / 5");

  await at(page, "start").click();
  await waitForStatus(page, "training");
  await page.waitForFunction(
    () => Number(document.querySelector('[data-testid="samples-per-second"]').textContent) > 100,
  );
  await waitForStatus(page, "finished");

  assert.match(await at(page, "test-accuracy").textContent(), /^\d\d\.\d\d\s%$/);
  assert.ok((await number(page, "test-accuracy")) >= 97);
  assert.ok((await number(page, "train-loss")) < 0.1);
  assert.equal(await at(page, "epoch").textContent(), "5 / 5");
  assert.equal((await losses(page)).length, 5);
  const [right, all] = (await at(page, "score").textContent()).match(/\d+/g).map(Number);
  assert.equal(all, 40);
  assert.ok(right >= 36, `${right} of the shown digits are right`);
  assert.match(await page.locator("#loss-figure canvas").getAttribute("aria-label"), /test 0\.\d+/);
  assert.deepEqual(page.complaints, []);

  // More epochs: the run goes on instead of beginning again.
  await page.locator("#epochs").fill("6");
  await page.locator("#epochs").press("Tab");
  assert.equal(await at(page, "start").textContent(), "Continue");
  await at(page, "start").click();
  await waitForStatus(page, "training");
  await waitForStatus(page, "finished");
  assert.equal((await losses(page)).length, 6);
  await page.context().close();
});

test("pause, one step, resume, stop and reset", async () => {
  const page = await openPage(browser, `${site.address}${plain}&epochs=20`);
  await waitForStatus(page, "idle");
  await at(page, "step").click();
  await page.waitForFunction(() =>
    document.querySelector("#way-text").textContent.startsWith("Step 1 "),
  );
  assert.equal(await at(page, "status").textContent(), "idle");
  const start = at(page, "start");
  assert.equal(await start.textContent(), "Continue", "from this one step");

  await at(page, "start").click();
  await waitForStatus(page, "training");
  assert.ok(await at(page, "start").isDisabled());
  assert.ok(await page.locator("#batch").isDisabled());
  await at(page, "pause").click();
  await waitForStatus(page, "paused");
  const paused = await steps(page);
  await page.waitForTimeout(400);
  assert.equal(await steps(page), paused, "a paused run stands still");

  await at(page, "step").click();
  await page.waitForFunction(
    (step) => document.querySelector("#way-text").textContent.startsWith(`Step ${step} `),
    (paused + 1).toLocaleString("en-US"),
  );
  assert.equal(await at(page, "status").textContent(), "paused");

  assert.equal(await at(page, "pause").textContent(), "Resume");
  await at(page, "pause").click();
  await waitForStatus(page, "training");
  await page.waitForFunction((step) => {
    const text = document.querySelector("#way-text").textContent;
    return Number(text.match(/Step ([\d,]+)/)[1].replaceAll(",", "")) > step;
  }, paused + 20);

  await at(page, "stop").click();
  await waitForStatus(page, "stopped");
  const stopped = await steps(page);
  assert.ok(stopped > paused);
  await page.waitForTimeout(300);
  assert.equal(await steps(page), stopped, "a stopped run stands still");
  assert.ok(await page.locator("#batch").isEnabled());
  // It can go on, and what is there can be replaced.
  assert.equal(await start.textContent(), "Continue");
  assert.equal(await page.getByRole("button", { name: "Start again", exact: true }).count(), 1);

  await at(page, "reset").click();
  await page.waitForFunction(() =>
    document.querySelector("#way-text").textContent.startsWith("Step 0 "),
  );
  await waitForStatus(page, "idle");
  assert.equal(await start.textContent(), "Start");
  assert.equal(await at(page, "train-loss").textContent(), "–");
  assert.ok((await number(page, "test-accuracy")) < 30, "the net has forgotten");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("reset in the middle of a run ends it and begins anew", async () => {
  const page = await openPage(
    browser,
    `${site.address}?net=dense+128,+relu,+dense+classes&epochs=20&validation=0&autostart=1`,
  );
  await waitForStatus(page, "training");
  await at(page, "reset").click();
  await waitForStatus(page, "idle");
  assert.equal(await steps(page), 0);
  assert.equal((await losses(page)).length, 0);
  await page.context().close();
});

test("the learning rate takes effect while it trains", async () => {
  const page = await openPage(browser, `${site.address}${plain}&epochs=50&autostart=1`);
  await waitForStatus(page, "training");
  await page.waitForFunction(
    () => Number(document.querySelector('[data-testid="train-loss"]').textContent) < 0.6,
  );
  // A rate that ruins the net shows in the loss at once.
  await page.locator("#lr").fill("0.9");
  await page.locator("#lr").press("Tab");
  await page.waitForURL(/lr=0\.001&rates=\d+:0\.9&/);
  await page.waitForFunction(
    () => {
      const label = document.querySelector("#loss-figure canvas").getAttribute("aria-label");
      return Number(label.match(/training ([\d.]+)/)[1]) > 1.5;
    },
    undefined,
    { timeout: 20_000 },
  );
  assert.equal(await at(page, "status").textContent(), "training");
  // The slider does the same.
  await page.locator("#lr-slider").fill("-4");
  assert.equal(await page.locator("#lr").inputValue(), "0.0001");
  await page.waitForURL(/lr=0\.001&rates=\d+:0\.9,\d+:0\.0001&/);
  // A rate that makes no sense is refused, and the run goes on with the last one.
  await page.locator("#lr").fill("-1");
  await page.locator("#lr").press("Tab");
  const refusal = page.locator("#lr-complaint");
  assert.equal(await refusal.textContent(), "Learning rate must be a number above 0, not “-1”.");
  assert.equal(await at(page, "status").textContent(), "training");
  const before = await steps(page);
  await page.waitForFunction((step) => {
    const text = document.querySelector("#way-text").textContent;
    return Number(text.match(/Step ([\d,]+)/)[1].replaceAll(",", "")) > step;
  }, before);
  await page.context().close();
});

test("a link with autostart repeats a run to the same digits", async () => {
  const link =
    "?net=dense+32,+relu,+dense+classes&optimizer=adam&lr=0.002&batch=100&epochs=2&seed=7&validation=0&shift=1&autostart=1";
  const runs = [];
  for (let i = 0; i < 2; i++) {
    const page = await openPage(browser, site.address + link);
    await waitForStatus(page, "finished");
    assert.equal(new URL(page.url()).search, link);
    assert.equal(await at(page, "net-text").inputValue(), "dense 32, relu, dense classes");
    runs.push({ table: await losses(page), loss: await at(page, "train-loss").textContent() });
    await page.context().close();
  }
  assert.equal(runs[0].table.length, 2);
  assert.deepEqual(runs[0], runs[1]);
});

test("a link repeats a run whose learning rate was changed on the way, to the same digits", async () => {
  const page = await openPage(
    browser,
    `${site.address}?net=dense+32,+relu,+dense+classes&lr=0.002&batch=100&epochs=7&seed=7&validation=0`,
  );
  await waitForStatus(page, "idle");
  await at(page, "step").click();
  await page.waitForFunction(() =>
    /^Step 1 /.test(document.querySelector("#way-text").textContent),
  );
  // Between two single steps, in mid-run, paused, and for more epochs.
  const set = async (id, value) => {
    await page.locator(`#${id}`).fill(value);
    await page.locator(`#${id}`).press("Tab");
  };
  await set("lr", "0.02");
  assert.match(page.url(), /lr=0\.002&rates=1:0\.02&/);
  await at(page, "start").click();
  await at(page, "epoch-rows").locator("tr").first().waitFor({ state: "attached" });
  await set("lr", "0.01");
  await page.waitForURL(/rates=1:0\.02,\d+:0\.01&/);
  await at(page, "pause").click();
  await waitForStatus(page, "paused");
  await set("lr", "0.005");
  await page.waitForURL(/rates=1:0\.02,\d+:0\.01,\d+:0\.005&/);
  await at(page, "pause").click();
  await waitForStatus(page, "finished");
  await set("lr", "0.0005");
  assert.match(page.url(), /lr=0\.0005&batch/, "for a run that begins anew");
  await set("epochs", "8");
  const link = page.url();
  assert.match(link, /lr=0\.002&rates=1:0\.02,\d+:0\.01,\d+:0\.005,4200:0\.0005&batch/);
  assert.equal(await at(page, "start").textContent(), "Continue");
  await at(page, "start").click();
  await waitForStatus(page, "training");
  await waitForStatus(page, "finished");
  assert.equal(page.url(), link);
  const first = await losses(page);
  assert.equal(first.length, 8);

  const other = await openPage(browser, `${link}&autostart=1`);
  await waitForStatus(other, "finished");
  assert.deepEqual(await losses(other), first);
  assert.equal(await other.locator("#lr").inputValue(), "0.0005", "the rate of now");
  assert.match(
    await at(other, "lr-changes").textContent(),
    /^It begins with 0\.002, 0\.02 after step 1, .*, 0\.0005 after step 4,200\.$/,
  );
  assert.equal(other.url(), `${link}&autostart=1`);
  // Once more in the same page, and then with a rate of its own.
  await at(other, "start").click();
  await waitForStatus(other, "training");
  await waitForStatus(other, "finished");
  assert.deepEqual(await losses(other), first);
  assert.equal(other.url(), `${link}&autostart=1`);
  await other.locator("#lr").fill("0.003");
  await other.locator("#lr").press("Tab");
  assert.match(other.url(), /lr=0\.003&batch/);

  // What this browser has kept goes on with all that it has learned with.
  await page.reload();
  await at(page, "kept").getByRole("button", { name: "Restore it" }).click();
  // The address says so before, too.
  await page.waitForFunction(() =>
    /^Step 4,800 of 4,800$/.test(document.querySelector("#way-text").textContent),
  );
  assert.equal(page.url(), link);
  assert.equal(await page.locator("#epochs").inputValue(), "8");
  assert.deepEqual([...page.complaints, ...other.complaints], []);
  await page.context().close();
  await other.context().close();
});
