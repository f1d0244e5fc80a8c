// The board of a class: lines and saved files of anybody are read, merged, sorted and shown, and kept until it is cleared.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { load } from "./runs.mjs";
import { axeFindings, withAxe } from "../support/axe.mjs";
import { at, downloaded, launchSite, openPage, waitForStatus } from "./support.mjs";

const { browser, site } = await launchSite();
const { lineOf, merged, queryOf, readLines, sorted } = await load("board/results.ts");
const { median } = await load("board/dot_plot.ts");

const ada = {
  ...{ name: "Ada", net: "dense 64, relu, dense classes", rate: 0.003, epochs: 5, seed: 1 },
  ...{ judge: "validation", accuracy: 0.9743, loss: 0.08911, link: "?net=mlp&lr=0.003" },
};

test("a result is the same after it was a line, and lines that people change are still read", () => {
  const line = lineOf(ada, "https://school.example/page/");
  assert.equal(
    line,
    "Ada; dense 64, relu, dense classes; 0.003; 5; 1; validation; 0.9743; 0.08911; https://school.example/page/?net=mlp&lr=0.003",
  );
  for (const text of [
    line,
    `\r\n  ${line}  \r\n`,
    `name; net; rate; epochs; seed; judged by; accuracy; loss; link\n${line}`,
    line.replaceAll("; ", "\t"),
    line.replace("0.003; 5", "0,003; 5").replace("0.9743", "97,43 %").replace("0.08911", "0,08911"),
    line.replace("Ada; dense 64, relu, dense classes", '"Ada";"dense 64,relu , dense classes"'),
  ]) {
    const { results, complaints } = readLines(text);
    assert.deepEqual(complaints, [], text);
    assert.equal(results.length, 1);
    assert.ok(Math.abs(results[0].accuracy - 0.9743) < 1e-12);
    assert.deepEqual({ ...results[0], accuracy: 0.9743 }, ada, text);
  }
  assert.equal(lineOf({ ...ada, name: "A;\tb\nc" }, "").split(";")[0], "A b c");
  assert.match(lineOf({ ...ada, link: "" }, "https://x/"), /0\.08911; $/);
});

test("of a link only what repeats the run is taken, and what is wrong with a line is said", () => {
  assert.equal(queryOf("https://evil.example/steal?net=mlp&lr=1#x"), "?net=mlp&lr=1");
  assert.equal(queryOf("javascript:alert(1)"), "");
  assert.equal(queryOf('?net="><img>'), "?net=%22%3E%3Cimg%3E");
  const good = lineOf(ada, "");
  for (const [text, sentence] of [
    ["hello", /^Line 1 \(“hello”\): it has 1 field, expected 9: name; net; rate/],
    [
      good.replace("validation", "luck"),
      /: it is judged by “luck”, expected validation or test\.$/,
    ],
    [
      good.replace("0.9743", "1.2"),
      /: its accuracy is no number from 0 to 1, and no percentage\.$/,
    ],
    [good.replace("0.9743", "101 %"), /: its accuracy is no number/],
    [good.replace("0.003", "-1"), /: its rate is no number above 0\.$/],
    [good.replace("; 5;", "; 5.5;"), /: its epochs are no whole number\.$/],
    [good.replace("; 1;", "; x;"), /: its seed is no whole number\.$/],
    [good.replace("Ada", " "), /: it has no name\.$/],
  ]) {
    const { results, complaints } = readLines(`${good}\n${text}`.replace(`${good}\n`, ""));
    assert.equal(results.length, 0, text);
    assert.match(complaints[0], sentence);
  }
  const many = readLines(
    Array.from({ length: 600 }, (_, i) => lineOf({ ...ada, seed: i }, "")).join("\n"),
  );
  assert.equal(many.results.length, 500);
  assert.deepEqual(many.complaints, ["Line 501 and those below are left out: 500 are the most."]);
});

test("results are merged, sorted, and have a median", () => {
  const bob = { ...ada, name: "Bob", accuracy: 0.5, loss: NaN };
  const all = merged([{ ...ada, link: "" }, bob, { ...ada, name: "ada" }, { ...ada, seed: 2 }]);
  assert.deepEqual(
    all.map(({ name, seed, link }) => [name, seed, link]),
    [
      ["ada", 1, ada.link],
      ["Bob", 1, ada.link],
      ["Ada", 2, ada.link],
    ],
  );
  assert.equal(sorted(all, "accuracy", false)[0].name, "Bob");
  assert.equal(sorted(all, "accuracy", true).at(-1).name, "Bob");
  for (const down of [true, false])
    assert.equal(sorted(all, "loss", down).at(-1).name, "Bob", "what is not known comes last");
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2.5);
});

const search = "?net=pool+7,+dense+classes&batch=6000&epochs=2&lr=0.05&seed=3";
const open = async (page) => {
  await waitForStatus(page, "idle");
  await page.locator('[data-testid="board"] summary').click();
  await at(page, "board-add").waitFor();
};
const cells = (page) =>
  at(page, "board-rows")
    .locator("tbody tr")
    .evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)));

test("pupils copy lines, and a teacher gathers these and saved runs, whatever is in them", async () => {
  const page = await openPage(browser, site.address + search, {
    context: { permissions: ["clipboard-read", "clipboard-write"] },
    prepare: withAxe,
  });
  await open(page);
  assert.ok(await at(page, "board-copy-line").isDisabled(), "there is no result yet");
  await at(page, "start").click();
  await waitForStatus(page, "training");
  await waitForStatus(page, "finished");
  await page.locator("#board-name").fill("Ada <b>; Lovelace");
  await at(page, "board-copy-line").click();
  await at(page, "board-said").filter({ hasText: "Copied." }).waitFor();
  const line = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(await at(page, "board-line").inputValue(), line);
  const accuracy = await at(page, "validation-accuracy").textContent();
  const share = (Number.parseFloat(accuracy) / 100).toFixed(4);
  assert.ok(
    line.startsWith(`Ada <b> Lovelace; pool 7, dense classes; 0.05; 2; 3; validation; ${share}; `),
    line,
  );
  const saved = await downloaded(page, at(page, "save"));

  // Lines, one of them twice and one broken.
  const other = line
    .replace("Ada <b> Lovelace", "=Bob")
    .replace(share, "0.4")
    .replace(/https?:[^?]*/, "https://evil.example/");
  await page.locator("#board-lines").fill(`${line}\n${other}\n${line}\nnonsense`);
  await at(page, "board-add").click();
  assert.equal(await at(page, "board-told").textContent(), "2 results added, 1 known already.");
  assert.match(
    await at(page, "board-complaints").textContent(),
    /^Line 4 \(“nonsense”\): it has 1 field/,
  );

  // Files: a run, and what is none.
  const header = (json, length = BigInt(Buffer.byteLength(json))) => {
    const size = Buffer.alloc(8);
    size.writeBigUInt64LE(length);
    return Buffer.concat([size, Buffer.from(json)]);
  };
  const record = (text) =>
    header(JSON.stringify({ __metadata__: { net: "mlp", "learning-rate": "0.1", record: text } }));
  const file = (name, buffer) => ({ name, mimeType: "", buffer });
  await at(page, "board-files").setInputFiles([
    file("Carl.safetensors", saved.bytes),
    file("short.safetensors", Buffer.from("abc")),
    file("long.safetensors", header("{}", 1n << 60n)),
    file("broken.safetensors", header("{not json")),
    file("weights.safetensors", header("{}")),
    file("terminal.safetensors", header(JSON.stringify({ __metadata__: { net: "mlp" } }))),
    file("torn.safetensors", record("{")),
    file("odd.safetensors", record(JSON.stringify({ charts: [], epochs: 3 }))),
  ]);
  await at(page, "board-told").filter({ hasText: "1 result added." }).waitFor();
  assert.deepEqual(await at(page, "board-complaints").locator("li").allTextContents(), [
    "short.safetensors: it is no safetensors file.",
    "long.safetensors: it is no safetensors file.",
    "broken.safetensors: it is no safetensors file.",
    "weights.safetensors: it is no saved run of this page.",
    "terminal.safetensors: it says of no epoch what came of it: the terminal wrote it, or none had ended.",
    "torn.safetensors: its record is no JSON.",
    "odd.safetensors: record.charts has 0 parts, expected 2.",
  ]);
  const rows = await cells(page);
  const own = (name) => [name, "pool 7, dense classes", "0.05", "2", "3", "validation", accuracy];
  assert.deepEqual(
    rows.map((row) => row.slice(0, 7)),
    [own("Ada <b> Lovelace"), own("Carl"), [...own("=Bob").slice(0, 6), "40.00\u00a0%"]],
  );
  assert.equal(await at(page, "board-plot").locator("circle").count(), 3);
  assert.deepEqual(await axeFindings(page, ".board"), []);
  // All links repeat the run, in this page.
  const links = await at(page, "board-rows")
    .locator("a")
    .evaluateAll((all) => all.map(({ href }) => href));
  assert.equal(links.length, 3);
  for (const link of links) assert.ok(link.startsWith(`${site.address}?net=pool+7`), link);
  assert.equal(
    new Set(links.map((link) => new URLSearchParams(link.split("?")[1]).toString())).size,
    1,
  );

  await at(page, "board-rows").getByRole("button", { name: "Name" }).click();
  assert.deepEqual(
    (await cells(page)).map(([name]) => name),
    ["=Bob", "Ada <b> Lovelace", "Carl"],
  );
  await at(page, "board-copy").click();
  await page.waitForFunction(async () =>
    (await navigator.clipboard.readText()).startsWith("name,net"),
  );
  assert.match(
    await page.evaluate(() => navigator.clipboard.readText()),
    /\n'=Bob,"pool 7, dense classes",0\.05,2,3,validation,0\.4,/,
  );

  // The board outlives a reload, and is forgotten by one button.
  await page.reload();
  await open(page);
  await at(page, "board-plot").locator("circle").first().waitFor();
  assert.equal((await cells(page)).length, 3);
  await at(page, "board-clear").click();
  await page.reload();
  await open(page);
  await page.waitForTimeout(300);
  assert.equal((await cells(page)).length, 0);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});
