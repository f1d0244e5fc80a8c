// Debian's Chromium, headless, with an empty page that no network is asked for.
import { mkdtempSync } from "node:fs";
import { chromium } from "playwright-core";

const options = { executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] };

/** f gets a function that opens a page; onDisk: with a profile on disk, as visitors have, else in memory. */
export async function browse(onDisk, f) {
  const browser = onDisk ? undefined : await chromium.launch(options);
  const context = browser
    ? await browser.newContext()
    : await chromium.launchPersistentContext(mkdtempSync("profile"), options);
  const empty = { contentType: "text/html", body: "<title>empty</title>" };
  await context.route("**/*", (route) => route.fulfill(empty));
  const open = async () => {
    const page = await context.newPage();
    await page.goto("https://page.test/");
    return page;
  };
  await f(open);
  await context.close();
  await browser?.close();
}
