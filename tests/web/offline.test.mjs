// On a host that sends no headers, in a subfolder: the first visit works, later ones have threads, work
// without a connection, and never show an old version. In profiles on disk, as every visitor has one.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname } from "node:path";
import { after } from "node:test";
import { test } from "../support/test.mjs";
import { at, goToLab, makeProfile, readLabs, root, waitForStatus } from "./support.mjs";

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
after(async () => {
  server.close();
  server.closeAllConnections();
  await rm(folder, { recursive: true });
});

const query = "?net=dense+8,+relu,+dense+classes&epochs=1&validation=0";

async function visit(context, search = query) {
  const page = await context.newPage();
  page.complaints = [];
  page.on("pageerror", (error) => page.complaints.push(error.message));
  await page.goto(address + search);
  return page;
}

// Asks in the page until the answer is yes.
async function until(page, question, value) {
  for (let tries = 0; tries < 900; tries++) {
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
  const context = await (await makeProfile()).open();
  const first = await visit(context);
  assert.equal(await first.evaluate(() => crossOriginIsolated), false);
  const accuracy = await train(first);
  assert.doesNotMatch(await at(first, "variant").textContent(), /threads/);
  await stored(first);
  // It says so once all is there, and the browser can install it.
  await first.getByText("Stored for use without a connection.").waitFor();
  const session = await context.newCDPSession(first);
  const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
  assert.deepEqual(
    installabilityErrors.map(({ errorId }) => errorId),
    [],
  );
  await first.close();

  const second = await visit(context);
  assert.equal(await second.evaluate(() => crossOriginIsolated), true);
  // The bits are the same, whatever the number of threads.
  assert.equal(await train(second), accuracy);
  assert.match(await at(second, "variant").textContent(), /threads/);
  await second.close();

  down = true;
  const third = await visit(context);
  assert.equal(await train(third), accuracy);
  const labs = await readLabs();
  for (const { name } of [...labs.slice(1), labs[0]]) await goToLab(third, name);
  const functions = third.locator("#functions");
  await third.locator('.labs a[data-lab="functions"]').click();
  await functions.getByTestId("start").click();
  await until(third, () => {
    const steps = document.querySelector('[data-testid="fn-step"]').textContent;
    return Number.parseInt(steps.replaceAll(",", "")) > 10;
  });
  assert.equal(await third.locator("#page-problems").textContent(), "");
  assert.deepEqual(third.complaints, []);
  // Nothing of the page's own that it links to is missing.
  const links = await third.locator("a[href]").evaluateAll((all) => all.map(({ href }) => href));
  const linked = new Set(links.map((href) => href.split(/[?#]/)[0]));
  const own = [...linked].filter((href) => href.startsWith(address));
  assert.deepEqual(own.map((href) => href.slice(address.length)).sort(), [
    "",
    "begin_anew.html",
    "bench.html",
    "docs/index.html",
    "glossary.html",
    "lesson.html",
    "licenses.md",
  ]);
  for (const href of own) {
    await third.goto(href);
    assert.match(await third.locator("body").innerText(), /lanegrad|Copyright/, href);
  }
  await context.close();
  down = false;
});

// The host gets a new version, called `name`: the first script has another hash in its name, and so has every
// script that names it.
async function release(name) {
  const site = `${folder}/a/b`;
  const html = await readFile(`${site}/index.html`, "utf8");
  const [first] = html.match(/index-[\w-]+\.js/);
  const texts = new Map();
  for (const file of (await readdir(`${site}/assets`)).filter((file) => file.endsWith(".js"))) {
    texts.set(file, await readFile(`${site}/assets/${file}`, "utf8"));
  }
  const changed = new Set([first]);
  for (const file of changed) {
    for (const [other, text] of texts) if (text.includes(file)) changed.add(other);
  }
  const another = (file) => file.replace(/-[\w-]{4}([\w-]{4}\.js)$/, `-${name}$1`);
  const renamed = (text) =>
    [...changed].reduce((text, file) => text.replaceAll(file, another(file)), text);

  const title = `<title>${name} `;
  const contents = new Map([["index.html", renamed(html).replace("<title>", title)]]);
  for (const file of changed) {
    await rm(`${site}/assets/${file}`);
    contents.set(`assets/${another(file)}`, renamed(texts.get(file)));
  }
  let worker = renamed(await readFile(`${site}/service_worker.js`, "utf8"));
  worker = worker.replace(/"version":"\w+"/, `"version":"${name}"`);
  for (const [path, text] of contents) {
    const listed = `"path":"${path}","sha256":"`;
    assert.ok(worker.includes(listed), path);
    const digest = createHash("sha256").update(text).digest("hex");
    worker = worker.replace(new RegExp(`(${listed})\\w+`), `$1${digest}`);
    await writeFile(`${site}/${path}`, text);
  }
  await writeFile(`${site}/service_worker.js`, worker);
}

const versions = async (page) => {
  const names = await page.evaluate(() => caches.keys());
  return names.filter((name) => name.startsWith("lanegrad-page-"));
};

test("the page says that it is stored only when the digits are, too", async () => {
  const context = await (await makeProfile()).open();
  breakOff = "/a/b/mnist/t10k-images-idx3-ubyte.gz";
  const page = await visit(context);
  const state = at(page, "offline");
  await stored(page);
  await until(page, () => /page is stored.*digits are not yet/.test(document.body.innerText));
  assert.equal(
    await state.textContent(),
    "The page is stored for use without a connection, the digits are not yet.",
  );
  breakOff = "";
  await page.reload();
  await until(page, () => /Stored for use without a connection/.test(document.body.innerText));
  await context.close();
});

test("a new version is shown at once, and stored whole before it replaces the old one", async () => {
  const context = await (await makeProfile()).open();
  const first = await visit(context);
  await waitForStatus(first, "idle");
  await stored(first);
  const [old] = await versions(first);
  await release("Next");

  // Half of an update: one file is not there yet. The page is new all the same, the store is the old one.
  await first.close();
  asked = [];
  breakOff = "/a/b/bench.html";
  const second = await visit(context);
  assert.match(await second.title(), /^Next /);
  await waitForStatus(second, "idle");
  while (!asked.includes(breakOff)) await second.waitForTimeout(50);
  await until(second, async () => !(await caches.has("lanegrad-page-Next")));
  await second.close();
  down = true;
  const third = await visit(context);
  assert.doesNotMatch(await third.title(), /^Next /);
  await waitForStatus(third, "idle");
  await third.close();

  // All of it. The only page is of the new version, so nobody needs the old one.
  breakOff = "";
  down = false;
  const fourth = await visit(context);
  await waitForStatus(fourth, "idle");
  await until(fourth, async (old) => !(await caches.has(old)), old);
  await train(fourth);
  assert.deepEqual(fourth.complaints, []);
  await fourth.close();
  down = true;
  const fifth = await visit(context);
  assert.match(await fifth.title(), /^Next /);
  await waitForStatus(fifth, "idle");
  assert.deepEqual(await versions(fifth), ["lanegrad-page-Next"]);
  await context.close();
  down = false;
});

test("a page keeps its version's files, whatever newer ones come and go beside it", async () => {
  const context = await (await makeProfile()).open();
  const old = await visit(context);
  await waitForStatus(old, "idle");
  await stored(old);
  await old.reload(); // The first visit is not served from the store.
  await waitForStatus(old, "idle");
  await release("Last");

  const newer = await visit(context);
  assert.match(await newer.title(), /^Last /);
  await waitForStatus(newer, "idle");
  await until(
    newer,
    async () => (await navigator.serviceWorker.getRegistration()).waiting?.state === "installed",
  );
  for (let times = 0; times < 3; times++) {
    await newer.reload();
    await waitForStatus(newer, "idle");
  }
  await newer.close();
  await old.waitForTimeout(500); // what must not happen
  // The host has this script no more.
  await old.locator('.labs a[data-lab="autograd"]').click();
  await old.locator("#autograd h1").waitFor();
  assert.equal(await old.locator("#page-problems").textContent(), "");
  assert.equal((await versions(old)).length, 2);
  assert.deepEqual(old.complaints, []);
  await old.close();

  // It goes with its last page.
  const next = await visit(context);
  await waitForStatus(next, "idle");
  await until(next, async () => {
    const names = await caches.keys();
    return names.filter((name) => name.startsWith("lanegrad-page-")).length === 1;
  });
  await context.close();
});
