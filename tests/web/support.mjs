// What the page's tests share: the built page behind web/serve.mjs, and a browser to look at it with.
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { launch } from "../chromium.mjs";
import { serve } from "../../web/serve.mjs";

export const root = fileURLToPath(new URL("../..", import.meta.url));
const ports = Number(process.env.LANEGRAD_TEST_PORT ?? 8140);

export async function servePage(folder = `${root}build/web`) {
  const { port, close } = await serve({ root: folder, port: ports });
  return { address: `http://localhost:${port}/`, close };
}

// Both for all tests of a file, which ends them.
export async function launchSite() {
  const [browser, site] = await Promise.all([launch(), servePage()]);
  after(async () => {
    await browser.close();
    site.close();
  });
  return { browser, site };
}

export { launch };

// Opens the page in a fresh context. `page.complaints` collects what must not be there: errors nobody
// caught, and violations of the Content-Security-Policy. There is no service worker unless the test is about
// that: it answers where page.route() should.
export async function openPage(browser, address, { context: options, prepare } = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    serviceWorkers: "block",
    ...options,
  });
  const page = await context.newPage();
  page.complaints = [];
  page.on("pageerror", (error) => page.complaints.push(`uncaught: ${error.message}`));
  page.on("console", (message) => {
    const text = message.text();
    if (/content security policy/i.test(text)) page.complaints.push(text);
  });
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`Content Security Policy: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  await prepare?.(page);
  await page.goto(address);
  return page;
}

export const at = (page, name) => page.getByTestId(name);

// How many runs the browser keeps under this key: "last" or "compared".
export const countKept = (page, key) =>
  page.evaluate(async (key) => {
    const { promise, resolve } = Promise.withResolvers();
    indexedDB.open("lanegrad").onsuccess = ({ target: { result: database } }) => {
      const request = database.transaction("runs").objectStore("runs").get(key);
      request.onsuccess = () => resolve([request.result ?? []].flat().length);
      database.close();
    };
    return promise;
  }, key);

// Waits until the status is one of the words; fails at once where the page says something went wrong.
export async function waitForStatus(page, ...words) {
  const status = at(page, "status");
  await page.waitForFunction(
    (words) => {
      const word = document.querySelector('[data-testid="status"]').textContent;
      return words.includes(word) || word === "failed";
    },
    words,
    { timeout: 120_000, polling: 50 },
  );
  const word = await status.textContent();
  if (!words.includes(word)) {
    throw new Error(
      `the page failed: ${(await at(page, "problem").allTextContents()).join(" | ")}`,
    );
  }
  return word;
}
