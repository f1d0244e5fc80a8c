// The browser of all tests and of the benchmark.
import { chromium } from "playwright-core";

const options = (more) => ({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    ...more,
  ],
});

const launched = [];

/** Starts Chromium without a window, quiet towards the network; `more` are further arguments. */
export async function launch(...more) {
  const browser = await chromium.launch(options(more));
  launched.push(browser);
  return browser;
}

/** Closes all pages of the browsers that were started. */
export const closePages = () =>
  Promise.all(launched.flatMap((browser) => browser.contexts()).map((context) => context.close()));

/**
 * Starts Chromium with a profile in this folder, as every visitor has one: the context keeps what the
 * browser keeps.
 */
export const launchOnDisk = (folder, context) =>
  chromium.launchPersistentContext(folder, { ...options([]), ...context });
