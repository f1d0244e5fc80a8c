// Tables, on tables whose answers are known: what is shown of a run, what it is beside, and what it predicts.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { downloaded, rowsOf } from "./support.mjs";
import { csv, number, open, signs, sums } from "./tables.mjs";

test("a sum of columns is learned by the linear model, and a column that is no part of it does not matter", async () => {
  const lab = await open({ epochs: 60 });
  const { page, at } = lab;
  await lab.bring("sums.csv", csv(sums()));
  assert.equal(await at("tb-target").evaluate((select) => select.selectedOptions[0].text), "y");
  await lab.learn();
  const [plain, linear, net] = await lab.cells("tb-beside");
  assert.ok(Math.abs(number(plain[1])) < 0.1, `plain R² ${plain[1]}`);
  assert.ok(number(linear[1]) > 0.99 && number(linear[2]) < 0.1, `linear ${linear}`);
  assert.ok(number(net[1]) > 0.95, `net ${net}`);

  // The shown scores are those of the answers that are saved.
  const { bytes } = await downloaded(page, at("tb-answers-csv"));
  const [heads, ...rows] = rowsOf(bytes);
  assert.deepEqual(heads, ["row", "a", "b", "c", "y", "y (predicted)"]);
  assert.equal(rows.length, 80);
  const [truth, said] = [4, 5].map((i) => rows.map((row) => Number(row[i])));
  const mean = truth.reduce((sum, y) => sum + y, 0) / 80;
  const total = truth.reduce((sum, y) => sum + (y - mean) ** 2, 0);
  const squares = truth.reduce((sum, y, i) => sum + (y - said[i]) ** 2, 0);
  const error = truth.reduce((sum, y, i) => sum + Math.abs(y - said[i]), 0) / 80;
  assert.ok(Math.abs(number(net[1]) - (1 - squares / total)) < 0.001, `R² ${net[1]}`);
  assert.ok(Math.abs(number(net[2]) - error) < 0.001 * error + 1e-3, `error ${net[2]}, ${error}`);

  const matters = await lab.matters();
  assert.ok(matters.b > matters.a && matters.a > 0.5, JSON.stringify(matters));
  assert.ok(Math.abs(matters.c) < 0.05, JSON.stringify(matters));

  // A row by the form.
  for (const [name, value] of [
    ["a", "0.5"],
    ["b", "0,5"],
    ["c", "0"],
  ]) {
    await at("tb-row")
      .getByLabel(name, { exact: true })
      .fill(name === "b" ? "0.5" : value);
  }
  await at("tb-answer")
    .filter({ hasText: "−0.4" })
    .or(at("tb-answer").filter({ hasText: "−0.5" }))
    .waitFor();
  await at("tb-row").getByLabel("a", { exact: true }).fill("much");
  await at("tb-row-complaint").filter({ hasText: "much" }).waitFor();
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("what no sum can tell, the net learns; its answers to a file come as CSV", async () => {
  const lab = await open();
  const { page, at } = lab;
  await lab.bring("signs.csv", csv(signs(), ";"));
  await lab.learn();
  const [, linear, net] = await lab.cells("tb-beside");
  assert.ok(number(linear[1]) < 70, `linear ${linear}`);
  assert.ok(number(net[1]) > 93, `net ${net}`);
  assert.match(await at("tb-verdict").textContent(), /better than both/);
  const counts = (await lab.cells("tb-confusion")).map((row) =>
    row.slice(1).map((text) => number(text.replace("·", "0"))),
  );
  const all = counts.flat().reduce((sum, count) => sum + count, 0);
  assert.equal(all, 100);
  assert.equal(number(net[2].split(" ")[0]), counts[0][0] + counts[1][1]);

  const asked = signs(50, 77);
  await at("tb-predict-file").setInputFiles({
    name: "new.csv",
    mimeType: "text/csv",
    // The columns in another order, and without the one to predict.
    buffer: Buffer.from(csv(asked.map(([a, b]) => [b, a]))),
  });
  await at("tb-file-state").filter({ hasText: "50 rows of new.csv" }).waitFor();
  const { name, bytes } = await downloaded(page, at("tb-download"));
  assert.equal(name, "new-answers.csv");
  const [heads, ...rows] = rowsOf(bytes);
  assert.deepEqual(heads, ["b", "a", "kind (predicted)", "probability"]);
  const right = rows.filter(([b, a, said], i) => {
    assert.deepEqual([a, b], asked[i + 1].slice(0, 2));
    return said === asked[i + 1][2];
  });
  assert.ok(right.length >= 45, `${right.length} of 50`);
  assert.ok(rows.every((row) => Number(row[3]) >= 0.5 && Number(row[3]) <= 1));

  // What cannot be answered is refused in a sentence, and the answers before stay.
  await at("tb-predict-file").setInputFiles({
    name: "other.csv",
    mimeType: "text/csv",
    buffer: Buffer.from("a,c\n1,2\n3,4\n"),
  });
  await at("tb-file-complaint").filter({ hasText: "b" }).waitFor();
  assert.ok(await at("tb-download").isVisible());
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("a file that is no table is refused in one sentence, and the run stays as it is", async () => {
  const lab = await open({ epochs: 3 });
  const { page, at } = lab;
  await lab.learn();
  const before = await lab.cells("tb-beside");
  const address = page.url();
  const png = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");
  for (const [name, buffer] of [
    ["cat.png", png],
    ["empty.csv", Buffer.from("")],
    ["words.txt", Buffer.from("nothing but words")],
  ]) {
    await at("tb-file").setInputFiles({ name, mimeType: "text/csv", buffer });
    const problem = lab.lab.locator(".problem").filter({ hasText: "This file was not taken" });
    await problem.waitFor();
    const text = await problem.locator("p").first().textContent();
    assert.ok(text.includes(name) && text.length > 20, text);
    assert.deepEqual(await lab.cells("tb-beside"), before, name);
  }
  assert.equal(page.url(), address);
  assert.equal(await at("tb-status").textContent(), "finished");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});
