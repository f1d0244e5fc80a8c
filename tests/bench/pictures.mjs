// node tests/bench/pictures.mjs: how long the built page takes from a .zip of 10,000 PNGs of 32 × 32 in colour to the
// first step, and the longest task of the page on the way. --count N: another number of pictures.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { zipSync } from "fflate";
import { launch } from "../support/chromium.mjs";
import { png } from "../support/pictures.mjs";
import { serve } from "../../web/serve.mjs";

const { values } = parseArgs({ options: { count: { type: "string", default: "10000" } } });
const count = Number(values.count);
const files = {};
for (let i = 0; i < count; i++) {
  const noise = () => Math.floor(64 * Math.random());
  const pixel = (x, y) => [7 * x * (i % 2) + noise() / 2, 7 * y + noise() / 2, 25 * (i % 10)];
  files[`class ${i % 10}/${i}.png`] = png(32, 32, pixel);
}
const buffer = Buffer.from(zipSync(files, { level: 0 }));

const folder = mkdtempSync(join(tmpdir(), "lanegrad-pictures-"));
const archive = join(folder, "pictures.zip");
writeFileSync(archive, buffer);
const site = await serve({ root: "build/web", port: 8140 });
const browser = await launch();
try {
  const page = await browser.newPage();
  const net = encodeURIComponent("conv 8 5x5, relu, pool 2, dense classes");
  await page.goto(`http://localhost:${site.port}/?net=${net}&epochs=1`);
  await page.waitForFunction(() => document.querySelector("#status, [data-testid=status]").textContent === "idle"); // prettier-ignore
  await page.evaluate(() => {
    globalThis.longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) globalThis.longest = Math.max(globalThis.longest, duration); // prettier-ignore
    }).observe({ type: "longtask" });
  });
  const upload = page.getByTestId("own-files");
  await page.evaluate(() => {
    document.querySelector('[data-testid="own-files"]').addEventListener(
      "change",
      () => {
        globalThis.begun = performance.now();
      },
      { capture: true },
    );
  });
  await upload.setInputFiles(archive);
  await page.getByTestId("own-learn").click({ timeout: 120_000 });
  const read = await page.evaluate(() => performance.now() - globalThis.begun);
  await page.getByTestId("own-about").filter({ hasText: "in colour" }).waitFor();
  await page.getByTestId("start").click();
  await page.waitForFunction(() => /^Step [1-9]/.test(document.querySelector("#way-text").textContent)); // prettier-ignore
  const [first, longest] = await page.evaluate(() => [
    performance.now() - globalThis.begun,
    globalThis.longest,
  ]);
  const seconds = (milliseconds) => (milliseconds / 1000).toFixed(1);
  console.log(`${count} PNGs of 32 × 32 in colour, ${(buffer.length / 1e6).toFixed(1)} MB: read and shown after ${seconds(read)} s, first step after ${seconds(first)} s, longest task of the page ${Math.round(longest)} ms`); // prettier-ignore
} finally {
  await browser.close();
  site.close();
  rmSync(folder, { recursive: true });
}
