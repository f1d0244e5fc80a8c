// What tells many kept runs apart: their names, suggested and given, their order, and which of them are drawn.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { serialize } from "node:v8";
import { load, makeRun, at as until } from "./runs.mjs";
import { at, countKept, openPage, openTab, waitForStatus } from "./support.mjs";
import { browser, site, net, train, set, said, table } from "./comparing.mjs";

const { suggestedNames } = await load("settings/run_names.ts");
const { defaults } = await load("settings/digits_settings.ts");
const { Curves } = await load("../../ui/plots/curves.ts");

const run = (changes = {}, rates) => {
  const settings = { ...defaults, net: "dense 8, relu, dense classes", ...changes };
  return { settings, net: settings.net, rates: rates ?? [settings.lr] };
};

test("a name says in which settings a run differs from the others", () => {
  for (const [runs, names] of [
    [[], []],
    [[run()], ["dense 8, relu, dense cl…"]],
    [[run({ net: "mlp", lr: 0.5, seed: 3 })], ["mlp, lr 0.5, seed 3"]],
    [
      [run(), run({ seed: 2 })],
      ["seed 1", "seed 2"],
    ],
    [
      [run(), run()],
      ["dense 8, relu, dense cl…", "dense 8, relu, dense cl…"],
    ],
    [
      [run({ lr: 0.01 }), run({ lr: 0.1 }, [0.1, 0.02]), run({ lr: 0.1, seed: 2 })],
      ["lr 0.01, seed 1", "lr 0.1 → 0.02, seed 1", "lr 0.1, seed 2"],
    ],
    // Adam has no momentum, and a net with a name is called by that.
    [
      [run({ optimizer: "sgd", momentum: 0.9, nesterov: true }), run({ net: "fast", batch: 32 })],
      ["dense 8, relu, dense cl…, sgd, batch 64", "fast, adam, batch 32"],
    ],
  ]) {
    const said = suggestedNames(runs, []);
    assert.equal(said.length, names.length);
    said.forEach((name, i) => {
      assert.ok(name.length <= 60, name);
      assert.ok(name.startsWith(names[i].replace(/…$/, "")), `${name}, expected ${names[i]}`);
    });
  }
});

test("twelve long runs are below a megabyte", async () => {
  const [loss, accuracy] = [new Curves(), new Curves()];
  for (const curves of [loss, accuracy]) {
    for (let step = 1; step <= 60_000; step++) curves.add(step / 600, Math.random());
    for (let epoch = 1; epoch <= 100; epoch++) curves.addEpoch(epoch, Math.random());
  }
  const small = await makeRun();
  small.start();
  await until(small, "finished");
  const [epoch] = small.history.epochs;
  const epochs = Array.from({ length: 100 }, () => epoch);
  const kept = { points: [loss.points(), accuracy.points()], epochs, ...small.trainedWith };
  const bytes = serialize(structuredClone(kept)).length;
  assert.ok(12 * bytes < 1_000_000, `${bytes} bytes each`);
});

test("kept runs have names, can be sorted, left out of the plots, and are printed", async () => {
  const page = await openPage(browser, `${site.address}${net.replace("epochs=2", "epochs=1")}`, {
    prepare: (page) =>
      page.addInitScript(() => {
        globalThis.print = () =>
          (globalThis.printed = document.querySelector(".print-sheet").innerText);
      }),
  });
  await waitForStatus(page, "idle");
  await train(page);
  await at(page, "keep-run").click();
  await set(page, "lr", "0.00001");
  await train(page);
  await at(page, "keep-run").click();
  await set(page, "lr", "0.01");
  await set(page, "seed", "5");
  await train(page);
  await at(page, "keep-run").click();
  const titles = () =>
    page.locator('[data-testid^="title-"]').evaluateAll((all) => all.map(({ value }) => value));
  assert.deepEqual(await titles(), ["lr 0.003, seed 2", "lr 0.00001, seed 2", "lr 0.01, seed 5"]);

  // A name outlives a reload; where it is taken away, the suggested one is back.
  await at(page, "title-B").fill("far too slow <b>");
  await at(page, "title-B").press("Tab");
  await page.getByLabel("Draw run A").uncheck();
  const label = page.locator("#loss-figure canvas");
  assert.doesNotMatch(await label.getAttribute("aria-label"), /run A/);
  assert.match(await label.getAttribute("aria-label"), /kept run B.*kept run C/);
  assert.equal((await said(page)).length, 2);
  await page.reload();
  await waitForStatus(page, "idle");
  await at(page, "compared").waitFor();
  assert.deepEqual(await titles(), ["lr 0.003, seed 2", "far too slow <b>", "lr 0.01, seed 5"]);
  assert.ok(!(await page.getByLabel("Draw run A").isChecked()));
  assert.match(await page.locator("#accuracy-figure .key.kept").textContent(), /^B.*C/);

  await at(page, "sort-kept").click();
  const shares = (await table(page)).slice(1).map((row) => Number.parseFloat(row[3]));
  assert.deepEqual(
    shares,
    shares.toSorted((a, b) => b - a),
  );
  assert.equal((await table(page)).at(-1)[0], "B");
  await at(page, "sort-kept").click();
  assert.deepEqual(
    (await table(page)).map(([name]) => name),
    ["This run", "A", "B", "C"],
  );

  await at(page, "step").click();
  await page.locator('[data-testid="print"]:enabled').click();
  await page.waitForFunction(() => globalThis.printed);
  const printed = await page.evaluate(() => globalThis.printed);
  assert.match(printed, /Runs kept to compare with/);
  assert.match(printed, /A\s+lr 0\.003, seed 2\s+1\s+test\s+\d\d/);
  assert.match(printed, /B\s+far too slow <b>\s+1\s+test/);

  await at(page, "title-B").fill("");
  await at(page, "title-B").press("Tab");
  assert.deepEqual(await titles(), ["lr 0.003, seed 2", "lr 0.00001, seed 2", "lr 0.01, seed 5"]);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("another tab follows names and what is drawn; all are forgotten by one button, which asks once", async () => {
  const page = await openPage(browser, `${site.address}${net}`);
  await waitForStatus(page, "idle");
  await at(page, "step").click();
  await page.locator('[data-testid="keep-run"]:enabled').click();
  await at(page, "keep-run").click();
  await at(page, "title-B").waitFor();
  const other = await openTab(page.context(), `${site.address}${net}`);
  await at(other, "title-B").waitFor();
  await at(page, "title-A").fill("mine");
  await at(page, "title-A").press("Tab");
  await page.getByLabel("Draw run B").uncheck();
  await other.waitForFunction(
    () =>
      document.querySelector('[data-testid="title-A"]').value === "mine" &&
      !document.querySelector('[aria-label="Draw run B"]').checked,
  );
  const forget = at(page, "forget-all");
  await forget.click();
  assert.equal(await forget.textContent(), "Yes, forget all 2");
  await at(page, "title-A").focus();
  assert.equal(await forget.textContent(), "Forget them all", "the question is gone");
  await forget.click();
  await forget.click();
  await at(other, "compared").waitFor({ state: "hidden" });
  assert.equal(await countKept(other, "compared"), 0);
  assert.deepEqual([...page.complaints, ...other.complaints], []);
  await page.context().close();
});
