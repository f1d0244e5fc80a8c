// Tables: what its columns are taken for, what the address holds, and how a run goes on.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { axeFindings, withAxe } from "../support/axe.mjs";
import { csv, labOf, number, open, signs, sums } from "./tables.mjs";

const kindOf = (at, name) => at("tb-columns").getByLabel(`What ${name} is taken for`);

test("columns are taken for something else, and what cannot be is said", async () => {
  const lab = await open();
  const { page, at } = lab;
  const rows = sums(60).map(([a, , c, y], i) => [
    i === 0 ? "id" : i,
    a,
    i === 0 ? "colour" : ["red", "green", ""][i % 3],
    c,
    y,
  ]);
  await lab.bring("colours.csv", csv(rows));
  const given = async () =>
    Object.fromEntries((await lab.cells("tb-columns")).map((row) => [row[0], row.at(-1)]));
  assert.deepEqual(await given(), {
    id: "nothing",
    a: "1 number",
    colour: "3 numbers",
    c: "1 number",
    y: "to be predicted",
  });
  assert.equal((await lab.cells("tb-columns"))[2][3], "20");
  await kindOf(at, "colour").selectOption("number");
  await at("tb-columns")
    .locator(".complaint")
    .filter({ hasText: /red|green|colour/ })
    .waitFor();
  assert.equal(await kindOf(at, "colour").inputValue(), "category");
  await kindOf(at, "colour").selectOption("ignored");
  await page.waitForFunction(() => location.search.includes("kinds=3:ignored"));
  await lab.status("idle");
  assert.equal((await given()).colour, "nothing");
  await kindOf(at, "colour").selectOption("category");
  await page.waitForFunction(() => !location.search.includes("kinds"));

  // Another column to predict, which has a word of its own for what it is.
  await at("tb-target").selectOption({ label: "colour" });
  await lab.status("idle");
  assert.match(page.url(), /target=colour/);
  assert.equal((await given()).colour, "to be predicted");
  assert.match((await lab.cells("tb-beside"))[0][0], /always (red|green)/);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("an address repeats a run of a table that comes with the page", async () => {
  const first = await open({
    net: "dense 8, tanh",
    epochs: 5,
    seed: 3,
    held: 30,
    batch: 32,
    lr: 0.01,
  });
  await first.learn();
  const numbers = async (lab) => [
    await lab.at("tb-train-loss").textContent(),
    ...(await lab.cells("tb-beside")).flat(),
  ];
  const before = await numbers(first);
  await first.page.reload();
  const again = labOf(first.page);
  await again.status("idle");
  await again.learn();
  assert.deepEqual(await numbers(again), before);
  // More epochs go on; then it begins anew.
  await again.lab.getByLabel("Epochs", { exact: true }).fill("8");
  await again.lab.getByLabel("Epochs", { exact: true }).press("Tab");
  assert.equal(await again.at("start").textContent(), "Continue");
  await again.learn();
  assert.equal(await again.at("tb-epoch").textContent(), "8 / 8");
  assert.equal(await again.at("start").textContent(), "Start again");
  await first.page.context().close();
});

test("an address of somebody's own table waits for the file, and holds for it then", async () => {
  const lab = await open({
    table: "own",
    target: "a",
    kinds: "3:ignored,9:number",
    net: "dense 4, relu",
    wrong: 1,
  });
  const { page, at } = lab;
  await lab.lab.getByText("choose that file below").waitFor();
  assert.match(
    await lab.lab.getByTestId("tb-problems").textContent(),
    /“wrong” in this page’s address is no setting/,
  );
  assert.ok(await at("start").isDisabled());
  await lab.bring("sums.csv", csv(sums(80)));
  assert.equal(await at("tb-target").evaluate((select) => select.selectedOptions[0].text), "a");
  assert.equal(await kindOf(at, "c").inputValue(), "ignored");
  assert.equal(await at("tb-net").inputValue(), "dense 4, relu");
  await lab.lab.getByText("There is no column 9").waitFor();
  await lab.learn();
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("a pause, single steps, a net that is wrong, and a rate that is too high", async () => {
  const lab = await open({ epochs: 100_000 });
  const { page, at } = lab;
  await lab.bring("signs.csv", csv(signs(300)));
  await lab.lab.getByLabel("Epochs", { exact: true }).fill("100000");
  await at("step").click();
  await at("tb-way").filter({ hasText: "Step 1 of" }).waitFor();
  await at("start").click();
  await lab.status("training");
  await at("tb-beside").locator("tr").last().filter({ hasText: "by now" }).waitFor();
  assert.ok(await lab.lab.getByLabel("Batch size").isDisabled());
  await at("pause").click();
  await lab.status("paused");
  await at("tb-matters").locator("li").first().waitFor();
  await at("pause").click();
  await lab.status("training");
  await at("tb-matters-state").filter({ hasText: "when the net rests" }).waitFor();
  await at("stop").click();
  await lab.status("stopped");
  await at("tb-net").fill("dens 4");
  await at("tb-net").press("Tab");
  await at("tb-net-complaint").filter({ hasText: "dens" }).waitFor();
  await at("tb-net").fill("dense 4, relu");
  await at("tb-net").press("Tab");
  await lab.status("idle");
  await lab.lab.getByLabel("Optimizer").selectOption("sgd");
  await lab.lab.getByLabel("Learning rate", { exact: true }).fill("1e30");
  await lab.lab.getByLabel("Learning rate", { exact: true }).press("Tab");
  await lab.status("idle");
  await at("start").click();
  await lab.lab.locator(".problem").filter({ hasText: "loss" }).waitFor();
  await lab.status("failed");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

for (const [width, colorScheme] of [
  [1280, "light"],
  [320, "dark"],
]) {
  test(`axe finds nothing, and nothing runs over, at ${width} px, ${colorScheme}`, async () => {
    const lab = await open(
      { epochs: 4 },
      { context: { viewport: { width, height: 800 }, colorScheme }, prepare: withAxe },
    );
    const { page } = lab;
    const check = async (state) => {
      await page.evaluate(() => {
        for (const details of document.querySelectorAll("#tables details")) details.open = true;
      });
      assert.deepEqual(await axeFindings(page), [], state);
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width, state);
    };
    await lab.status("idle");
    await check("idle");
    await lab.learn();
    await check("classes");
    await lab.bring("sums.csv", csv(sums(100)));
    await lab.learn();
    assert.ok(number((await lab.cells("tb-beside"))[1][1]) > 0.9);
    await check("numbers");
    await page.context().close();
  });
}

test("the whole way by keyboard: the focus is never lost", async () => {
  const { page, at, status } = await open({ epochs: 2 });
  await status("idle");
  const focused = () =>
    page.evaluate(
      () => document.activeElement?.closest("#tables") !== null && document.activeElement.localName,
    );
  await at("tb-columns").locator("select").nth(1).focus();
  await page.keyboard.press("ArrowDown");
  await status("idle");
  assert.equal(await focused(), "select");
  await at("start").focus();
  await page.keyboard.press("Enter");
  await status("finished");
  assert.equal(await focused(), "button");
  await at("tb-another").focus();
  await page.keyboard.press("Enter");
  await at("tb-answer").filter({ hasText: /\w/ }).waitFor();
  assert.equal(await focused(), "button");
  await page.context().close();
});
