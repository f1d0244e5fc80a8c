// The examples of docs/examples as people have them: copied, with the package installed as it would be published.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "../package/browser.mjs";
import { root } from "../package/support.mjs";

export const examples = join(root, "docs/examples");
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/**
 * Copies an example and installs what it asks for, the package from the tarball; without `everything` that package alone.
 * The caller removes it.
 */
export function makeExample(name, tarball, everything = false) {
  const folder = mkdtempSync(join(tmpdir(), `lanegrad-${name}-`));
  cpSync(join(examples, name), folder, {
    recursive: true,
    filter: (path) => !path.includes("node_modules"),
  });
  const file = join(folder, "package.json");
  const manifest = JSON.parse(readFileSync(file, "utf8"));
  const { dependencies = {} } = manifest;
  if (dependencies.lanegrad) {
    assert.equal(dependencies.lanegrad, version, `${name} asks for this version`);
    dependencies.lanegrad = `file:${tarball}`;
    if (!everything) manifest.dependencies = { lanegrad: dependencies.lanegrad };
    if (!everything) delete manifest.devDependencies;
    writeFileSync(file, JSON.stringify(manifest));
    const words = ["install", "--no-audit", "--no-fund", "--loglevel=error", "--ignore-scripts"];
    if (!everything) words.push("--offline");
    execFileSync("npm", words, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Opens a folder as a page, on a server without a policy; `change` may alter an answer. What its <output> says in the end. */
export async function openExample(browser, folder, change = () => {}) {
  const server = await serve({ "/": folder }, (path, answer) => {
    delete answer.headers["Content-Security-Policy"];
    return change(path, answer);
  });
  const tab = await browser.newPage();
  const errors = [];
  tab.on("pageerror", ({ message }) => errors.push(message));
  try {
    await tab.goto(`${server.url}/index.html`);
    const output = tab.locator("output", { hasText: "inside:" });
    await output.waitFor({ timeout: 60_000 }).catch(async (error) => {
      const said = await tab.locator("body").textContent();
      throw new Error(`${said}${errors.join()}: ${error.message}`);
    });
    assert.deepEqual(errors, []);
    const elements = await tab.locator("lanegrad-lab").count();
    if (elements > 0) {
      const finished = tab.locator('lanegrad-lab [data-state="finished"]').first();
      await finished.waitFor({ timeout: 60_000 });
    }
    return { said: await output.textContent(), elements };
  } finally {
    await tab.context().close();
    server.close();
  }
}

/** Asserts that an example's answers are those of a net that has learned the circle. */
export function knowsCircle(said) {
  const [, middle, corner] = /the middle with ([\d.]+), the corner with ([\d.]+)/.exec(said);
  assert.ok(middle > 0.7 && corner < 0.3, said);
}
