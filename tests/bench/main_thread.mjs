// node tests/bench/main_thread.mjs [NET …]: how much of a core the built page's own thread takes while it trains, in
// headless Chromium, which paints in software. Linux only, see processor_time.mjs.
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { shares } from "./processor_time.mjs";
import { launch, openPage, root, servePage, waitForStatus } from "../web/support.mjs";

const allowed = 0.25; // of a core

// The elements that are brought into sight, where it is not the top of the page.
const sights = {
  "top of the page": undefined,
  inspector: "#inspector",
  "first weights": '[data-part="filters-figure"]',
  "test pictures": '[data-part="pictures"]',
};

async function measure(browser, address, net, milliseconds) {
  const page = await openPage(
    browser,
    `${address}?net=${net}&epochs=100000&validation=0&autostart=1`,
    {
      context: { viewport: { width: 1280, height: 800 } },
    },
  );
  try {
    await waitForStatus(page, "training");
    const rows = [];
    for (const [sight, selector] of Object.entries(sights)) {
      await page.evaluate((selector) => {
        const inspector = document.querySelector("#inspector");
        inspector.open = selector === "#inspector";
        if (selector) document.querySelector(selector).scrollIntoView({ block: "center" });
        else scrollTo(0, 0);
      }, selector);
      await page.waitForTimeout(1500);
      const { threads } = await shares(browser, () => page.waitForTimeout(milliseconds));
      rows.push([sight, threads]);
    }
    return rows;
  } finally {
    await page.context().close();
  }
}

const percent = (share = 0) => `${(100 * share).toFixed(1)} %`;

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seconds: { type: "string", default: "8" },
    },
  });
  if (!existsSync(`${root}build/web/index.html`)) {
    throw new Error("the page is not built: run `npm run build`");
  }
  const nets = positionals.length > 0 ? positionals : ["mlp", "fast", "convnet"];
  const [browser, site] = await Promise.all([launch(), servePage()]);
  try {
    for (const net of nets) {
      const rows = await measure(browser, site.address, net, 1000 * Number(values.seconds));
      for (const [sight, threads] of rows) {
        const own = threads["renderer chromium"] ?? 0;
        const [compositor, raster, display] = [
          "renderer Compositor",
          "renderer ThreadPoolForeg",
          "GPU VizCompositorTh",
        ].map((name) => percent(threads[name]));
        const verdict = own <= allowed ? "ok" : `FAILED: expected at most ${percent(allowed)}`;
        if (own > allowed) process.exitCode = 1;
        console.log(
          `${net}, ${sight}: ${percent(own)} of a core (compositor ${compositor}, raster ${raster}, display ${display}): ${verdict}`,
        );
      }
    }
  } finally {
    await browser.close();
    site.close();
  }
}

main().catch((error) => {
  console.error(`main thread: ${error.message}`);
  process.exitCode = 1;
});
