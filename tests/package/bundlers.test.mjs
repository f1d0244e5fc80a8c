// Two bundlers of those that `npm run bundlers` tries, each with what it can take: webpack the package's own files,
// esbuild, which leaves files out, the one file of lanegrad/inline. Vite, the third, is in vite.test.mjs.
import assert from "node:assert/strict";
import { after } from "node:test";
import { build, makeProject, openBuilt } from "../bundlers/project.mjs";
import { tools } from "../bundlers/tools.mjs";
import { test } from "../support/test.mjs";
import { launch } from "./browser.mjs";
import { packPackage } from "./support.mjs";

const packed = packPackage();
const browser = await launch();
after(async () => {
  await browser.close();
  packed.remove();
});

for (const [name, entry] of [
  ["webpack", "lanegrad"],
  ["esbuild", "lanegrad/inline"],
]) {
  test(`${name} bundles ${entry} unconfigured, with threads where the page is isolated`, async () => {
    const [, tool] = Object.entries(tools).find(([full]) => full.startsWith(`${name} `));
    const { folder, remove } = await makeProject(tool, packed.tarball);
    try {
      assert.equal(await build(folder, tool, entry), undefined);
      assert.equal(await openBuilt(browser, folder, tool), "ok");
    } finally {
      remove();
    }
  });
}
