// Sweeps: the lists that make them, what is said of their results, and one that is trained, stopped, reloaded and ended.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { load } from "./runs.mjs";
import { axeFindings, withAxe } from "../support/axe.mjs";
import { at, launchSite, openPage, openTab, waitForStatus } from "./support.mjs";

const { browser, site } = await launchSite();
const { listOf, netsOf, runsOf, estimate, described, about } = await load("sweep/plan.ts");
const { spread, rowsOf, ranked, verdict, written } = await load("sweep/statistics.ts");
const { fields } = await load("settings/digits_settings.ts");

test("lists are read as the form reads numbers, with decimal points and commas", () => {
  for (const [text, numbers] of [
    ["0.1, 0.01, 0.001", [0.1, 0.01, 0.001]],
    ["0.1,0.01", [0.1, 0.01]],
    ["0,1; 0,01", [0.1, 0.01]],
    ["0,1 0,01", [0.1, 0.01]],
    [" 1e-2,\n1e-3 ,", [0.01, 0.001]],
    ["1e-2,1e-3", [0.01, 0.001]],
    ["0,03", [0.03]],
    ["0.1, 0.1, .1", [0.1]],
  ])
    assert.deepEqual(listOf(fields.lr, text), numbers, text);
  for (const [text, sentence] of [
    ["0.1, 0", "Each learning rate must be a number above 0, not “0”."],
    ["0.1, fast", "Each learning rate must be a number above 0, not “fast”."],
    ["0,1,0,01", "Each learning rate must be a number above 0, not “0”."],
    [" , ", "There must be at least one learning rate."],
  ])
    assert.throws(() => listOf(fields.lr, text), { message: sentence }, text);
  // Seeds are whole, so that a comma is always between two.
  for (const text of ["1,2,3", "1, 2, 3", "1 2 3", "1;2;3"])
    assert.deepEqual(listOf(fields.seed, text, true), [1, 2, 3], text);
  assert.deepEqual(listOf(fields.seed, "100,200", true), [100, 200]);
  assert.throws(() => listOf(fields.seed, "1.5", true), /whole number/);

  const isName = (name) => ["mlp", "fast"].includes(name);
  assert.deepEqual(netsOf("mlp, Fast", isName), ["mlp", "fast"]);
  assert.deepEqual(netsOf("mlp; dense 64 ,relu,  dense classes\n\nmlp", isName), [
    "mlp",
    "dense 64, relu, dense classes",
  ]);
  assert.throws(() => netsOf(" ;\n", isName), { message: "There must be at least one net." });
});

test("the number of runs is told, and how long they take as far as that is known", () => {
  const plan = { nets: ["mlp", "fast"], rates: [0.1, 0.01, 0.001], seeds: [1, 2, 3] };
  const runs = runsOf(plan);
  assert.equal(runs.length, 18);
  assert.deepEqual(runs[4], { net: "mlp", rate: 0.01, seed: 2 });
  assert.equal(
    described(plan, new Map()),
    "3 rates × 3 seeds × 2 nets = 18 runs. How long that takes is known after the first of them.",
  );
  const both = new Map([
    ["mlp", 10],
    ["fast", 16],
  ]);
  assert.equal(estimate(runs, both), 9 * 26);
  assert.equal(described(plan, both), "3 rates × 3 seeds × 2 nets = 18 runs, about 4 minutes.");
  assert.equal(estimate(runs, new Map([["mlp", 10]])), 180);
  assert.match(
    described(plan, new Map([["mlp", 10]])),
    /18 runs, about 3 minutes, if the net that is not measured yet takes as long as the others\.$/,
  );
  assert.deepEqual([3, 42, 80, 3500, 9000].map(about), [
    "about 5 seconds",
    "about 40 seconds",
    "about 1 minute",
    "about 58 minutes",
    "about 2.5 hours",
  ]);
});

const result = (net, rate, seed, accuracy, loss, problem = "") => {
  return { net, rate, seed, epochs: 1, seconds: 1, accuracy, loss, test: accuracy - 0.01, problem };
};

test("means, deviations and the best are those of the textbooks", () => {
  // 2, 4, 4, 4, 5, 5, 7, 9: the mean is 5, the squares add up to 32.
  const known = spread([2, 4, 4, 4, 5, 5, 7, 9]);
  assert.equal(known.mean, 5);
  assert.ok(Math.abs(known.deviation - Math.sqrt(32 / 7)) < 1e-12);
  assert.ok(Number.isNaN(spread([3]).deviation));
  assert.equal(written(spread([0.9, 0.92])), "91.00\u00a0%\u00a0±\u00a01.41");
  assert.equal(written(spread([0.9])), "90.00\u00a0%");

  const plan = { nets: ["a", "b"], rates: [0.1, 0.01], seeds: [1, 2] };
  const results = [
    result("a", 0.1, 1, 0.9, 0.3),
    result("a", 0.1, 2, 0.92, 0.3),
    result("a", 0.01, 1, 0.97, 0.1),
    result("a", 0.01, 2, NaN, NaN, "diverged at step 3"),
    result("b", 0.1, 1, 0.92, 0.2),
    result("b", 0.1, 2, 0.9, 0.2),
  ];
  const rows = rowsOf(plan, results);
  assert.deepEqual(
    rows.map(({ net, rate, accuracy, failed }) => [net, rate, accuracy.n, failed.length]),
    [
      ["a", 0.1, 2, 0],
      ["a", 0.01, 1, 1],
      ["b", 0.1, 2, 0],
    ],
  );
  // Where means are equal, the best is the one with the smaller loss; a row of which a run diverged is none of the best.
  assert.deepEqual(
    ranked(rows).map(({ net, rate }) => [net, rate]),
    [
      ["b", 0.1],
      ["a", 0.1],
    ],
  );
  assert.equal(ranked(rows.slice(1, 2)).length, 1, "where there is no other, it can be");
  assert.match(
    verdict(rows, true),
    /^Best by validation: b at 0\.1, 91\.00\s%\s±\s1\.41 \(2 seeds\)\. Next comes a at 0\.1, 0\.00 points behind: no more than the seeds are apart, so it may be chance\. a at 0\.01 is left out: /,
  );
  assert.equal(verdict([], true), "");
});

const search = "?net=pool+7,+dense+classes&batch=2000&epochs=5&lr=0.05";
const cells = (page) =>
  at(page, "sweep-rows")
    .locator("tbody tr")
    .evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)));
const plan = (page) => at(page, "sweep-plan").textContent();
const open = async (page) => {
  await waitForStatus(page, "idle");
  await page.locator('[data-testid="sweep"] summary').click();
  await at(page, "sweep-start").waitFor();
};

test("a sweep is stopped, goes on after a reload, tells what diverged, and opens the test once", async () => {
  const page = await openPage(browser, site.address + search, {
    context: { permissions: ["clipboard-read", "clipboard-write"] },
    prepare: withAxe,
  });
  await open(page);
  assert.match(await plan(page), /^3 rates × 3 seeds × 1 net = 9 runs\. How long/);
  await page.locator("#sweep-rates").fill("0,05; nothing");
  assert.match(
    await page.locator("#sweep-rates-complaint").textContent(),
    /above 0, not “nothing”\.$/,
  );
  await at(page, "sweep-start").click();
  assert.equal(await page.evaluate(() => document.activeElement.id), "sweep-rates");
  await page.locator("#sweep-rates").fill("0,05; 1e37");
  await page.locator("#sweep-seeds").fill("1,2");
  await page.locator("#sweep-nets").fill("pool 7, dense classes\nnone such");
  await at(page, "sweep-start").click();
  await page.locator("#sweep-nets-complaint").filter({ hasText: /none/ }).waitFor();
  await page.locator("#sweep-nets").fill("pool 7, dense classes\ndense 8, relu, dense classes");
  assert.match(await plan(page), /^2 rates × 2 seeds × 2 nets = 8 runs/);

  const form = await page.locator("#lr").inputValue();
  await at(page, "sweep-start").click();
  await at(page, "sweep-rows").locator("tbody tr").first().waitFor();
  await at(page, "sweep-start").filter({ hasText: "Pause" }).click();
  await at(page, "sweep-start").filter({ hasText: "Resume" }).click();
  await at(page, "sweep-rows").locator(".failed").first().waitFor();
  assert.ok(await at(page, "sweep-ask").isHidden(), "nobody asks the test on the way");
  await at(page, "sweep-stop").click();
  const goOn = at(page, "sweep-start").filter({ hasText: /^Go on \(\d runs? left\)$/ });
  await goOn.waitFor();
  assert.equal(await at(page, "status").textContent(), "idle", "the visitor’s run is as it was");
  assert.equal(await page.locator("#lr").inputValue(), form);
  assert.equal(await page.locator("#epoch-rows tr").count(), 0);
  const before = await cells(page);

  await page.reload();
  await open(page);
  await goOn.waitFor();
  assert.deepEqual(await cells(page), before);
  await goOn.click();
  await at(page, "sweep-ask").waitFor();
  const rows = await cells(page);
  assert.deepEqual(
    rows.map(([net, rate]) => [net.replace(" best", ""), Number(rate)]),
    [
      ["pool 7, dense classes", 0.05],
      ["pool 7, dense classes", 1e37],
      ["dense 8, relu, dense classes", 0.05],
      ["dense 8, relu, dense classes", 1e37],
    ],
  );
  for (const i of [1, 3]) assert.match(rows[i][2], /^0, 2 diverged at step \d/);
  for (const i of [0, 2]) assert.match(rows[i][3], /^\d\d\.\d\d\s%\s±\s\d+\.\d\d$/);
  const best = rows.filter(([net]) => net.endsWith(" best"));
  assert.equal(best.length, 1);
  const means = [0, 2].map((i) => Number.parseFloat(rows[i][3]));
  assert.equal(Number.parseFloat(best[0][3]), Math.max(...means));
  assert.match(await at(page, "sweep-verdict").textContent(), /^Best by validation: /);
  assert.equal(await at(page, "sweep-plot").locator("svg .mark").count(), 4 + 2, "runs and key");

  assert.deepEqual(await axeFindings(page, ".sweep"), []);

  // The numbers are those of a run with the same settings.
  await at(page, "sweep-copy").click();
  await at(page, "sweep-said").filter({ hasText: "Copied" }).waitFor();
  const copied = async () =>
    (await page.evaluate(() => navigator.clipboard.readText())).trim().split(/\r?\n/);
  const [head, first] = await copied();
  assert.equal(
    head,
    "net,learning rate,seed,epochs,seconds,validation accuracy,validation loss,problem",
  );
  const accuracy = first.split(",").at(-3);
  await at(page, "start").click();
  await waitForStatus(page, "training");
  await waitForStatus(page, "finished");
  assert.equal(
    (await at(page, "validation-accuracy").textContent()).replace(/\s%/, ""),
    (100 * Number(accuracy)).toFixed(2),
  );

  await at(page, "sweep-ask").click();
  const answer = at(page, "sweep-test");
  assert.match(await answer.textContent(), /^The test for .*\s±\s\d+\.\d\d \(2 seeds\)/);
  await page.waitForFunction(() => document.activeElement.dataset.testid === "sweep-test");
  assert.ok(await at(page, "sweep-ask").isHidden());
  await at(page, "sweep-copy").click();
  await page.waitForFunction(async () =>
    (await navigator.clipboard.readText()).includes("test accuracy"),
  );

  // A row's settings go into the form.
  await at(page, "sweep-rows")
    .getByRole("button", { name: /dense 8.* at 0\.05$/ })
    .click();
  assert.match(page.url(), /net=dense\+8,\+relu,\+dense\+classes/);
  assert.match(page.url(), /lr=0\.05/);

  await at(page, "sweep-forget").click();
  await at(page, "sweep-rows").waitFor({ state: "hidden" });
  await page.waitForTimeout(300); // it is written
  await page.reload();
  await open(page);
  await page.waitForTimeout(300);
  assert.ok(await at(page, "sweep-verdict").isHidden());
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("in two tabs one sweep is trained at a time, and neither takes the place of what the other has kept unseen", async () => {
  const first = await openPage(browser, site.address + search);
  const second = await openTab(first.context(), site.address + search);
  const fill = async (page, rates, seeds) => {
    await open(page);
    await page.locator("#sweep-rates").fill(rates);
    await page.locator("#sweep-seeds").fill(seeds);
  };
  await fill(first, "0.05", "1, 2, 3, 4");
  await fill(second, "0.01", "5");
  const rates = async (page) => (await cells(page)).map(([, rate]) => Number(rate));
  await at(first, "sweep-start").click();
  await at(first, "sweep-rows").locator("tbody tr").first().waitFor();
  await at(second, "sweep-start").click();
  await at(second, "sweep-plan").filter({ hasText: "under way in another tab" }).waitFor();
  await at(first, "sweep-ask").waitFor();

  const isTold = (page) =>
    at(page, "sweep-said").filter({ hasText: "Another tab of this page has kept" }).waitFor();
  await at(second, "sweep-start").click();
  await isTold(second);
  assert.deepEqual(await rates(second), [0.05]);
  await at(second, "sweep-start").click();
  await second.waitForFunction(
    () => document.querySelector('[data-testid="sweep-rows"] td')?.textContent === "0.01",
  );
  await at(second, "sweep-ask").waitFor();

  await at(first, "sweep-ask").click();
  await isTold(first);
  assert.deepEqual(await rates(first), [0.01]);
  assert.ok(await at(first, "sweep-test").isHidden());
  await first.context().close();
});
