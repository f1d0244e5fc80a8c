// For the tests in a browser: Chromium, and a static server with the headers of a strict site.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

import { dist } from "./support.mjs";

export { launch } from "../support/chromium.mjs";

export const strictPolicy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; " +
  "img-src 'self' data: blob:; style-src 'self'";

/** The headers that isolate a page; each of its responses needs them, and workers' scripts, too. */
export const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** A change for serve(), which adds the headers of isolation. */
export const isolate = (path, answer) => void Object.assign(answer.headers, isolation);

const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

/**
 * Serves `folders` (URL prefix → folder) under the strict policy. `change(path, answer)` may alter an
 * answer { status, headers, body } before it goes out. `requests` lists the paths that were asked for.
 */
export async function serve(folders, change = () => {}) {
  const requests = [];
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    requests.push(path);
    const answer = {
      status: 404,
      headers: { "Content-Security-Policy": strictPolicy, "Cache-Control": "no-store" },
      body: "not found",
    };
    const prefix = Object.keys(folders).find((candidate) => path.startsWith(candidate));
    if (prefix !== undefined) {
      try {
        answer.body = await readFile(join(folders[prefix], normalize(path.slice(prefix.length))));
        answer.status = 200;
      } catch {
        // stays 404
      }
    }
    answer.headers["Content-Type"] = types[extname(path)] ?? "application/octet-stream";
    await change(path, answer);
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    requests,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const emptyPage = '<!doctype html><link rel="icon" href="data:," /><title>test</title>';

/**
 * Opens a page on a server of its own and runs `body` in it, with the package's folder at /package/ and a
 * small data set. Returns its result, the requests and what went to the console as an error.
 */
export async function visitPackage(browser, body, { change, value, prepare, during } = {}) {
  const server = await serve({ "/package/": dist }, async (path, answer) => {
    if (path === "/index.html") Object.assign(answer, { status: 200, body: emptyPage });
    await change?.(path, answer);
  });
  const context = await browser.newContext();
  const tab = await context.newPage();
  const complaints = [];
  tab.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  tab.on("pageerror", (error) => complaints.push(error.message));
  if (prepare) await tab.addInitScript(prepare);
  await tab.addInitScript(() => {
    const inputs = Float32Array.from({ length: 512 }, (_, i) => Math.sin(i * i));
    const inside = (_, i) => Number(Math.hypot(inputs[2 * i], inputs[2 * i + 1]) < 0.9);
    const labels = Array.from({ length: 256 }, inside);
    window.data = { train: { kind: "labels", inputs, shape: [256, 2], labels, classes: 2 } };
    window.caught = async (promise) => {
      try {
        await promise;
        return "nothing was thrown";
      } catch ({ name, code, message }) {
        return { name, code, message };
      }
    };
  });
  try {
    await tab.goto(`${server.url}/index.html`);
    const running = tab.evaluate(body, value);
    running.catch(() => {});
    if (during) await during(tab);
    const result = await running;
    return { result, requests: server.requests, complaints, url: server.url };
  } finally {
    await context.close();
    server.close();
  }
}
