// What the page loads before anybody does anything: little, and nothing of what is not in sight.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "../support/test.mjs";
import { gzipSync } from "node:zlib";
import { goToLab, launchSite, openPage, readLabs, root, waitForStatus } from "./support.mjs";

const { browser, site } = await launchSite();

test("each lab has a link and a place in the page, and the first one is painted before any script is there", async () => {
  const page = await openPage(browser, site.address, { context: { javaScriptEnabled: false } });
  const labs = await readLabs();
  assert.deepEqual(
    await page.locator(".labs a").allTextContents(),
    labs.map(({ title }) => title),
  );
  assert.equal(await page.locator('.labs [aria-current="page"]').textContent(), labs[0].title);
  for (const [i, { name }] of labs.entries()) {
    assert.equal(await page.locator(`main > #${name}`).isVisible(), i === 0, name);
  }
  assert.ok(await page.locator(`#${labs[0].name} h1`).isVisible());
  await page.context().close();
});

test("the first view takes at most 84.5 kB of JavaScript after gzip, its workers included", async () => {
  const scripts = new Set();
  const page = await openPage(browser, site.address, {
    prepare: (page) =>
      page.context().on("request", (request) => {
        const { pathname } = new URL(request.url());
        if (/\.m?js$/.test(pathname)) scripts.add(pathname);
      }),
  });
  await waitForStatus(page, "idle");
  await page.waitForTimeout(500); // what is loaded after all else
  const idle = [...scripts];
  const sizes = await Promise.all(
    idle.map(async (path) => gzipSync(await readFile(`${root}build/web${path}`)).length),
  );
  console.log(idle.map((path, i) => `${`${sizes[i]}`.padStart(7)}  ${path}`).join("\n"));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  assert.ok(total <= 84_500, `${total} bytes`);
  assert.ok(
    idle.some((path) => path.includes("worker")),
    "workers are counted",
  );

  // Labs and panels bring the rest, when they are opened.
  await page.locator("#evaluation").scrollIntoViewIfNeeded();
  await page.waitForFunction(() =>
    performance.getEntriesByType("resource").some(({ name }) => name.includes("evaluation_view")),
  );
  for (const { name } of (await readLabs()).slice(1)) {
    const before = scripts.size;
    await goToLab(page, name);
    assert.ok(scripts.size > before, `${name} is loaded when it is opened`);
  }
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});
