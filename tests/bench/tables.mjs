// node tests/bench/tables.mjs: how long the built page takes from a CSV file of 100,000 rows and 30 columns to the first
// step, the longest task of the page on the way, and what memory it takes. --rows N: another number of rows; --gzip: packed.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { launch } from "../support/chromium.mjs";
import { serve } from "../../web/serve.mjs";

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "100000" },
    gzip: { type: "boolean", default: false },
    port: { type: "string", default: "8140" },
  },
});
const rows = Number(values.rows);
let state = 1;
const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
const words = ["red", "green", "blue", "yellow", "violet"];
const names = Array.from({ length: 30 }, (_, i) => (i < 24 ? `number ${i}` : `word ${i}`));
const lines = [[...names.slice(0, 29), "y"].join()];
for (let i = 0; i < rows; i++) {
  const numbers = Array.from({ length: 24 }, () => (200 * random() - 100).toFixed(3));
  if (i % 50 === 0) numbers[3] = "";
  const texts = Array.from({ length: 5 }, () => words[Math.floor(5 * random())]);
  const target = 2 * numbers[0] - numbers[1] + 10 * random();
  lines.push([...numbers, ...texts, target.toFixed(3)].join());
}
const text = Buffer.from(`${lines.join("\n")}\n`);

const folder = mkdtempSync(join(tmpdir(), "lanegrad-tables-"));
const table = join(folder, values.gzip ? "table.csv.gz" : "table.csv");
writeFileSync(table, values.gzip ? gzipSync(text) : text);

const site = await serve({ root: "build/web", port: Number(values.port) });
const browser = await launch();
// The resident memory of the page's process in MB, workers included.
const resident = (pid) => Number(execFileSync("ps", ["-o", "rss=", "-p", pid])) / 1024;
try {
  const page = await browser.newPage();
  await page.goto(`http://localhost:${site.port}/?lab=tables`);
  const at = (name) => page.locator("#tables").getByTestId(name);
  await at("tb-status").filter({ hasText: "idle" }).waitFor();
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const renderers = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
  const before = Math.max(...renderers.map(resident));
  await page.evaluate(() => {
    globalThis.tasks = [];
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) globalThis.tasks.push([startTime - globalThis.begun, duration]); // prettier-ignore
    }).observe({ type: "longtask" });
    const field = document.querySelector('[data-testid="tb-file"]');
    field.addEventListener("change", () => (globalThis.begun = performance.now()), { capture: true }); // prettier-ignore
  });
  await at("tb-file").setInputFiles(table);
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, ...renderers.map(resident))), 50);
  await at("tb-about").filter({ hasText: "from your computer" }).waitFor({ timeout: 120_000 });
  await at("tb-status").filter({ hasText: "idle" }).waitFor({ timeout: 120_000 });
  const read = await page.evaluate(() => performance.now() - globalThis.begun);
  await at("start").click();
  await page.waitForFunction(() => /^Step [1-9]/.test(document.querySelector('[data-testid="tb-way"]').textContent), undefined, { polling: 10 }); // prettier-ignore
  const first = await page.evaluate(() => performance.now() - globalThis.begun);
  clearInterval(watch);
  await page.waitForTimeout(500);
  const tasks = await page.evaluate(() => globalThis.tasks);
  const longest = Math.max(0, ...tasks.filter(([when]) => when < first).map(([, took]) => took));
  const size = text.length / 1e6;
  const seconds = (milliseconds) => (milliseconds / 1000).toFixed(1);
  console.log(`${rows} rows of 30 columns, ${size.toFixed(1)} MB: read and prepared after ${seconds(read)} s, first step after ${seconds(first)} s, longest task of the page ${Math.round(longest)} ms, ${Math.round(most - before)} MB more resident (${((most - before) / size).toFixed(1)} times the file)`); // prettier-ignore
} finally {
  await browser.close();
  site.close();
  rmSync(folder, { recursive: true });
}
