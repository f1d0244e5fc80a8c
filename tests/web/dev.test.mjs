// `npm run dev`: the page from its sources, with threads, as the built one has them.
import assert from "node:assert/strict";
import { after } from "node:test";
import { test } from "../support/test.mjs";
import { createServer } from "vite";
import { at, launch, openPage, root, waitForStatus } from "./support.mjs";

const [browser, server] = await Promise.all([
  launch(),
  createServer({ root: `${root}web`, configFile: `${root}web/vite.config.ts`, logLevel: "error" }),
]);
after(() => Promise.all([browser.close(), server.close()]));

test("a network learns in the page as the development server gives it", async () => {
  await server.listen(0);
  const address = server.resolvedUrls.local[0];
  const page = await openPage(
    browser,
    `${address}?net=pool+7,+dense+classes&batch=6000&epochs=1&validation=0`,
  );
  await waitForStatus(page, "idle");
  assert.equal(await page.evaluate(() => crossOriginIsolated), true);
  await at(page, "start").click();
  await waitForStatus(page, "finished");
  assert.match(await at(page, "variant").textContent(), /threads/);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});
