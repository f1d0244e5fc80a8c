// On a host that sends no headers, in a subfolder: the first visit works, later ones have threads, work
// without a connection, and never show an old version.
import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname } from "node:path";
import { after, test } from "node:test";
import { at, launch, root, waitForStatus } from "./support.mjs";

const types = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
};

const folder = await mkdtemp(`${tmpdir()}/lanegrad-`);
await cp(`${root}build/web`, `${folder}/a/b`, { recursive: true });
let asked = [];
let breakOff = ""; // a path that is answered with nothing
let down = false; // nothing is answered
const server = createServer(async ({ url, socket }, response) => {
  if (down) return socket.destroy();
  const { pathname } = new URL(url, "http://localhost");
  asked.push(pathname);
  const path = pathname.endsWith("/") ? `${pathname}index.html` : pathname;
  const body = await readFile(folder + path).catch(() => undefined);
  const status = body && path !== breakOff ? 200 : 404;
  response.writeHead(status, { "Content-Type": types[extname(path)] ?? "text/plain" });
  response.end(status === 200 ? body : "");
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const address = `http://127.0.0.1:${server.address().port}/a/b/`;
const browser = await launch();
after(async () => {
  await browser.close();
  server.close();
  server.closeAllConnections();
  await rm(folder, { recursive: true });
});

const query = "?net=dense+8,+relu,+dense+classes&epochs=1";

async function visit(context, search = query) {
  const page = await context.newPage();
  page.complaints = [];
  page.on("pageerror", (error) => page.complaints.push(error.message));
  await page.goto(address + search);
  return page;
}

// Asks in the page until the answer is yes.
async function until(page, question, value) {
  for (let tries = 0; tries < 300; tries++) {
    if (await page.evaluate(question, value)) return;
    await page.waitForTimeout(100);
  }
  throw new Error(`it never came true: ${question}`);
}

const stored = (page) =>
  until(
    page,
    async () => (await navigator.serviceWorker.getRegistration())?.active?.state === "activated",
  );

async function train(page) {
  await waitForStatus(page, "idle");
  await at(page, "start").click();
  await waitForStatus(page, "finished");
  return at(page, "test-accuracy").textContent();
}

test("the second visit has threads, and a visit without a connection has all of it", async () => {
  const context = await browser.newContext();
  const first = await visit(context);
  assert.equal(await first.evaluate(() => crossOriginIsolated), false);
  const accuracy = await train(first);
  assert.doesNotMatch(await at(first, "variant").textContent(), /threads/);
  await stored(first);
  await first.close();

  const second = await visit(context);
  assert.equal(await second.evaluate(() => crossOriginIsolated), true);
  // The same bits, whatever the number of threads.
  assert.equal(await train(second), accuracy);
  assert.match(await at(second, "variant").textContent(), /threads/);
  await second.close();

  down = true;
  const third = await visit(context);
  assert.equal(await train(third), accuracy);
  for (const lab of ["functions", "autograd", "digits"]) {
    await third.locator(`.labs a[data-lab="${lab}"]`).click();
    await third.locator(`#${lab} h1`).waitFor();
  }
  const functions = third.locator("#functions");
  await third.locator('.labs a[data-lab="functions"]').click();
  await functions.getByTestId("start").click();
  await until(third, () => {
    const steps = document.querySelector('[data-testid="fn-step"]').textContent;
    return Number.parseInt(steps.replaceAll(",", "")) > 10;
  });
  assert.equal(await third.locator("#page-problems").textContent(), "");
  assert.deepEqual(third.complaints, []);
  await context.close();
  down = false;
});

test("a new version is shown at once, and stored whole before it replaces the old one", async () => {
  const context = await browser.newContext();
  const first = await visit(context);
  await waitForStatus(first, "idle");
  await stored(first);

  const [old] = (await first.evaluate(() => caches.keys())).filter((name) => /page/.test(name));

  // The host gets a new version, with one script under another name.
  const html = await readFile(`${folder}/a/b/index.html`, "utf8");
  const [script] = html.match(/assets\/index-[\w-]+\.js/);
  const renamed = script.replace(/-[\w-]+\.js$/, "-newnewne.js");
  await rename(`${folder}/a/b/${script}`, `${folder}/a/b/${renamed}`);
  const updated = html.replaceAll(script, renamed).replace("<title>", "<title>New ");
  await writeFile(`${folder}/a/b/index.html`, updated);
  const digest = async (text) => {
    const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    return Buffer.from(hash).toString("hex");
  };
  const worker = await readFile(`${folder}/a/b/service_worker.js`, "utf8");
  const next = worker
    .replace(script, renamed)
    .replace(/"version":"\w+"/, '"version":"next"')
    .replace(/("path":"index.html","sha256":")\w+/, `$1${await digest(updated)}`);
  await writeFile(`${folder}/a/b/service_worker.js`, next);

  // Half of an update: one file is not there yet. The page is new all the same, the store is the old one.
  await first.close();
  asked = [];
  breakOff = "/a/b/bench.html";
  const second = await visit(context);
  assert.match(await second.title(), /^New /);
  await waitForStatus(second, "idle");
  while (!asked.includes(breakOff)) await second.waitForTimeout(50);
  await until(second, async () => !(await caches.has("lanegrad-page-next")));
  await second.close();
  down = true;
  const third = await visit(context);
  assert.doesNotMatch(await third.title(), /^New /);
  await waitForStatus(third, "idle");
  await third.close();

  breakOff = "";
  down = false;
  const fourth = await visit(context);
  await waitForStatus(fourth, "idle");
  await until(
    fourth,
    async () => (await navigator.serviceWorker.getRegistration()).waiting?.state === "installed",
  );
  await fourth.goto("about:blank");
  const other = await visit(context, "licenses.md"); // no page of the app's
  await until(other, async (old) => !(await caches.has(old)), old);
  await other.close();
  await fourth.close();
  down = true;
  const fifth = await visit(context);
  assert.match(await fifth.title(), /^New /);
  await waitForStatus(fifth, "idle");
  const names = await fifth.evaluate(() => caches.keys());
  assert.equal(names.filter((name) => name.startsWith("lanegrad-page-")).length, 1);
  await context.close();
  down = false;
});
