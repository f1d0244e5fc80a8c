// The doctor leads back to where all was well, with a lower rate or clipped gradients.
import assert from "node:assert/strict";
import { stat } from "node:fs/promises";
import { test } from "../support/test.mjs";
import { begin, linear, open, panel, rows, set } from "./diagnosing.mjs";
import { at, waitForStatus } from "./support.mjs";

test("going back restores what was learned, and learns on with a tenth of the rate", async () => {
  const page = await open({ net: linear, optimizer: "sgd", lr: 0.05, epochs: 1 });
  await page.evaluate(() => {
    const accuracy = document.querySelector('[data-testid="test-accuracy"]');
    globalThis.seen = [];
    new MutationObserver(() => globalThis.seen.push(accuracy.textContent)).observe(accuracy, {
      childList: true,
      characterData: true,
      subtree: true,
    });
  });
  await at(page, "start").click();
  await waitForStatus(page, "finished");
  const [first] = await rows(page);
  assert.ok(Number.parseFloat(first.at(-2)) > 80);
  await set(page, "epochs", "3");
  await set(page, "lr", "0.6");
  await begin(page);
  assert.equal(await at(page, "status").textContent(), "failed");
  assert.deepEqual((await rows(page))[0], first, "what was measured stays");
  const offer = page.getByRole("button", {
    name: "Go back to step 938, after epoch 1, with the rate 0.06",
  });
  await page.evaluate(() => {
    document.querySelector('[data-testid="test-accuracy"]').textContent = "–";
  });
  await page.evaluate(() => (globalThis.seen.length = 0));
  await offer.click();
  await page.waitForFunction(() => location.search.includes("lr=0.05&rates=938:0.06"));
  assert.equal(await panel(page).count(), 0);
  assert.deepEqual((await rows(page))[0], first, "its epoch stands in the table");
  assert.equal(
    (await page.evaluate(() => globalThis.seen)).find((text) => text !== "–"),
    first.at(-2),
    "tested as it was then",
  );
  assert.equal(await page.locator("#lr").inputValue(), "0.06");
  // (The restored run was finished, too, before it was lengthened.)
  await page.locator("#epoch-rows tr:nth-child(3)").waitFor({ state: "attached", timeout: 60_000 });
  await waitForStatus(page, "finished");
  const all = await rows(page);
  assert.equal(all.length, 3);
  assert.ok(Number.parseFloat(all[2].at(-2)) > Number.parseFloat(first.at(-2)), "it learned on");
  const label = await page.locator("#loss-figure canvas").getAttribute("aria-label");
  assert.doesNotMatch(label, /marked/);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("each offer is lower than the one before, no higher than what is usual, and says where it comes from", async () => {
  // The recipe's rate, as far below the one that was too high as it may be.
  const page = await open({ net: "mlp", lr: 100, epochs: 4 });
  const usual = await page.evaluate(() => document.querySelector("#lr").value);
  assert.equal(usual, "100");
  await begin(page);
  assert.match(
    await panel(page).textContent(),
    /0\.006 is the rate in the engine’s recipe for mlp\..*Go back to the start, with the rate 0\.006Dismiss$/,
  );
  await panel(page)
    .getByRole("button", { name: /^Go back/ })
    .click();
  await page.waitForURL(/net=mlp&optimizer=adamw?&lr=0\.006&(?!rates)/);
  await at(page, "epoch-rows")
    .locator("tr")
    .first()
    .waitFor({ state: "attached", timeout: 60_000 });
  assert.ok(Number.parseFloat((await rows(page))[0].at(-2)) > 90, "it learns");
  assert.deepEqual(page.complaints, []);
  await page.context().close();

  // Momentum of 0.89 makes nine times as much of a rate of 0.1: too much for eight linear layers.
  const deep = `${"dense 64, ".repeat(8)}dense classes`;
  const other = await open({ net: deep, optimizer: "sgd", momentum: 0.89, lr: 100, epochs: 1 });
  await begin(other);
  const offers = [];
  for (const [rate, origin] of [
    ["0.1", "0.1 is a usual rate for SGD."],
    ["0.01", "0.01 is a tenth of the rate that was too high."],
  ]) {
    const text = await panel(other).textContent();
    assert.ok(text.includes(origin), text);
    const offer = panel(other).getByRole("button", { name: /^Go back/ });
    offers.push(await offer.textContent());
    await offer.click();
    await other.waitForURL(new RegExp(`&lr=${rate}&`));
    assert.equal(await other.locator("#lr").inputValue(), rate);
    if (rate !== "0.01") await panel(other).waitFor({ timeout: 60_000 });
  }
  assert.deepEqual(offers, [
    "Go back to the start, with the rate 0.1",
    "Go back to the start, with the rate 0.01",
  ]);
  await waitForStatus(other, "finished");
  assert.ok(Number.parseFloat((await rows(other))[0].at(-2)) > 80, "it learns");
  assert.deepEqual(other.complaints, []);
  await other.context().close();
});

test("gradients are clipped also where the training that died still goes on", async () => {
  const page = await open({
    net: "dense 32, tanh, dense classes",
    optimizer: "sgd",
    lr: 2,
    epochs: 30,
    batch: 8,
  });
  await begin(page);
  assert.equal(await at(page, "status").textContent(), "training");
  const steps = () => page.locator("#way-text").textContent();
  const before = /Step ([\d,]+)/.exec(await steps())[1];
  await page.getByRole("button", { name: "Start again with clipped gradients" }).click();
  await page.waitForURL(/clip-norm=1/);
  await page.waitForFunction((before) => {
    const [, step] = /Step ([\d,]+)/.exec(document.querySelector("#way-text").textContent);
    return Number(step.replaceAll(",", "")) < Number(before.replaceAll(",", ""));
  }, before);
  await waitForStatus(page, "training");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("no room for a state of the net stops no training, and the way back leads to the start", async () => {
  // It behaves as if the engine's memory were full whenever a state is asked for.
  const prepare = (page) =>
    page.addInitScript(() => {
      globalThis.refused = 0;
      const { postMessage } = Worker.prototype;
      Worker.prototype.postMessage = function (message, ...rest) {
        if (message?.method !== "save") return postMessage.call(this, message, ...rest);
        globalThis.refused++;
        const error = { name: "Error", code: "OutOfMemory", message: "engine: no memory" };
        const data = { kind: "refusal", id: message.id, error };
        setTimeout(() => this.dispatchEvent(new MessageEvent("message", { data })));
      };
    });
  const page = await open({ net: linear, optimizer: "sgd", lr: 0.05, epochs: 2 }, { prepare });
  await at(page, "start").click();
  await waitForStatus(page, "finished");
  assert.equal((await rows(page)).length, 2);
  assert.equal(await panel(page).count(), 0);
  // Once by the doctor, who does not try again, and to keep the run for a reload.
  assert.ok((await page.evaluate(() => globalThis.refused)) <= 4);
  await set(page, "epochs", "3");
  await set(page, "lr", "0.6");
  await begin(page);
  assert.match(await panel(page).textContent(), /too large to keep a state of it on the way/);
  await page.getByRole("button", { name: "Go back to the start, with the rate 0.06" }).click();
  await page.waitForURL(/&lr=0\.06&(?!rates)/);
  await page.locator("#epoch-rows tr:nth-child(1)").waitFor({ state: "attached", timeout: 60_000 });
  assert.ok(Number.parseFloat((await rows(page))[0].at(-2)) > 80, "it learns");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("a net of 7.7 million weights is trained where there is room for a state of it", async () => {
  const page = await open({
    net: "dense 4096, relu, dense 1100, relu, dense classes",
    optimizer: "adam",
    lr: 0.001,
    batch: 64,
    epochs: 1,
  });
  assert.match(await at(page, "engine-note").textContent(), /^One thread runs: /);
  await at(page, "start").click();
  await page.waitForTimeout(1000);
  await at(page, "pause").click();
  await waitForStatus(page, "paused");
  const [download] = await Promise.all([page.waitForEvent("download"), at(page, "save").click()]);
  const { size } = await stat(await download.path());
  assert.ok(size > 3 * 4 * 7_700_000, `${size} bytes`);
  assert.equal(await panel(page).count(), 0);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});
