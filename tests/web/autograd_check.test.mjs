// What Autograd says of formulas that cannot be computed, and its central differences.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { at } from "./support.mjs";
import { open, close, number, cells, sees } from "./autograd.mjs";

test("what cannot be computed is said in a sentence, and nothing is lost", async () => {
  const page = await open();
  for (const [formula, sentence] of [
    ["a*", "f: “a*” cannot be read"],
    ["foo(a)", "f: “foo” is no function, expected relu, sigmoid"],
    ["a*bad", "f: “bad” is not known, expected a, relu"],
    ["", "f: there is no formula, expected one like a^2"],
    [
      "cross_entropy(a, b)",
      "cross_entropy: its right class is a formula, expected a number like 0",
    ],
    [
      "matmul(a, b)",
      "matmul: it gets a number and a number, expected two matrices, like 1, 2; 3, 4",
    ],
  ]) {
    await at(page, "formula").fill(formula);
    await sees(page, "complaint", sentence);
    assert.equal(await page.locator("[data-node]").count(), 7, formula);
  }
  await at(page, "formula").fill("a + b");
  await sees(page, "numbers", "add");
  assert.equal(await at(page, "complaint").textContent(), "");
  for (const [text, sentence] of [
    ["1, 2; 3", "a: a row of 1 beside rows of 2, expected all of one length"],
    ["two", "a: “two” is no number and no matrix, expected one like 2 or rows like 1, 2; 3, 4"],
  ]) {
    await at(page, "value-a").fill(text);
    assert.match(
      await at(page, "values").textContent(),
      new RegExp(RegExp.escape?.(sentence) ?? sentence),
    );
  }
  // One that is no scalar at the end.
  await at(page, "value-a").fill("1, 2");
  await sees(page, "complaint", "backward: shape [1, 2] has more than one element");
  await close(page);
});

test("central differences agree with the engine’s gradients", async () => {
  const page = await open();
  await at(page, "check").click();
  const rows = await cells(page, "central-differences");
  // The derivatives worked above; each quotient is right to four digits.
  for (const [name, expected] of Object.entries({ a: -24, b: 16, c: 8 })) {
    const [gradient, numeric, relative, below, above, distance] = rows[name].map((cell) =>
      number(cell.replace(/\s%/, "")),
    );
    assert.ok(Math.abs(numeric / expected - 1) < 1e-3, `${name}: ${numeric}`);
    assert.equal(gradient, expected);
    assert.ok(Math.abs((above - below) / distance / numeric - 1) < 1e-3);
    assert.ok(relative < 0.1); // %
  }
  assert.match(await at(page, "verdict").textContent(), /^They agree/);
  // It follows, too.
  await at(page, "value-c").fill("7"); // (−6 + 7)² = 1, df/dc = 2
  await page.waitForFunction(
    () =>
      document.querySelector('[data-testid="central-differences"]').rows[3].cells[1].textContent ===
      "2",
  );
  await close(page);
});

test("the numerical check says what is true at kinks, at ends, and where numbers are too coarse", async () => {
  const one = (sentence) => new RegExp(`^a: ${sentence}\\.$`);
  const cases = [
    [
      "relu(a)",
      { a: "0" },
      one("a kink: from the left the slope is 0, from the right the slope is 1; the engine says 0"),
    ],
    [
      "abs(a)",
      { a: "0" },
      one(
        "a kink: from the left the slope is −1, from the right the slope is 1; the engine says 0",
      ),
    ],
    [
      "relu(a)",
      { a: "1e-30" },
      one(
        "f bends sharply near here: over this distance the slope is 0.5, closer it is 1; the engine says 1",
      ),
    ],
    ["tanh(1000*a)", { a: "0" }, one("f bends sharply near here: .*; the engine says 1000")],
    [
      "max(a, b)",
      { a: "1", b: "1" },
      /^a: a kink: from the left the slope is 0, from the right the slope is 1; the engine says 0\.5\. b: a kink: .* says 0\.5\.$/,
    ],
    [
      "sqrt(a)",
      { a: "0" },
      one(
        "beside this value f is not finite: from the left f has no value, from the right the slope is 45.25; the engine says ∞",
      ),
    ],
    [
      "sqrt(abs(a))",
      { a: "0" },
      one(
        "a kink: from the left the slope is −16, from the right the slope is 16; the engine says 0",
      ),
    ],
    [
      "sqrt(a*a)",
      { a: "0" },
      one(
        "no difference can show this gradient: from the left the slope is −1, from the right the slope is 1; the engine says NaN",
      ),
    ],
    [
      "log(a)",
      { a: "0" },
      one("f itself is −∞ here, so no difference means anything; the engine says ∞"),
    ],
    [
      "log(a)",
      { a: "-1" },
      one("f itself is NaN here, so no difference means anything; the engine says −1"),
    ],
    ["log(a)", { a: "0.001" }, /^They agree: /],
    ["log(a)", { a: "1e-30" }, /^They agree: /],
    [
      "exp(a)",
      { a: "100" },
      one("f itself is ∞ here, so no difference means anything; the engine says ∞"),
    ],
    ["a^b", { a: "0", b: "2" }, /^They agree in every digit\.$/],
    [
      "a^b",
      { a: "0", b: "0" },
      /^b: beside this value f is not finite: from the left f has no value, from the right the slope is −2048; the engine says 0\. The others agree\.$/,
    ],
    [
      "a + b",
      { a: "1", b: "1e10" },
      /^a: too coarse to tell: with numbers as large as 10¹⁰ on the way, rounding alone moves the difference by up to \S+; the engine says 1\. The others agree\.$/,
    ],
    ["2a", { a: "1e30" }, /^They agree/],
    [
      "a/2",
      { a: "3.4028e38" },
      one(
        "beside this value f is not finite: from the left the slope is 0.5, from the right f has no value; the engine says 0.5",
      ),
    ],
    ["a*a", { a: "0" }, /^They agree in every digit\.$/],
    [
      "sum(relu(a))",
      { a: "0, 1; 0, 0" },
      /^a\[0, 0\]: a kink: .* a\[1, 1\]: a kink: .* The others agree\.$/,
    ],
    ["sum(abs(a))", { a: "0, 0, 0; 0, 0, 0" }, / 2 more values are like these\.$/],
  ];
  const page = await open();
  await at(page, "check").click();
  for (const [formula, values, expected] of cases) {
    await at(page, "formula").fill(formula);
    for (const [name, value] of Object.entries(values)) {
      await at(page, `value-${name}`).fill(value);
    }
    const shown = await page
      .waitForFunction(
        (source) =>
          new RegExp(source).test(document.querySelector('[data-testid="verdict"]').textContent),
        expected.source,
        { timeout: 20_000 },
      )
      .then(
        () => true,
        () => false,
      );
    assert.ok(shown, `${formula}: ${await at(page, "verdict").textContent()}`);
  }
  await close(page);
});
