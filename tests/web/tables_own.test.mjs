// Tables of somebody's own: what is said of their first row, packed ones, and what the browser keeps of them.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "../support/test.mjs";
import { gzipSync } from "node:zlib";
import { axeFindings, withAxe } from "../support/axe.mjs";
import { csv, labOf, number, open, signs, site, sums } from "./tables.mjs";

const names = (lab) =>
  lab.cells("tb-columns").then((rows) => rows.map(([name]) => name.replace(/\s+$/, "")));

test("a first row that was taken for the wrong thing is put right, also by the link", async () => {
  const lab = await open();
  const { page, at, status } = lab;
  // Years look like any other numbers, and words over words like names.
  await lab.bring("years.csv", csv([[2019, 2020, 2021], ...sums(60).slice(1).map((row) => row.slice(1))])); // prettier-ignore
  assert.deepEqual(await names(lab), ["column 1", "column 2", "column 3"]);
  await at("tb-count").filter({ hasText: "61 rows of 3 columns" }).waitFor();
  await at("tb-count").filter({ hasText: "it names no columns" }).waitFor();
  await at("tb-header").selectOption("yes");
  await at("tb-count").filter({ hasText: "60 rows of 3 columns" }).waitFor();
  await status("idle");
  assert.deepEqual(await names(lab), ["2019", "2020", "2021"]);
  assert.match(page.url(), /header=yes/);
  await at("tb-header").selectOption("no");
  await at("tb-count").filter({ hasText: "61 rows of 3 columns" }).waitFor();
  await status("idle");
  assert.match(page.url(), /header=no/);
  // Another table is looked at with fresh eyes.
  await lab.bring("sums.csv", csv(sums(60)));
  assert.equal(await at("tb-header").inputValue(), "auto");
  assert.deepEqual(await names(lab), ["a", "b", "c", "y"]);
  // A table of the page, too.
  await at("tb-table").selectOption("penguins");
  await at("tb-about").filter({ hasText: "344 penguins" }).waitFor();
  await status("idle");
  await at("tb-header").selectOption("no");
  await at("tb-count").filter({ hasText: "345 rows" }).waitFor();
  await status("idle");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("a reload finds one's own table again with its settings, until it is forgotten", async () => {
  const lab = await open({ epochs: 3 }, { prepare: withAxe });
  const { page, at } = lab;
  await lab.bring("signs.csv.gz", gzipSync(csv(signs(300))));
  await at("tb-about").filter({ hasText: "This browser keeps it" }).waitFor();
  await at("tb-columns").getByLabel("What b is taken for").selectOption("ignored");
  await page.waitForFunction(() => location.search.includes("kinds=2:ignored"));
  await lab.status("idle");
  await page.reload();
  const again = labOf(page);
  await again.at("tb-about").filter({ hasText: "signs.csv.gz, from your computer." }).waitFor();
  await again.status("idle");
  assert.deepEqual(await names(again), ["a", "b", "kind"]);
  assert.equal(
    await again.at("tb-columns").getByLabel("What b is taken for").inputValue(),
    "ignored",
  );
  assert.equal((await again.lab.locator(".problem").count()) > 0, false);
  assert.deepEqual(await axeFindings(page), []);
  // A way back from another table, also after a visit without it.
  await again.at("tb-table").selectOption("cars");
  await again.at("tb-about").filter({ hasText: "398 cars" }).waitFor();
  await page.goto(`${site.address}?lab=tables`);
  await again.status("idle");
  await again.at("tb-table").selectOption("own");
  await again.at("tb-about").filter({ hasText: "signs.csv.gz" }).waitFor();
  await again.status("idle");
  // The page that forgets says that it is there.
  const forgetting = await page.context().newPage();
  await forgetting.goto(`${site.address}begin_anew.html`);
  await forgetting.getByTestId("forgotten").filter({ hasText: "a table of your own" }).waitFor();
  await forgetting.close();
  await again.at("tb-forget").click();
  await again.at("tb-about").filter({ hasText: "It is forgotten." }).waitFor();
  await page.reload();
  await again.lab.getByText("choose that file below").waitFor();
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("a file that is too large to be kept is said, and none takes its place", async () => {
  const lab = await open({ epochs: 1 });
  const { page, at } = lab;
  // Blank rows are passed over, however long they are.
  const folder = await mkdtemp(join(tmpdir(), "lanegrad-tables-"));
  const file = join(folder, "large.csv");
  await writeFile(file, csv(sums(60)) + `${" ".repeat(200_000)}\n`.repeat(256));
  await at("tb-file").setInputFiles(file);
  await at("tb-about").filter({ hasText: "Files of more than 50 MB are not kept." }).waitFor();
  await lab.status("idle");
  await rm(folder, { recursive: true });
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("the rate is changed while the net learns, and the link repeats that", async () => {
  const lab = await open({ epochs: 100_000, lr: 0.01 });
  const { page, at, status } = lab;
  const rate = lab.lab.getByLabel("Learning rate", { exact: true });
  await at("start").click();
  await status("training");
  await rate.fill("0.001");
  await rate.press("Tab");
  await page.waitForFunction(() => /rates=\d+:0.001/.test(location.search));
  assert.match(await at("tb-rates").textContent(), /^Then 0.001 from step \d+ on\.$/);
  await at("stop").click();
  await status("stopped");
  assert.equal(await rate.inputValue(), "0.001");
  assert.equal(await at("start").textContent(), "Continue");

  // A rate that comes so many steps later: both runs have the same bits.
  const numbers = async () => {
    await labOf(page).learn();
    return labOf(page).cells("tb-beside");
  };
  await page.goto(`${site.address}?lab=tables&epochs=3&rates=5:0.5,9:0.001&lr=0.01`);
  await status("idle");
  assert.equal(await rate.inputValue(), "0.01");
  const first = await numbers();
  assert.equal(await rate.inputValue(), "0.001");
  await page.reload();
  await status("idle");
  assert.deepEqual(await numbers(), first);
  await page.goto(`${site.address}?lab=tables&epochs=3&lr=0.01`);
  await status("idle");
  assert.notDeepEqual(await numbers(), first);
  // At rest, the rate is that of a run to come.
  await rate.fill("0.02");
  await rate.press("Tab");
  await page.waitForFunction(() => location.search.includes("lr=0.02"));
  await status("idle");
  assert.equal(number((await at("tb-epoch").textContent()).split("/")[0]), 0);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});
