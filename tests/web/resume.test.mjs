// A run goes on from a file, and from what the browser has kept.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "../support/test.mjs";
import { at, countKept, launchSite, openPage, waitForStatus } from "./support.mjs";

const { browser, site } = await launchSite();

const small = "net=conv+4+5x5,+pool+2,+relu,+dense+classes&batch=200&seed=3&validation=0";
const accuracy = async (page) => Number.parseFloat(await at(page, "test-accuracy").textContent());
const rows = (page) =>
  at(page, "epoch-rows")
    .locator("tr")
    .evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.textContent)));

test("a run goes on from a file as if it had never stopped, and broken files change nothing", async () => {
  const page = await openPage(browser, `${site.address}?${small}&epochs=2`);
  await waitForStatus(page, "idle");
  await at(page, "step").click();
  await page.waitForFunction(() =>
    /^Step 1 /.test(document.querySelector("#way-text").textContent),
  );
  const [download] = await Promise.all([page.waitForEvent("download"), at(page, "save").click()]);
  const bytes = await readFile(await download.path());
  assert.match(download.suggestedFilename(), /\.safetensors$/);
  await at(page, "start").click();
  await waitForStatus(page, "finished");
  const whole = (await rows(page)).map((cells) => cells.slice(0, -1));

  await page.locator("#file").setInputFiles({ name: "a", mimeType: "", buffer: bytes });
  await page.waitForFunction(() =>
    /^Step 1 /.test(document.querySelector("#way-text").textContent),
  );
  await waitForStatus(page, "idle");
  await at(page, "start").click();
  await waitForStatus(page, "finished");
  assert.deepEqual(
    (await rows(page)).map((cells) => cells.slice(0, -1)),
    whole,
  );

  for (const broken of [Buffer.from("no file of ours"), bytes.subarray(0, bytes.length - 3)]) {
    await page.locator("#file").setInputFiles({ name: "b", mimeType: "", buffer: broken });
    await at(page, "problem").first().waitFor();
    assert.match(await at(page, "problem").first().textContent(), /safetensors|checkpoint/i);
    assert.equal(await at(page, "status").textContent(), "finished");
    assert.equal((await rows(page)).length, 2, "what was learned is still there");
    await at(page, "problem").first().getByRole("button", { name: "Dismiss" }).click();
  }
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("a reload can go on with the run that this browser kept", async () => {
  const page = await openPage(browser, `${site.address}?${small}&epochs=30`);
  await waitForStatus(page, "idle");
  await at(page, "start").click();
  await page.waitForFunction(
    () => document.querySelectorAll('[data-testid="epoch-rows"] tr').length >= 2,
  );
  await at(page, "pause").click();
  await waitForStatus(page, "paused");
  while ((await countKept(page, "last")) === 0) await page.waitForTimeout(50);
  const seen = (await rows(page)).length;
  const before = await accuracy(page);
  await page.reload();
  await at(page, "kept").waitFor();
  assert.match(await at(page, "kept").textContent(), /of 30 epochs/);
  await at(page, "kept").getByRole("button", { name: "Restore it" }).click();
  await page.waitForFunction(
    (seen) => document.querySelectorAll('[data-testid="epoch-rows"] tr').length === seen,
    seen,
  );
  await waitForStatus(page, "stopped");
  assert.equal(await accuracy(page), before);
  await at(page, "start").click();
  await waitForStatus(page, "training");
  await page.waitForFunction(
    (seen) => document.querySelectorAll('[data-testid="epoch-rows"] tr').length > seen,
    seen,
  );
  // Forgotten means forgotten.
  await page.reload();
  await at(page, "kept").getByRole("button", { name: "Forget it" }).click();
  await at(page, "kept").waitFor({ state: "detached" });
  await page.reload();
  await waitForStatus(page, "idle");
  await page.waitForTimeout(500);
  assert.equal(await at(page, "kept").count(), 0);
  await page.context().close();
});
