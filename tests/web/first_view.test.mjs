// What the page loads before anybody does anything: little, and nothing of what is not in sight.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { launchSite, openPage, root, waitForStatus } from "./support.mjs";

const { browser, site } = await launchSite();

test("the first view takes at most 90 kB of JavaScript after gzip, its workers included", async () => {
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
  assert.ok(total <= 90_000, `${total} bytes`);
  assert.ok(
    idle.some((path) => path.includes("worker")),
    "workers are counted",
  );

  // Labs and panels bring the rest, when they are opened.
  await page.locator("#evaluation").scrollIntoViewIfNeeded();
  await page.waitForFunction(() =>
    performance.getEntriesByType("resource").some(({ name }) => name.includes("evaluation_view")),
  );
  for (const lab of ["functions", "autograd"]) {
    const before = scripts.size;
    await page.locator(`.labs a[data-lab="${lab}"]`).click();
    await page.locator(`#${lab} h1`).first().waitFor();
    assert.ok(scripts.size > before, `${lab} is loaded when it is opened`);
  }
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});
