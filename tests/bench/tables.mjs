// node tests/bench/tables.mjs: how long the built page takes from a CSV file of 100,000 rows and 30 columns to the first
// step, the longest task of the page on the way, and what memory it takes: that of the page's process at its most. --holders:
// and who has it after the first step, which the browser may take minutes to say. --rows N: another number of rows; --gzip:
// packed; --root FOLDER: another built page.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
    holders: { type: "boolean", default: false },
    port: { type: "string", default: "8140" },
    root: { type: "string", default: "build/web" },
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

const site = await serve({ root: values.root, port: Number(values.port) });
// Without the flag, what a page measures of itself waits for the next collection of garbage.
const browser = await launch("--enable-blink-features=ForceEagerMeasureMemory");
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
// The bytes of the page and of each of its workers, as the browser counts them, by the name of its script.
const holders = async (page) => {
  if (!values.holders) return undefined;
  const { bytes, breakdown } = await page.evaluate(() => performance.measureUserAgentSpecificMemory()); // prettier-ignore
  const rows = breakdown.flatMap(({ bytes, attribution, types }) => {
    const who = attribution[0] ? `${attribution[0].scope} ${attribution[0].url.split("/").at(-1).slice(0, 30)}` : "shared"; // prettier-ignore
    return bytes > 1e5 ? [`${megabytes(bytes)} ${who} (${types})`] : [];
  });
  return { bytes, rows };
};
// The resident memory of the page's process in MB, workers included, without the browser's files: what is its own, and what
// it shares with other processes, which is the picture of the page in tiles of 256 kB where no graphics card draws it.
const resident = (pid) => {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const of = (kind) => (Number(new RegExp(`^Rss${kind}:\\s+(\\d+)`, "m").exec(status)[1]) * 1024) / 1e6; // prettier-ignore
  return { own: of("Anon"), shared: of("Shmem") };
};
// The most of all these processes.
const mostOf = (pids, least = { own: 0, shared: 0 }) => {
  const all = [least, ...pids.filter((pid) => existsSync(`/proc/${pid}`)).map(resident)];
  return { own: Math.max(...all.map(({ own }) => own)), shared: Math.max(...all.map(({ shared }) => shared)) }; // prettier-ignore
};
try {
  const page = await browser.newPage();
  await page.goto(`http://localhost:${site.port}/?lab=tables`);
  const at = (name) => page.locator("#tables").getByTestId(name);
  await at("tb-status").filter({ hasText: "idle" }).waitFor();
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const renderers = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
  const idle = await holders(page);
  const before = mostOf(renderers);
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
  const watch = setInterval(() => (most = mostOf(renderers, most)), 50);
  await at("tb-about").filter({ hasText: "from your computer" }).waitFor({ timeout: 120_000 });
  await at("tb-status").filter({ hasText: "idle" }).waitFor({ timeout: 120_000 });
  const read = await page.evaluate(() => performance.now() - globalThis.begun);
  await at("start").click();
  await page.waitForFunction(() => /^Step [1-9]/.test(document.querySelector('[data-testid="tb-way"]').textContent), undefined, { polling: 10 }); // prettier-ignore
  const first = await page.evaluate(() => performance.now() - globalThis.begun);
  clearInterval(watch);
  const held = await holders(page);
  await page.waitForTimeout(500);
  const tasks = await page.evaluate(() => globalThis.tasks);
  const longest = Math.max(0, ...tasks.filter(([when]) => when < first).map(([, took]) => took));
  const size = text.length / 1e6;
  const grown = (what) => {
    const more = most[what] - before[what];
    return `${Math.round(more)} MB more of its ${what} memory (${(more / size).toFixed(1)} times the file)`;
  };
  const seconds = (milliseconds) => (milliseconds / 1000).toFixed(1);
  console.log(`${rows} rows of 30 columns, ${size.toFixed(1)} MB: read and prepared after ${seconds(read)} s, first step after ${seconds(first)} s, longest task of the page ${Math.round(longest)} ms, at most ${grown("own")} and ${grown("shared")} for the picture`); // prettier-ignore
  if (held) {
    const more = held.bytes - idle.bytes;
    console.log(`After the first step the browser counts ${megabytes(more)} more (${(more / text.length).toFixed(1)} times the file):`); // prettier-ignore
    for (const [when, { rows }] of Object.entries({ before: idle, after: held })) console.log(`  ${when}: ${rows.join("; ")}`); // prettier-ignore
  }
} finally {
  await browser.close();
  site.close();
  rmSync(folder, { recursive: true });
}
