// Each way it can fail: one clear sentence, a hint, and nothing lost.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { at, launch, launchSite, openPage, waitForStatus } from "./support.mjs";

const { browser, site } = await launchSite();

const problem = async (page) => {
  await at(page, "problem").first().waitFor({ timeout: 30_000 });
  assert.equal(await at(page, "problem").count(), 1, "one panel, not several");
  return at(page, "problem").textContent();
};
const rows = (page) => page.locator("#epoch-rows tr").count();

// The script of the worker that trains, with something before it.
const beforeWorker = (script) => (page) =>
  page.context().route(/worker.*\.js/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${script}\n${await response.text()}` });
  });

async function set(page, id, value) {
  await page.locator(`#${id}`).fill(value);
  await page.locator(`#${id}`).press("Tab");
}

test("no WebAssembly SIMD", async () => {
  // A browser on a processor without SSE 4.1, as far as it can tell.
  const old = await launch("--js-flags=--no-enable-sse4-1");
  const page = await openPage(old, site.address);
  const text = await problem(page);
  assert.match(text, /no WebAssembly SIMD/);
  assert.match(text, /Safari 16\.4/, "it names browsers that can");
  assert.equal(await at(page, "status").textContent(), "failed");
  await old.close();
});

test("a worker that cannot start", async () => {
  const page = await openPage(browser, site.address, {
    prepare: (page) =>
      page.context().route(/worker.*\.js/, (route) => route.fulfill({ status: 404, body: "no" })),
  });
  assert.match(await problem(page), /worker/);
  assert.equal(await at(page, "status").textContent(), "failed");
  await page.context().unrouteAll();
  await at(page, "problem").getByRole("button", { name: "Start again" }).click();
  await waitForStatus(page, "training");
  await page.context().close();
});

test("the engine's file is missing", async () => {
  const page = await openPage(browser, site.address, {
    prepare: (page) =>
      page.context().route(/\.wasm$/, (route) => route.fulfill({ status: 404, body: "no" })),
  });
  assert.match(await problem(page), /could not be loaded/);
  await page.context().close();
});

test("a worker that dies in mid-training: the curves stay, and a new run can start", async () => {
  const page = await openPage(
    browser,
    `${site.address}?net=dense+128,+relu,+dense+classes&epochs=30&validation=0&autostart=1`,
    {
      prepare: beforeWorker(
        `new BroadcastChannel("test").onmessage = () => { throw new Error("killed by the test"); };`,
      ),
    },
  );
  await waitForStatus(page, "training");
  await page.waitForFunction(() => document.querySelectorAll("#epoch-rows tr").length >= 1);
  await page.evaluate(() => new BroadcastChannel("test").postMessage("die"));
  const text = await problem(page);
  assert.match(text, /The training crashed/);
  assert.equal(await at(page, "status").textContent(), "failed");
  assert.ok((await rows(page)) >= 1, "the table stays");
  assert.match(
    await page.locator("#loss-figure canvas").getAttribute("aria-label"),
    /training 0\.\d/,
  );
  await at(page, "problem").getByRole("button", { name: "Start again" }).click();
  await waitForStatus(page, "training");
  assert.equal(await at(page, "problem").count(), 0);
  await page.context().close();
});

test("a loss that runs away: names the step, suggests a lower rate, keeps the curves", async () => {
  const page = await openPage(
    browser,
    `${site.address}?net=dense+128,+relu,+dense+classes&optimizer=sgd&lr=0.1&epochs=30&validation=0&autostart=1`,
  );
  await waitForStatus(page, "training");
  await page.waitForFunction(() => document.querySelectorAll("#epoch-rows tr").length >= 1);
  await set(page, "lr", "1e30");
  const text = await problem(page);
  assert.match(text, /step \d+/);
  assert.match(
    text,
    /The rate is too high.*smaller learning rate may help.*0\.1 is a usual rate for SGD/,
  );
  assert.equal(await at(page, "status").textContent(), "failed");
  assert.ok((await rows(page)) >= 1);
  await set(page, "lr", "0.1");
  await at(page, "start").click();
  await waitForStatus(page, "training");
  await page.context().close();
});

test("a setting that cannot be is marked, says so below its field, and holds a start back", async () => {
  const page = await openPage(
    browser,
    `${site.address}?net=dense+8,+relu,+dense+classes&epochs=1&validation=0&autostart=1`,
  );
  await waitForStatus(page, "finished");
  for (const part of [
    "Distorted digits",
    "Validation and early stopping",
    "Fine points of a step",
  ]) {
    await page.locator("summary", { hasText: part }).click();
  }
  for (const [id, bad, good, expected] of [
    ["batch", "0", "64", /batch.size/i],
    ["batch", "1.5", "64", /batch.size/i],
    ["batch", "many", "64", /^Batch size must be a whole number of at least 1, not “many”\.$/],
    ["lr", "-0.1", "0.001", /learning.rate/i],
    ["lr", "0", "0,001", /learning.rate/i],
    ["validation", "60000", "0", /^Of 60,000 some must be left to learn from/],
    ["patience", "2", "0", /^Patience needs digits to watch: set “Held back” above 0/],
    ["rotation", "200", "0", /rotation/i],
    ["labelSmoothing", "1", "0", /label.smoothing/i],
    ["epochs", "0", "1", /epochs/i],
    ["seed", "-3", "1", /seed/i],
  ]) {
    const field = page.locator(`#${id}`);
    const complaint = page.locator(`#${id}-complaint`);
    await set(page, id, bad);
    await at(page, "start").click();
    assert.match(await complaint.textContent(), expected, `${id} ${bad}`);
    assert.equal(await field.getAttribute("aria-invalid"), "true");
    assert.match(await field.getAttribute("aria-describedby"), new RegExp(`${id}-complaint`));
    assert.ok(await field.evaluate((element) => element === document.activeElement), id);
    assert.equal(await at(page, "problem").count(), 0, "it is said once");
    assert.equal(await rows(page), 1, "the finished run is still there");
    await set(page, id, good);
    assert.equal(await complaint.textContent(), "", `${id}: nothing stays`);
    assert.equal(await field.getAttribute("aria-invalid"), null);
  }
  await at(page, "start").click();
  await waitForStatus(page, "training", "finished");
  await page.context().close();
});

test("an address with bad values: one sentence each, and the default instead", async () => {
  const page = await openPage(
    browser,
    `${site.address}?net=dense+8,+relu,+dense+classes&optimizer=rms&lr=-1&batch=0&epochs=many&seed=1.5&shear=a&other=kept&validation=0`,
  );
  await waitForStatus(page, "idle");
  await at(page, "notice").nth(6).waitFor();
  const notices = await at(page, "notice").allTextContents();
  assert.equal(notices.length, 7);
  const all = notices.join("\n");
  assert.match(
    all,
    /optimizer: this page’s address must have adam, adamw or sgd, not “rms”; adam is used instead\./,
  );
  assert.match(all, /batch size: this page’s address must have .*, not “0”; 64 is used instead\./);
  assert.match(all, /learning rate: .*, not “-1”; 0\.001 is used instead\./);
  const query = new URL(page.url()).searchParams;
  assert.equal(query.get("optimizer"), "adam");
  assert.equal(query.get("batch"), "64");
  assert.match(all, /“other” in this page’s address is no setting, so it is left out\./);
  assert.equal(query.has("other"), false);
  assert.equal(await at(page, "problem").count(), 0);
  await page.context().close();
});

test("Digits finds its own elements, wherever another lab’s of the same names stand", async () => {
  const page = await openPage(browser, `${site.address}?lab=functions`);
  await page.locator("#functions h1").waitFor();
  await page.evaluate(() =>
    document.querySelector("main").prepend(document.querySelector("#functions")),
  );
  await page.locator('.labs a[data-lab="digits"]').click();
  await waitForStatus(page, "idle");
  const digits = page.locator("#digits");
  await digits.getByTestId("step").click();
  await page.waitForFunction(() =>
    /^Step 1 /.test(document.querySelector("#way-text").textContent),
  );
  assert.equal(await digits.getByTestId("start").textContent(), "Continue");
  await page.context().close();
});

test("what is used instead of a bad value is what the run has: the recipe’s", async () => {
  const page = await openPage(browser, `${site.address}?lr=abc&epochs=0&weight-decay=x`);
  await waitForStatus(page, "idle");
  await at(page, "notice").nth(2).waitFor();
  const notices = await at(page, "notice").allTextContents();
  assert.equal(notices.length, 3);
  for (const [title, id] of [
    ["learning rate", "lr"],
    ["epochs", "epochs"],
    ["weight decay", "weightDecay"],
  ]) {
    const notice = notices.find((text) => text.includes(`${title}: `));
    const [, used] = /; (\S+) is used instead/.exec(notice);
    assert.equal(used, await page.locator(`#${id}`).inputValue(), notice);
  }
  assert.equal(await page.locator("#lr").inputValue(), "0.006");
  await page.context().close();
});

test("an address with a net that is none: the engine says at which word, and others can be chosen", async () => {
  const page = await openPage(
    browser,
    `${site.address}?net=dense+8,+rellu,+dense+classes&validation=0`,
  );
  await waitForStatus(page, "failed").catch(() => {});
  assert.match(await problem(page), /net: 'rellu' at word 3 \(column 10\)/);
  assert.equal(await page.locator("#net-complaint mark").textContent(), "rellu");
  await at(page, "net-text").fill("dense 8, relu, dense classes");
  await page.waitForFunction(() => !document.querySelector("#net-complaint").hasChildNodes());
  await at(page, "start").click();
  await waitForStatus(page, "training", "finished");
  await page.context().close();
});
