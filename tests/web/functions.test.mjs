// The Functions lab: what it shows equals what plain arithmetic makes of the weights and points that it saves,
// a link repeats a run, and whatever is wrong is said in one sentence.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { site, open, numbers, near } from "./functions.mjs";

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
            if (message?.name === "snapshot") globalThis.looks++;
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

test("things to try set the experiment up; the way back restores it", async () => {
  const { page, lab, at, status } = await open({ seed: 5 });
  await lab.getByRole("link", { name: "A spiral" }).click();
  await lab.locator('[data-part="classes-plot"]').waitFor();
  await status("idle");
  assert.match(page.url(), /\?lab=functions&task=spiral$/);
  assert.ok(await at("start").evaluate((button) => button === document.activeElement));
  await page.goto(`${site.address}?lab=functions&seed=5`);
  await status("idle");
  for (const link of await lab.locator(".try li > a").all()) {
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
