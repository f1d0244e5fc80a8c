// The Functions lab: what it shows equals what plain arithmetic makes of the weights and points that it saves,
// a link repeats a run, and whatever is wrong is said in one sentence.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { launchSite, openPage, root } from "./support.mjs";

const { browser, site } = await launchSite();

// Opens the lab, and finds what is in it.
async function open(query = {}, options = {}) {
  const search = new URLSearchParams({ lab: "functions", ...query });
  const page = await openPage(browser, `${site.address}?${search}`, {
    ...options,
    context: { acceptDownloads: true, ...options.context },
  });
  const lab = page.locator("#functions");
  const at = (name) => lab.getByTestId(name);
  const status = async (...words) => {
    await page.waitForFunction(
      (words) => {
        const word = document.querySelector('[data-testid="fn-status"]')?.textContent;
        return words.includes(word) || (word === "failed" && !words.includes("failed"));
      },
      words,
      { timeout: 60_000, polling: 30 },
    );
    const word = await at("fn-status").textContent();
    assert.ok(words.includes(word), `${word}: ${await lab.locator(".problem").allTextContents()}`);
  };
  const shown = async (name) => Number((await at(`fn-${name}`).textContent()).replace(/,/g, ""));
  // A saved table: its text, its names and its rows.
  const table = async (name) => {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      lab.locator(`[data-save="${name}-csv"]:visible`).click(),
    ]);
    const text = await readFile(await download.path(), "utf8");
    const [names, ...rows] = text
      .trim()
      .split("\r\n")
      .map((line) => line.split(","));
    return { text, names, rows };
  };
  // The weights by name, rows of numbers (one row where there are no rows).
  const weights = async () => {
    const tensors = {};
    for (const [name, row, column, value] of (await table("weights")).rows) {
      ((tensors[name] ??= [])[Number(row)] ??= [])[Number(column)] = Number(value);
    }
    return tensors;
  };
  await status("idle", "failed");
  return { page, lab, at, status, shown, table, weights };
}

const numbers = (rows) => rows.map((row) => row.map(Number));
const near = (actual, expected, tolerance, what) =>
  assert.ok(
    Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${what}: ${actual}, expected ${expected}`,
  );

test("answer, contributions, f and loss are what the weights and points make", async () => {
  const query = { f: "x^2 - x", net: "dense 3, tanh", samples: 20, batch: 7, steps: 40, pace: 0 };
  const { page, at, status, shown, table, weights } = await open(query);
  await at("start").click();
  await status("finished");
  assert.equal(await at("fn-step").textContent(), "40");

  // The net by hand: Σ v tanh(w x + b) + c.
  const w = await weights();
  const unit = (i, x) =>
    w["dense2.weight"][i][0] * Math.tanh(w["dense1.weight"][0][i] * x + w["bias1.bias"][0][i]);
  const answer = (x) => unit(0, x) + unit(1, x) + unit(2, x) + w["bias2.bias"][0][0];

  const { names, rows } = await table("curve");
  assert.deepEqual(names, ["x", "f", "answer", "bias", "unit1", "unit2", "unit3"]);
  assert.equal(rows.length, 201);
  for (const [x, f, y, bias, ...units] of numbers(rows)) {
    near(f, x * x - x, 1e-5, `f(${x})`);
    near(y, answer(x), 1e-5, `answer at ${x}`);
    near(bias + units[0] + units[1] + units[2], y, 1e-5, `the sum at ${x}`);
    units.forEach((value, i) => near(value, unit(i, x), 1e-5, `unit ${i + 1} at ${x}`));
  }

  const points = numbers((await table("samples")).rows);
  assert.equal(points.length, 20);
  const loss = points.reduce((sum, [x, y]) => sum + (answer(x) - y) ** 2, 0) / (2 * points.length);
  near(await shown("train-loss"), loss, 1e-3, "training loss");
  assert.ok(points.some(([x, y]) => Math.abs(y - (x * x - x)) > 0.02)); // there is noise
  assert.ok(points.every(([x, y]) => Math.abs(y - (x * x - x)) < 0.6 && Math.abs(x) <= 3));

  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("a step is the gradient times the learning rate", async () => {
  // A straight line through points without noise, all of them in one batch: by hand, the gradient of
  // Σ(ŷ − y)² / 2S is Σ(ŷ − y)x / S for the weight and Σ(ŷ − y) / S for the bias.
  const query = {
    f: "exp(x)",
    net: "",
    samples: 15,
    noise: 0,
    batch: 15,
    optimizer: "sgd",
    lr: 0.1,
  };
  const { page, at, table, weights, shown } = await open(query);
  const before = await weights();
  const points = numbers((await table("samples")).rows);
  for (const [x, y] of points) near(y, Math.exp(x), 1e-5, `exp(${x})`);
  await at("step").click();
  await page.waitForFunction(
    () => document.querySelector('[data-testid="fn-step"]').textContent === "1",
  );
  const after = await weights();
  const [w, b] = [before["dense1.weight"][0][0], before["bias1.bias"][0][0]];
  const errors = points.map(([x, y]) => w * x + b - y);
  const slope = errors.reduce((sum, error, i) => sum + error * points[i][0], 0) / 15;
  const lift = errors.reduce((sum, error) => sum + error, 0) / 15;
  near(after["dense1.weight"][0][0], w - 0.1 * slope, 1e-5, "weight");
  near(after["bias1.bias"][0][0], b - 0.1 * lift, 1e-5, "bias");
  const [w1, b1] = [w - 0.1 * slope, b - 0.1 * lift];
  const loss = points.reduce((sum, [x, y]) => sum + (w1 * x + b1 - y) ** 2, 0) / 30;
  near(await shown("train-loss"), loss, 1e-3, "loss");
  await page.context().close();
});

test("a link repeats the run, a rate that was changed meanwhile too", async () => {
  const first = await open({ net: "dense 6, relu, dropout 0.1", steps: 900, pace: 100, seed: 3 });
  await first.at("start").click();
  await first.page.waitForFunction(
    () => Number(document.querySelector('[data-testid="fn-step"]').textContent) > 30,
  );
  await first.lab.getByLabel("Learning rate", { exact: true }).fill("0.005");
  await first.lab.getByLabel("Learning rate", { exact: true }).press("Enter");
  await first.status("finished");
  assert.match(first.page.url(), /rates=\d+:0.005/);
  assert.match(await first.at("fn-rates").textContent(), /^Then 0.005 from step \d+ on\.$/);
  const tables = await Promise.all(["curve", "weights", "losses"].map(() => undefined));
  for (const [i, name] of ["curve", "weights", "loss"].entries()) {
    tables[i] = (await first.table(name)).text;
  }

  const query = Object.fromEntries(new URL(first.page.url()).searchParams);
  const second = await open({ ...query, pace: 0 });
  await second.at("start").click();
  await second.status("finished");
  for (const [i, name] of ["curve", "weights", "loss"].entries()) {
    assert.equal((await second.table(name)).text, tables[i], name);
  }
  assert.equal(
    await second.at("fn-held-loss").textContent(),
    await first.at("fn-held-loss").textContent(),
  );
  await first.page.context().close();
  await second.page.context().close();
});

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
  await say("Points", "0", "samples: “0” makes no sense, expected a whole number from 1 to 5,000.");
  await say(
    "Learning rate",
    "fast",
    "learning rate: “fast” is no number, expected a number above 0",
  );
  await at("start").click();
  await status("training");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("an address that makes no sense in part is said, the rest holds", async () => {
  const { page, lab } = await open({ samples: "many", seed: 7 });
  await lab
    .getByText("samples: “many” is no number in this page’s address, expected a whole number")
    .waitFor();
  assert.equal(await lab.getByLabel("Seed", { exact: true }).inputValue(), "7");
  assert.equal(await lab.getByLabel("Points", { exact: true }).inputValue(), "60");
  await page.context().close();
});

test("a run that diverges says so once, and goes on with a smaller rate", async () => {
  const { page, lab, at, status, shown } = await open({ optimizer: "sgd", lr: 1e6, steps: 200 });
  await at("start").click();
  await status("failed");
  const problem = lab.getByTestId("problem");
  await problem.waitFor();
  assert.equal(await problem.count(), 1);
  // In this lab's own counting, and one advice.
  const done = await shown("step");
  const told = await problem.textContent();
  assert.match(told, new RegExp(`In step ${done + 1} the loss became (infinite|no number)`));
  assert.match(told, /A smaller rate may do: 0\.1 instead of 10⁶\./);
  assert.doesNotMatch(told, /epoch|tenth/);
  await problem.getByRole("button", { name: "Start again with 0.1" }).click();
  await status("training", "finished");
  assert.equal(await problem.count(), 0);
  assert.match(page.url(), /lr=0.1&/);
  await page.context().close();
});

test("an engine that could not be fetched is tried again", async () => {
  let blocked = true;
  const { page, lab, status } = await open(
    {},
    {
      prepare: (page) =>
        page.context().route(/\.wasm$/, (route) => (blocked ? route.abort() : route.continue())),
    },
  );
  await lab
    .getByTestId("problem")
    .getByText(/could not be fetched/)
    .waitFor();
  blocked = false;
  await lab.getByRole("button", { name: "Try again" }).click();
  await lab.getByText("1 → 8 → 1 numbers, 25 weights").waitFor();
  await status("idle");
  await page.context().close();
});

test("it learns on while another lab is open, and pauses, stops and steps", async () => {
  const { page, at, status, shown } = await open(
    { pace: 100, steps: 100000 },
    {
      // How often the page asks the worker how it stands.
      prepare: (page) =>
        page.addInitScript(() => {
          globalThis.looks = 0;
          const { postMessage } = Worker.prototype;
          Worker.prototype.postMessage = function (message, ...rest) {
            if (message?.name === "look") globalThis.looks++;
            return postMessage.call(this, message, ...rest);
          };
        }),
    },
  );
  const looks = async (milliseconds) => {
    const before = await page.evaluate(() => [globalThis.looks, performance.now()]);
    await page.waitForTimeout(milliseconds);
    const after = await page.evaluate(() => [globalThis.looks, performance.now()]);
    return { count: after[0] - before[0], seconds: (after[1] - before[1]) / 1000 };
  };
  await at("start").click();
  await status("training");
  const step = await shown("step");
  const seen = await looks(600);
  assert.ok(seen.count <= 31 * seen.seconds + 1, JSON.stringify(seen));
  await page.waitForFunction(() => globalThis.looks > 2);
  await page.getByRole("link", { name: "Autograd" }).click();
  await page.waitForTimeout(100);
  const hidden = await looks(1500);
  assert.equal(hidden.count, 0);
  await page.getByRole("link", { name: "Functions" }).click();
  await page.waitForFunction(
    (step) =>
      Number(document.querySelector('[data-testid="fn-step"]').textContent.replace(/,/g, "")) >
      step,
    step + 20,
  );
  // The page is hidden, as in a tab behind others.
  const hide = (value) =>
    page.evaluate((value) => {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => value });
      document.dispatchEvent(new Event("visibilitychange"));
    }, value);
  await hide(true);
  await page.waitForTimeout(100);
  assert.equal((await looks(700)).count, 0);
  await hide(false);
  assert.ok((await looks(600)).count > 1);
  await at("pause").click();
  await status("paused");
  const paused = await shown("step");
  assert.equal((await looks(300)).count, 0);
  assert.equal(await shown("step"), paused);
  await at("step").click();
  await page.waitForFunction(
    (step) =>
      Number(document.querySelector('[data-testid="fn-step"]').textContent.replace(/,/g, "")) ===
      step,
    paused + 1,
  );
  await at("pause").click();
  await status("training");
  assert.equal(await at("start").textContent(), "Start");
  await at("stop").click();
  await status("idle");
  // What was learned would be replaced.
  assert.equal(await at("start").textContent(), "Start again");
  await at("reset").click();
  await page.waitForFunction(
    () => document.querySelector('[data-testid="fn-step"]').textContent === "0",
  );
  assert.equal(await at("start").textContent(), "Start");
  assert.deepEqual(page.complaints, []);
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
  assert.match(await at("fn-link").textContent(), /repeats the run to the same digits/);
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

test("a surface: f, the answer and the points", async () => {
  const query = {
    task: "surface",
    f: "x*y",
    net: "dense 4, tanh",
    samples: 50,
    steps: 60,
    pace: 0,
  };
  const { page, lab, at, status, shown, table, weights } = await open(query);
  await at("start").click();
  await status("finished");
  const w = await weights();
  const answer = (x, y) =>
    [0, 1, 2, 3].reduce(
      (sum, i) =>
        sum +
        w["dense2.weight"][i][0] *
          Math.tanh(
            w["dense1.weight"][0][i] * x + w["dense1.weight"][1][i] * y + w["bias1.bias"][0][i],
          ),
      w["bias2.bias"][0][0],
    );
  const { names, rows } = await table("answer");
  assert.deepEqual(names, ["x", "y", "f", "answer"]);
  assert.equal(rows.length, 41 * 41);
  for (const [x, y, f, value] of numbers(rows)) {
    near(f, x * y, 1e-5, `f(${x}, ${y})`);
    near(value, answer(x, y), 1e-5, `answer at (${x}, ${y})`);
  }
  const points = numbers((await table("samples")).rows);
  const loss = points.reduce((sum, [x, y, z]) => sum + (answer(x, y) - z) ** 2, 0) / 100;
  near(await shown("train-loss"), loss, 1e-3, "training loss");

  // A unit alone, where it is pointed at; its picture's range by hand.
  await lab.getByRole("button", { name: "Unit 2", exact: true }).focus();
  const places = numbers(rows).map(([x, y]) => [x, y]);
  const second = places.map(
    ([x, y]) =>
      w["dense2.weight"][1][0] *
      Math.tanh(
        w["dense1.weight"][0][1] * x + w["dense1.weight"][1][1] * y + w["bias1.bias"][0][1],
      ),
  );
  const sentence = await lab.locator('[data-part="plane-sentence"]').textContent();
  const said = sentence
    .replaceAll("−", "-")
    .match(/^Unit 2 adds from (\S+) to (\S+)\. Its outgoing weight is (\S+)\.$/);
  near(Number(said[1]), Math.min(...second), 6e-3, "lowest");
  near(Number(said[2]), Math.max(...second), 6e-3, "highest");
  near(Number(said[3]), w["dense2.weight"][1][0], 6e-3, "outgoing weight");
  await page.context().close();
});

test("points of one’s own with three columns make a surface", async () => {
  const { page, lab, status, table } = await open({ task: "points" });
  await lab.getByLabel("Your points, one per line").fill("0,0,5\n1,0,6\n0,1,7\n1,1,8");
  await lab.getByLabel("Your points, one per line").blur();
  await lab.locator('[data-part="answer-plot"]').waitFor();
  await status("idle");
  assert.deepEqual((await table("samples")).text, "x,y,z\r\n0,0,5\r\n1,0,6\r\n0,1,7\r\n1,1,8\r\n");
  await page.context().close();
});

// Each class's probability at a point, by a net with one hidden layer of tanh.
function softmax(w, x, y) {
  const hidden = w["bias1.bias"][0].map((b, i) =>
    Math.tanh(w["dense1.weight"][0][i] * x + w["dense1.weight"][1][i] * y + b),
  );
  const sums = w["bias2.bias"][0].map((b, c) =>
    hidden.reduce((sum, h, i) => sum + h * w["dense2.weight"][i][c], b),
  );
  const powers = sums.map(Math.exp);
  return powers.map((power) => power / powers.reduce((a, b) => a + b));
}

test("classes: probabilities, losses and accuracies, of training and held-out points", async () => {
  for (const task of ["circles", "spiral"]) {
    const query = { task, net: "dense 5, tanh", noise: 0.1, samples: 90, steps: 300, pace: 0 };
    const { page, at, status, shown, table, weights } = await open(query);
    await at("start").click();
    await status("finished");
    const w = await weights();
    for (const [x, y, ...p] of numbers((await table("answer")).rows)) {
      softmax(w, x, y).forEach((own, c) => near(p[c], own, 1e-5, `class ${c} at (${x}, ${y})`));
    }
    const samples = [
      ["train", await table("samples")],
      ["held", await table("held")],
    ];
    assert.notEqual(samples[0][1].text, samples[1][1].text);
    for (const [name, { rows }] of samples) {
      const points = numbers(rows);
      const classes = task === "spiral" ? 3 : 2;
      const counts = Array.from({ length: classes }, (_, c) => points.filter((p) => p[2] === c));
      for (const { length } of counts) assert.equal(length, 90 / classes);
      const loss =
        points.reduce((sum, [x, y, c]) => sum - Math.log(softmax(w, x, y)[c]), 0) / points.length;
      near(await shown(`${name}-loss`), loss, 1e-3, `${task}: ${name} loss`);
      const right = points.filter(([x, y, c]) => {
        const p = softmax(w, x, y);
        return p.indexOf(Math.max(...p)) === c;
      });
      assert.equal(
        await at(`fn-${name}-accuracy`).textContent(),
        `${((100 * right.length) / points.length).toFixed(1)} %`,
      );
      if (task === "circles") {
        // Around 0 at distances 1 and 0.45, give or take five deviations.
        for (const [x, y, c] of points) {
          assert.ok(Math.abs(Math.hypot(x, y) - [1, 0.45][c]) < 0.5, `${[x, y, c]}`);
        }
      }
    }
    await page.context().close();
  }
});

test("each class set is learned, as it is set up", async () => {
  const least = { spiral: 95, moons: 95, circles: 93, clouds: 90 };
  for (const [task, share] of Object.entries(least)) {
    const { page, at, status } = await open({ task, pace: 0 });
    await at("start").click();
    await status("finished");
    const accuracy = parseFloat(await at("fn-held-accuracy").textContent());
    assert.ok(accuracy >= share, `${task}: ${accuracy} %`);
    await page.context().close();
  }
});

test("the landscape of a line’s two weights is what arithmetic says, and training goes on untouched", async () => {
  const query = {
    f: "x + 1",
    net: "",
    samples: 12,
    noise: 0.2,
    batch: 5,
    steps: 60,
    pace: 0,
    lr: 0.05,
  };
  const { page, lab, at, status, shown, table, weights } = await open(query);
  const [start, points] = [await weights(), numbers((await table("samples")).rows)];
  await at("start").click();
  await status("finished");
  const now = await weights();
  const pair = (w) => [w["dense1.weight"][0][0], w["bias1.bias"][0][0]];
  const lossAt = ([w, b]) => points.reduce((sum, [x, y]) => sum + (w * x + b - y) ** 2, 0) / 24;

  await at("fn-landscape").click();
  await lab.getByText(/^At step 60 the loss here is/).waitFor();
  const said = await at("fn-landscape-about").textContent();
  assert.match(said, /goes through the start, the end and the place that is farthest/);
  const here = Number(said.match(/here is ([\d.]+)\. /)[1]);
  assert.equal(here, await shown("train-loss"));
  near(here, lossAt(pair(now)), 1e-3, "here");

  // With two weights the plane is all there is: along start → now, and at a right angle to it.
  const away = pair(now).map((value, i) => value - pair(start)[i]);
  const first = away.map((value) => value / Math.hypot(...away));
  const rows = numbers((await table("landscape")).rows);
  assert.equal(rows.length, 41 * 41);
  const differs = [1, -1].map((sign) => {
    const second = [-sign * first[1], sign * first[0]];
    const sizes = rows.map(([a, b, loss]) => {
      const own = lossAt(pair(now).map((value, i) => value + a * first[i] + b * second[i]));
      return Math.abs(loss - own) / Math.max(1, own);
    });
    return Math.max(...sizes);
  });
  assert.ok(Math.min(...differs) < 1e-4, `off by ${differs}`);

  // It trains as far again, with and without the landscape.
  await at("start").click();
  await status("training", "finished");
  await page.waitForFunction(
    () => document.querySelector('[data-testid="fn-step"]').textContent === "3,060",
  );
  const after = (await table("weights")).text;
  const other = await open({ ...query, steps: 3060 });
  await other.at("start").click();
  await other.status("finished");
  assert.equal((await other.table("weights")).text, after);
  await other.page.context().close();
  await page.context().close();
});

test("the landscape in random directions, while it learns, and of a net that is made anew", async () => {
  const { page, lab, at, status } = await open({ pace: 100, steps: 100000 });
  await at("start").click();
  await status("training");
  await lab.getByLabel("Plane of the landscape").selectOption("random");
  await at("fn-landscape").click();
  await lab.getByText(/filter normalisation, Li et al. 2018/).waitFor();
  await status("training");
  await at("fn-landscape").click();
  await at("reset").click();
  await status("idle");
  await lab.getByText("Draw the landscape").waitFor();
  assert.equal(await at("fn-landscape-about").textContent(), "");
  assert.equal(await lab.locator(".problem").count(), 0);
  await page.context().close();
});

test("things to try set the experiment up; the way back restores it", async () => {
  const { page, lab, at, status } = await open({ seed: 5 });
  await lab.getByRole("link", { name: "A spiral" }).click();
  await lab.locator('[data-part="classes-plot"]').waitFor();
  await status("idle");
  assert.match(page.url(), /\?lab=functions&task=spiral$/);
  assert.ok(await at("start").evaluate((button) => button === document.activeElement));
  await page.goto(`${site.address}?lab=functions&seed=5`);
  await status("idle");
  for (const link of await lab.locator(".fn-try a").all()) {
    await link.click();
    await status("idle");
    assert.equal(await lab.locator(".problem").count(), 0, await link.textContent());
    const href = new URL(await link.getAttribute("href"), site.address);
    const own = new URL(page.url()).searchParams;
    for (const [key, value] of href.searchParams) {
      // What is as usual need not be said.
      assert.ok([value, null].includes(own.get(key)), `${key}: ${own.get(key)}, expected ${value}`);
    }
  }
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("plots are saved as pictures", async () => {
  const { page, lab, at, status } = await open({ steps: 20, pace: 0 });
  await at("start").click();
  await status("finished");
  for (const name of ["curve", "loss"]) {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      lab.locator(`[data-save="${name}-png"]`).click(),
    ]);
    assert.equal(download.suggestedFilename(), `${name}.png`);
    const bytes = await readFile(await download.path());
    assert.equal(bytes.subarray(1, 4).toString(), "PNG");
    const width = bytes.readUInt32BE(16);
    const box = await lab.locator(`[data-part="${name}-plot"] canvas`).boundingBox();
    assert.ok(Math.abs(width - box.width) <= 1, `${width} of ${box.width} pixels`);
  }
  await page.context().close();
});

// ---- How it is to use -------------------------------------------------------

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
for (const width of [1280, 320]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`axe finds nothing at ${width} px, ${colorScheme}, and nothing scrolls sideways`, async () => {
      const { page, lab, at, status } = await open(
        {},
        {
          context: { viewport: { width, height: 800 }, colorScheme },
          prepare: (page) =>
            page.addInitScript({ path: `${root}node_modules/axe-core/axe.min.js` }),
        },
      );
      const sound = async (state) => {
        const violations = await page.evaluate(
          async (tags) => (await globalThis.axe.run({ runOnly: tags })).violations,
          tags,
        );
        assert.deepEqual(
          violations.map(({ help, nodes }) => [help, nodes.map(({ html }) => html.slice(0, 100))]),
          [],
          state,
        );
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= width, `${state}: ${wide} px wide at ${width}`);
        const small = await lab
          .locator("button, input, select, textarea, summary")
          .evaluateAll((all) =>
            all
              .filter((each) => each.checkVisibility())
              .map((each) => [each.textContent, each.getBoundingClientRect()])
              .filter(([, box]) => box.width < 24 || box.height < 24)
              .map(([text, box]) => `${text} ${box.width} × ${box.height}`),
          );
        assert.deepEqual(small, [], state);
      };
      await sound("idle");
      for (const task of ["surface", "spiral", "points", "curve"]) {
        await lab.getByLabel("What to learn").selectOption(task);
        await page.waitForTimeout(200);
        await status("idle");
        await sound(task);
      }
      await lab.getByLabel("Steps", { exact: true }).fill("1000000");
      await at("start").click();
      await status("training");
      await sound("training");
      await at("fn-landscape").click();
      await lab.getByText(/^At step/).waitFor();
      await sound("landscape");
      await at("stop").click();
      await status("idle");
      const net = lab.getByLabel("Its hidden layers");
      await net.fill("dense 8, tan");
      await net.blur();
      await lab.getByText("net: 'tan' at word 3").waitFor();
      await at("start").click();
      assert.ok(await net.evaluate((field) => field === document.activeElement));
      await sound("wrong");
      await lab.getByLabel("Network", { exact: true }).selectOption("dense 8, tanh");
      await lab.getByLabel("Optimizer").selectOption("sgd");
      await lab.getByLabel("Learning rate", { exact: true }).fill("1000000");
      await lab.getByLabel("Learning rate", { exact: true }).blur();
      await status("idle");
      await at("start").click();
      await lab.locator(".problem").waitFor();
      await sound("failed");
      await page.context().close();
    });
  }
}

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
  await reach(lab.getByRole("button", { name: "Unit 2", exact: true }));
  const { y } = await lab.locator('[data-part="curve-sentence"]').boundingBox();
  await lab.getByText(/^Unit 2 adds −?[\d.]+ at x = −3, .* Its outgoing weight is/).waitFor();
  assert.equal((await lab.locator('[data-part="curve-sentence"]').boundingBox()).y, y);
  await page.context().close();
});
