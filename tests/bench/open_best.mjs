// node tests/bench/open_best.mjs FILE …: opens trained nets in the built page, in Chromium, and compares their
// accuracy on the 10,000 test digits with what the engine reached natively. A checkpoint does not hold that
// number; RECIPES.md has it for the files whose SHA-256 it lists, and --native says it for others.
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { at, launch, openPage, root, servePage, waitForStatus } from "../web/support.mjs";

const allowed = 0.02; // points between Chromium and native: two digits

/** Native accuracies in percent by SHA-256, from the table and the list of files. */
function recorded(text) {
  const row = text.match(/^\| `npm run best -- S`\s*\| S = 1 to \d+: ([\d. ]+?)\s*\|/m);
  const accuracies = row?.[1].split(" ").map(Number) ?? [];
  const files = [...text.matchAll(/^([0-9a-f]{64}) {2}best-(\d+)\.safetensors$/gm)];
  return new Map(files.map(([, sum, seed]) => [sum, accuracies[seed - 1]]));
}

/** What the page says after **Open**, in percent. */
async function inChromium(browser, address, file) {
  const page = await openPage(browser, address);
  try {
    await waitForStatus(page, "idle");
    await page.locator("#file").setInputFiles(file);
    const done = page.waitForFunction(
      () => document.querySelector('[data-testid="status"]').textContent === "finished",
      undefined,
      { timeout: 60_000 },
    );
    const refused = at(page, "problem").waitFor({ timeout: 60_000 });
    await Promise.any([done, refused]).catch(() => {
      throw new Error(`${file}: the page did not open it as a finished training`);
    });
    if (await at(page, "problem").count()) {
      throw new Error(await at(page, "problem").locator("p").first().textContent());
    }
    return Number.parseFloat(await at(page, "test-accuracy").textContent());
  } finally {
    await page.context().close();
  }
}

async function main() {
  const { values, positionals: files } = parseArgs({
    allowPositionals: true,
    options: { native: { type: "string" } },
  });
  const given = values.native?.split(",").map(Number);
  if (
    files.length === 0 ||
    (given && (given.length !== files.length || given.some(Number.isNaN)))
  ) {
    throw new Error("usage: node tests/bench/open_best.mjs [--native PERCENT,…] FILE …");
  }
  if (!existsSync(`${root}build/web/index.html`)) {
    throw new Error("the page is not built: run `npm run build`");
  }
  const known = recorded(readFileSync(`${root}tests/bench/RECIPES.md`, "utf8"));
  const [browser, site] = await Promise.all([launch(), servePage()]);
  try {
    for (const [i, file] of files.entries()) {
      const sum = createHash("sha256").update(readFileSync(file)).digest("hex");
      const native = given?.[i] ?? known.get(sum);
      const here = await inChromium(browser, site.address, file);
      const difference = Math.abs(here - native);
      const verdict = !(native >= 0)
        ? "FAILED: RECIPES.md does not list this file, say its accuracy with --native"
        : difference <= allowed + 1e-9
          ? "ok"
          : `FAILED: they differ by ${difference.toFixed(2)} points, allowed are ${allowed}`;
      if (verdict !== "ok") process.exitCode = 1;
      const shown = native >= 0 ? `${native.toFixed(2)} %` : "unknown";
      console.log(`${file}\n  SHA-256 ${sum}`);
      console.log(`  native ${shown}, Chromium ${here.toFixed(2)} %: ${verdict}`);
    }
  } finally {
    await browser.close();
    site.close();
  }
}

main().catch((error) => {
  console.error(`open_best: ${error.message}`);
  process.exitCode = 1;
});
