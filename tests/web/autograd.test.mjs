// The Autograd lab walks forward and backward through formulas, each number as worked by hand.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { runnerImport } from "vite";
import { at, root } from "./support.mjs";
import { open, close, cells, numbers, sees } from "./autograd.mjs";

const { unaryNames } = (
  await runnerImport(`${root}web/labs/unary.ts`, { configFile: false, logLevel: "error" })
).module;

const contributions = (page) => cells(page, "contributions");

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
