// The digits' files on their way: missing, broken, packed otherwise, kept; and how many bytes have come.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "../support/test.mjs";
import { gzipSync } from "node:zlib";
import { at, launchSite, openPage, waitForStatus } from "./support.mjs";

const { browser, site } = await launchSite();

const problem = async (page) => {
  await at(page, "problem").first().waitFor({ timeout: 30_000 });
  assert.equal(await at(page, "problem").count(), 1, "one panel, not several");
  return at(page, "problem").textContent();
};

test("MNIST is missing: says which file, and trying again helps once it is there", async () => {
  const missing = /t10k-labels-idx1-ubyte\.gz/;
  const page = await openPage(browser, `${site.address}?autostart=1`, {
    prepare: (page) => page.route(missing, (route) => route.fulfill({ status: 404, body: "no" })),
  });
  const text = await problem(page);
  assert.match(
    text,
    /MNIST: t10k-labels-idx1-ubyte\.gz could not be fetched: the server answered 404/,
  );
  assert.match(text, /uploaded whole/);
  assert.equal(await page.locator("#way-text").textContent(), "Not loaded");
  assert.equal(await at(page, "status").textContent(), "failed");
  await page.unroute(missing);
  await page.getByRole("button", { name: "Reset" }).click();
  await waitForStatus(page, "idle");
  assert.equal(await at(page, "problem").count(), 0);
  await page.context().close();
});

test("MNIST with another checksum, broken gzip, a connection that breaks", async () => {
  const name = "t10k-labels-idx1-ubyte.gz";
  const cases = [
    [
      { body: gzipSync(Buffer.alloc(10008)) },
      /has the SHA-256 [0-9a-f]{12}…, expected ff7bcfd416de…/,
    ],
    [
      { body: gzipSync(Buffer.alloc(10008)).subarray(0, 20) },
      /is broken: its 20 bytes are no whole gzip file/,
    ],
    [
      { body: gzipSync(Buffer.alloc(10009)) },
      /is broken: it unpacks to more than the 10,008 bytes that it should have/,
    ],
    [{ body: "<!doctype html>" }, /has the SHA-256/],
    ["abort", /could not be fetched/],
  ];
  for (const [answer, expected] of cases) {
    const page = await openPage(browser, site.address, {
      prepare: (page) =>
        page.route(`**/${name}`, (route) =>
          answer === "abort" ? route.abort() : route.fulfill(answer),
        ),
    });
    const text = await problem(page);
    assert.match(text, expected);
    assert.ok(text.includes(`MNIST: ${name}`));
    await page.context().close();
  }
});

test("a plain host without headers, which has the browser unpack the files, is as good", async () => {
  const host = createServer(async (request, response) => {
    const original = await fetch(new URL(request.url, site.address));
    const headers = { "content-type": original.headers.get("content-type") };
    if (request.url.endsWith(".gz")) headers["content-encoding"] = "gzip";
    response.writeHead(original.status, headers).end(Buffer.from(await original.arrayBuffer()));
  }).listen(0, "localhost");
  await once(host, "listening");
  const page = await openPage(browser, `http://localhost:${host.address().port}/`);
  await page.waitForFunction(() =>
    / of 55\.0 MB/.test(document.querySelector("#way-text").textContent),
  );
  await waitForStatus(page, "idle");
  await at(page, "step").click();
  await page.waitForFunction(() =>
    /^Step 1 /.test(document.querySelector("#way-text").textContent),
  );
  // The policy in the page itself holds, and is held.
  assert.deepEqual(page.complaints, []);
  await page.evaluate(() => {
    document.body.append(
      Object.assign(document.createElement("script"), { text: "window.ran = 1" }),
    );
  });
  assert.equal(await page.evaluate(() => window.ran), undefined);
  assert.match(page.complaints.join(), /script-src/);
  await page.context().close();
  host.close();
});

test("the data is kept: the second visit asks the server for none", async () => {
  const page = await openPage(browser, site.address);
  await waitForStatus(page, "idle");
  const asked = [];
  page.on("request", (request) => request.url().includes("/mnist/") && asked.push(request.url()));
  await page.reload();
  await waitForStatus(page, "idle");
  assert.deepEqual(asked, []);
  // A broken copy is noticed and fetched anew.
  await page.evaluate(async () => {
    const [name] = (await caches.keys()).filter((name) => name.startsWith("lanegrad-mnist-"));
    const cache = await caches.open(name);
    for (const request of await cache.keys()) await cache.put(request, new Response("broken"));
  });
  await page.reload();
  await waitForStatus(page, "idle");
  assert.equal(asked.length, 4);
  await page.context().close();
});

test("loading says how many bytes have come", async () => {
  let answer;
  const seen = new Promise((resolve) => (answer = resolve));
  const page = await openPage(browser, site.address, {
    prepare: (page) =>
      page.route("**/train-images-idx3-ubyte.gz", async (route) => {
        await seen;
        await route.continue();
      }),
  });
  const text = page.locator("#way-text");
  await page.waitForFunction(() =>
    /Loading the digits: 1\.6 MB/.test(document.querySelector("#way-text").textContent),
  );
  assert.equal(await page.locator("#way").getAttribute("value"), null, "no total, no share of it");
  assert.equal(await at(page, "status").textContent(), "loading");
  answer();
  await page.waitForFunction(() =>
    /of 11\.2 MB/.test(document.querySelector("#way-text").textContent),
  );
  await waitForStatus(page, "idle");
  assert.match(await text.textContent(), /^Step 0 of /);
  await page.context().close();
});
