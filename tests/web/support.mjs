// What the page's tests share: the built page behind web/serve.mjs, and a browser to look at it with.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";
import { launch, launchOnDisk } from "../support/chromium.mjs";
import { serve } from "../../web/serve.mjs";

export const root = fileURLToPath(new URL("../..", import.meta.url));
// Files run beside each other: what one of them closes, another one shall not open.
const ports = Number(process.env.LANEGRAD_TEST_PORT ?? 8140 + 20 * (process.pid % 50));

export async function servePage(folder = `${root}build/web`) {
  const { port, close } = await serve({ root: folder, port: ports });
  return { address: `http://localhost:${port}/`, close };
}

// The built page's server and a browser, for all tests of a file, which ends them.
export async function launchSite() {
  const [browser, site] = await Promise.all([launch(), servePage()]);
  after(async () => {
    await browser.close();
    site.close();
  });
  return { browser, site };
}

export { launch };

// A visitor's browser: its profile is on disk and outlives the browser, which `open` starts and `close` ends.
export async function makeProfile(options) {
  const folder = await mkdtemp(`${tmpdir()}/lanegrad-profile-`);
  let context;
  const close = () => context?.close();
  after(async () => {
    await close();
    await rm(folder, { recursive: true, force: true });
  });
  return { folder, open: async () => (context = await launchOnDisk(folder, options)), close };
}

// Opens the page in a fresh context. `page.complaints` collects what must not be there: errors nobody
// caught, and violations of the Content-Security-Policy. There is no service worker unless the test is about
// that: it answers where page.route() should.
export async function openPage(browser, address, { context: options, prepare } = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    serviceWorkers: "block",
    ...options,
  });
  return openTab(context, address, prepare);
}

// Opens the page in a context that exists already; `page.complaints` is as for openPage.
export async function openTab(context, address, prepare) {
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

// The rows of web/labs.ts. The first lab is the one that the page opens with.
export async function readLabs() {
  const options = { configFile: false, logLevel: "error" };
  return (await runnerImport(`${root}web/labs.ts`, options)).module.labs;
}

// How it is seen that a lab is there; a lab that needs a while for more than its title has a line here.
const isThere = {
  digits: (page) => waitForStatus(page, "idle"),
  functions: (page) => page.locator('#functions [data-testid="start"]:enabled').waitFor(),
  autograd: (page) => page.locator('#autograd [data-testid="graph"] svg').first().waitFor(),
  tables: (page) => page.locator('#tables [data-testid="start"]:enabled').waitFor(),
};
export const waitForLab = (page, name) =>
  isThere[name]?.(page) ?? page.locator(`#${name} h1`).first().waitFor();

// Goes to a lab by the page's navigation, and waits until it is there.
export async function goToLab(page, name) {
  await page.locator(`.labs a[data-lab="${name}"]`).click();
  await page.locator(`#${name} h1`).first().waitFor();
}

export const at = (page, name) => page.getByTestId(name);

// Gives Digits pictures of one's own, and learns them where they can be read.
export async function bringPictures(page, files) {
  await page
    .locator('#own [data-testid="problem"]')
    .evaluateAll((all) => all.forEach((problem) => problem.remove()));
  await at(page, "own-files").setInputFiles(files);
  await learnBrought(page);
}

// Learns what was read of files, as soon as it is shown; where a problem is shown instead, that stays.
export async function learnBrought(page) {
  await page
    .locator('#own [data-testid="own-preview"], #own [data-testid="problem"]')
    .first()
    .waitFor();
  const learn = at(page, "own-learn");
  if ((await learn.count()) > 0) await learn.click();
}

// Puts what the worker says of its training into `heard`: each progress message, and `when` it came.
export const hearWorker = (page) =>
  page.addInitScript(() => {
    globalThis.heard = [];
    const Plain = globalThis.Worker;
    globalThis.Worker = class extends Plain {
      constructor(...values) {
        super(...values);
        this.addEventListener("message", ({ data }) => {
          if (data.kind !== "progress") return;
          globalThis.heard.push({ ...data.progress, when: performance.now() });
        });
      }
    };
  });

// How many runs the browser keeps: the "last" one, or those "compared".
export const countKept = (page, which) => page.evaluate(countKeptHere, which);

/** The same, called in the page. */
export async function countKeptHere(which) {
  const { promise, resolve } = Promise.withResolvers();
  const opening = indexedDB.open("lanegrad");
  opening.onupgradeneeded = () => opening.transaction.abort(); // the page has not made it yet
  opening.onerror = () => resolve([]);
  opening.onsuccess = ({ target: { result: database } }) => {
    const request = database.transaction("runs").objectStore("runs").getAllKeys();
    request.onsuccess = () => resolve(request.result.map((key) => key.split("/")[0]));
    database.close();
  };
  return (await promise).filter((key) => key === which).length;
}

// Puts what a page keeps into its database, by keys; of JSON, which has no bytes and no NaN.
export const putKept = (page, values) =>
  page.evaluate(async (values) => {
    const revive = (_, value) => {
      if (value?.base64) return Uint8Array.from(atob(value.base64), (c) => c.charCodeAt());
      return value?.number ? Number(value.number) : value;
    };
    const { promise, resolve, reject } = Promise.withResolvers();
    const opening = indexedDB.open("lanegrad", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("runs");
    opening.onsuccess = () => {
      const transaction = opening.result.transaction("runs", "readwrite");
      for (const [key, value] of Object.entries(JSON.parse(values, revive)))
        transaction.objectStore("runs").put(value, key);
      transaction.oncomplete = resolve;
      transaction.onabort = reject;
      opening.result.close();
    };
    await promise;
  }, JSON.stringify(values));

// Waits until the status is one of the words; fails at once where the page says something went wrong.
export async function waitForStatus(page, ...words) {
  const seen = await page.waitForFunction(
    (words) => {
      const word = document.querySelector('[data-testid="status"]').textContent;
      return (words.includes(word) || word === "failed") && word;
    },
    words,
    { timeout: 120_000, polling: 50 },
  );
  // The word that was seen: there may be another by now.
  const word = await seen.jsonValue();
  if (!words.includes(word)) {
    throw new Error(
      `the page failed: ${(await at(page, "problem").allTextContents()).join(" | ")}`,
    );
  }
  return word;
}

// The file that a button saves.
export async function downloaded(page, button) {
  const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

// The cells of a CSV file without quoted ones, by row.
export const rowsOf = (bytes) =>
  bytes
    .toString()
    .trimEnd()
    .split("\r\n")
    .map((line) => line.split(","));
