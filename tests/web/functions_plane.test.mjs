// Functions in two dimensions: surfaces, classes, and the landscape of the loss.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { open, numbers, near, softmax } from "./functions.mjs";

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
  await lab.getByRole("button", { name: "Neuron 2", exact: true }).focus();
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
    .match(/^Neuron 2 adds from (\S+) to (\S+)\. Its outgoing weight is (\S+)\.$/);
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
        `${((100 * right.length) / points.length).toFixed(1)}\u00a0%`,
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
