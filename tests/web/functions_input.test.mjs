// What Functions is given: settings, addresses, points of one's own; by keyboard alone, too.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { open, numbers, near } from "./functions.mjs";

test("what is wrong is said below its field, and what was there stays", async () => {
  const { page, lab, at, status } = await open();
  const say = async (label, text, sentence) => {
    const field = lab.getByLabel(label, { exact: true });
    const usual = await field.inputValue();
    await field.fill(text);
    await field.blur();
    await lab.getByText(sentence).waitFor({ timeout: 10_000 });
    assert.equal(await field.getAttribute("aria-invalid"), "true");
    // Start says it no second time: it goes to the field.
    await at("start").click();
    assert.ok(await field.evaluate((element) => element === document.activeElement), label);
    assert.equal(await lab.locator(".problem").count(), 0);
    await status("idle");
    await field.fill(usual);
    await field.blur();
    await lab.locator(".field [aria-invalid]").waitFor({ state: "detached" });
  };
  await say("f(x) =", "sin(x", "f: “sin(x” cannot be read");
  await say("f(x) =", "sinus(x)", "f: “sinus” is no function, expected");
  await say("f(x) =", "x + y", "f: “y” is not known, expected x,");
  await say("f(x) =", "2 sin x", "f: sin needs brackets, like sin(x)");
  await say("f(x) =", "constructor", "f: “constructor” is not known, expected x,");
  await say(
    "f(x) =",
    "x + log(2x)",
    /^f: it has no value at x = −[\d.]+: log needs a number above 0, and gets −[\d.]+\. Choose “From” and “To” so/,
  );
  await say("f(x) =", "sqrt(x - 1)", /: sqrt needs a number of at least 0, and gets −[\d.]+\./);
  await say("f(x) =", "1/(x - x)", /: it divides by 0\./);
  await say("f(x) =", "x^0.5", /: a number below 0 has no power 0\.5, and −[\d.]+ is one\./);
  await say(
    "f(x) =",
    "exp(exp(9) + x)",
    /: it is larger than any number here, which reach 3\.4·10³⁸/,
  );
  await say("Its hidden layers", "dense 8, tan", "net: 'tan' at word 3 (column 10) is no layer");
  await say("From", "5", "math function: range from 5 to 3, expected");
  await say("Points", "0", "Number of points must be a whole number from 1 to 5,000, not “0”.");
  await say("Learning rate", "fast", "Learning rate must be a number above 0, not “fast”.");
  await at("start").click();
  await status("training");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("an address that makes no sense in part is said, the rest holds", async () => {
  const { page, lab } = await open({ samples: "many", seed: 7 });
  await lab
    .getByText(
      "number of points: this page’s address must have a whole number from 1 to 5,000, not “many”;",
    )
    .waitFor();
  assert.equal(await lab.getByLabel("Seed", { exact: true }).inputValue(), "7");
  assert.equal(await lab.getByLabel("Points", { exact: true }).inputValue(), "60");
  await page.context().close();
});

test("points of one’s own: pasted, opened, dropped, and wrong ones", async () => {
  const { page, lab, at, status, table } = await open({ task: "points" });
  const field = lab.getByLabel("Your points, one per line");
  const give = async (text) => {
    await field.fill(text);
    await field.blur();
  };
  const complaint = lab.locator('[data-part="points-complaint"]');
  const said = (sentence) => complaint.filter({ hasText: sentence }).waitFor({ timeout: 10_000 });
  await give("x,y\n1,2\n2,four");
  await said("points: line 3: “four” is no number.");
  await give("1,2\n2\n");
  await said("points: line 2 has 1 column, expected x,y or x,y,z.");
  await give("1,2\n\n2,3,4");
  await said("points: line 3 has 3 columns, line 1 has 2, expected as many on each.");
  await give("1,2,3,4");
  await said("points: line 1 has 4 columns, expected x,y or x,y,z.");
  await give("year,height\n1990,1e400");
  await said("points: line 2: “1e400” is no number.");
  await give("1,2");
  await said("points: there is only one point, expected at least two lines like 1.5,2.");
  await give("year;height\n1990;10,5\n2000;20\n2010;10\n2020;40\n");
  await complaint.filter({ hasText: /^$/ }).waitFor({ state: "attached" });
  await page.waitForFunction(() => location.search.includes("points="));
  await status("idle");
  assert.deepEqual(numbers((await table("samples")).rows), [
    [1990, 10.5],
    [2000, 20],
    [2010, 10],
    [2020, 40],
  ]);
  await at("start").click();
  await status("finished");
  // Two bends through four points: it meets all of them.
  const rows = numbers((await table("curve")).rows);
  for (const [x, y] of [
    [1990, 10.5],
    [2020, 40],
  ]) {
    const [, answer] = rows.reduce((a, b) => (Math.abs(a[0] - x) < Math.abs(b[0] - x) ? a : b));
    near(answer, y, 0.2, `at ${x}`);
  }
  const file = { name: "p.csv", mimeType: "text/csv", buffer: Buffer.from("0,0\n1,1\n3,9\n") };
  await lab.locator('input[type="file"]').setInputFiles(file);
  await page.waitForFunction(() => location.search.includes("points=0,0;1,1;3,9"));
  assert.equal(await field.inputValue(), "0,0\n1,1\n3,9");
  assert.match(await at("fn-link").textContent(), /share it, and others get the same numbers/);
  await give(Array.from({ length: 1500 }, (_, i) => `${i},${i % 7}`).join("\n"));
  await at("fn-link").getByText("These points are too many").waitFor();
  assert.doesNotMatch(page.url(), /points=0/);
  await page.context().close();
});

test("values far from 1 are learned scaled, which is said, and shown as they are", async () => {
  for (const [f, size] of [
    ["1e6*x", 3e6],
    ["1e-5*sin(x)", 1e-5],
  ]) {
    const { page, at, status, table } = await open({ f, noise: 0, pace: 0 });
    assert.match(
      await at("fn-scaled").textContent(),
      f === "1e6*x"
        ? /^Values from −3·10⁶ to 3·10⁶ are .* stretched to −1 to 1, and the loss is of those\.$/
        : /^Values from −10⁻⁵ to 10⁻⁵ are /,
    );
    await at("start").click();
    await status("finished");
    // "3.2·10⁻⁵" or "0.0001234", of the stretched values.
    assert.match(await at("fn-train-loss").textContent(), /·?10⁻|^0\.000/);
    for (const [x, truth, answer] of numbers((await table("curve")).rows)) {
      const expected = f === "1e6*x" ? 1e6 * x : 1e-5 * Math.sin(x);
      assert.ok(Math.abs(truth - expected) < 1e-5 * size, `f(${x})`);
      assert.ok(Math.abs(answer - expected) < 0.15 * size, `answer at ${x}: ${answer}`);
    }
    for (const [x, y] of numbers((await table("samples")).rows)) {
      const expected = f === "1e6*x" ? 1e6 * x : 1e-5 * Math.sin(x);
      assert.ok(Math.abs(y - expected) < 1e-5 * size, `point at ${x}`);
    }
    await page.context().close();
  }
  // Values stay as they are where nets can reach them, and where they are less than the noise.
  const { page, lab, at, status } = await open({ f: "x^3" });
  assert.equal(await at("fn-scaled").textContent(), "");
  await lab.getByLabel("f(x) =", { exact: true }).fill("1e-5x");
  await lab.getByLabel("f(x) =", { exact: true }).blur();
  await status("idle");
  assert.equal(await at("fn-scaled").textContent(), "");
  await page.context().close();
});

test("by keyboard alone: set, start, pause, look at a unit", async () => {
  const { page, lab, at, status } = await open({ steps: 100000 });
  const reach = async (target) => {
    for (let i = 0; i < 60; i++) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press("Tab");
    }
    assert.fail(`not reached: ${target}`);
  };
  await reach(at("start"));
  await page.keyboard.press("Enter");
  await status("training");
  await reach(at("pause"));
  await page.keyboard.press("Space");
  await status("paused");
  await reach(lab.getByRole("button", { name: "Neuron 2", exact: true }));
  const { y } = await lab.locator('[data-part="curve-sentence"]').boundingBox();
  await lab.getByText(/^Neuron 2 adds −?[\d.]+ at x = −3, .* Its outgoing weight is/).waitFor();
  assert.equal((await lab.locator('[data-part="curve-sentence"]').boundingBox()).y, y);
  await page.context().close();
});
