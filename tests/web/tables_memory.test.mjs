// What a page takes over a table's file: the reader has its text, one trainer its numbers, and nobody else either.
// The reader's memory is held by tests/package/read_table.test.mjs, the trainer's by tests/package/number_streams.test.mjs.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { test } from "../support/test.mjs";
import { launch, openPage, servePage } from "./support.mjs";
import { labOf } from "./tables.mjs";

// With the flag, what a page measures of itself is measured at once, after a collection of garbage.
const browser = await launch("--enable-blink-features=ForceEagerMeasureMemory");
const site = await servePage();
const folder = await mkdtemp(join(tmpdir(), "lanegrad-memory-"));
after(async () => {
  await browser.close();
  site.close();
  await rm(folder, { recursive: true });
});

/** The bytes that the page's own arrays and objects take, and the number of its workers. */
const measure = (page) =>
  page.evaluate(async () => {
    const { breakdown } = await performance.measureUserAgentSpecificMemory();
    const of = (scope) => breakdown.filter(({ attribution }) => attribution[0]?.scope === scope);
    const own = of("Window").reduce((sum, { bytes }) => sum + bytes, 0);
    return { own, workers: of("DedicatedWorkerGlobalScope").length };
  });

test("a large table's numbers are in one worker alone, also while the linear model learns", async () => {
  const [rows, columns] = [100_000, 20];
  const lines = [Array.from({ length: columns }, (_, i) => `c${i}`).join()];
  for (let i = 0; i < rows; i++) {
    const cells = Array.from({ length: columns }, (_, j) =>
      (((i * (j + 7)) % 997) / 10).toFixed(1),
    );
    lines.push(cells.join());
  }
  const file = join(folder, "large.csv");
  await writeFile(file, `${lines.join("\n")}\n`);
  const numbers = 4 * rows * (columns - 1);

  const page = await openPage(browser, `${site.address}?lab=tables`);
  const lab = labOf(page);
  await lab.status("idle");
  const before = await measure(page);
  assert.equal(before.workers, 1);
  await lab.at("tb-file").setInputFiles(file);
  await lab.at("tb-about").filter({ hasText: "large.csv" }).waitFor({ timeout: 60_000 });
  await lab.status("idle");
  await lab.at("step").click();
  await lab
    .at("tb-way")
    .filter({ hasText: /^Step 1\b/ })
    .waitFor({ timeout: 60_000 });
  const after = await measure(page);
  assert.equal(after.workers, 1, "a worker for all nets");
  // The page keeps what it draws, and the places of the rows; the fifth that is held out would be a fifth more.
  const [own, most] = [after.own - before.own, 3e6 + 0.15 * numbers];
  console.log(`the page itself takes ${own} bytes more, of numbers that have ${numbers}`);
  assert.ok(own < most, `${own} bytes, expected at most ${most}`);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});
