// The page stores itself also where the browser has a broken copy of a file, and the host says that this has not changed.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { after } from "node:test";
import { test } from "../support/test.mjs";
import { makeProfile, root } from "./support.mjs";

const spoilt = "/glossary.html";
// What was answered to requests for that file.
let answers = [];
const types = { html: "text/html", js: "text/javascript", mjs: "text/javascript" };
const server = createServer(async ({ url, headers }, response) => {
  const { pathname } = new URL(url, "http://localhost");
  const path = pathname === "/" ? "/index.html" : pathname;
  const body = await readFile(`${root}build/web${path}`).catch(() => undefined);
  const type = types[path.split(".").at(-1)] ?? "application/octet-stream";
  if (!body || path !== spoilt) {
    response.writeHead(body ? 200 : 404, { "Content-Type": type }).end(body);
    return;
  }
  const isFirst = answers.length === 0;
  const tag = headers["if-none-match"];
  answers.push(tag ? 304 : 200);
  response.writeHead(answers.at(-1), { "Content-Type": type, ETag: '"1"' });
  response.end(tag ? undefined : isFirst ? body.subarray(0, body.length >> 1) : body);
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const address = `http://127.0.0.1:${server.address().port}/`;
after(() => {
  server.close();
  server.closeAllConnections();
});

test("a file that the browser has broken, and the host confirms, is fetched whole", async () => {
  answers = [];
  const profile = await makeProfile();
  const context = await profile.open();
  const page = await context.newPage();
  await page.goto(address + spoilt.slice(1));
  await page.goto(`${address}?data=small`);
  const kept = await page.evaluate(async (path) => {
    for (let tries = 0; tries < 900; tries++) {
      const registration = await navigator.serviceWorker.getRegistration();
      if (registration?.active?.state === "activated") return (await caches.match(path)).text();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return "no page was stored";
  }, spoilt);
  assert.equal(kept, await readFile(`${root}build/web${spoilt}`, "utf8"));
  assert.deepEqual(answers, [200, 304, 200]);
  await profile.close();
});
