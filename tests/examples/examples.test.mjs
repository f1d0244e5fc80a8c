// The examples of docs/examples run as they stand there: those that need nothing but the package, and Vite's, with the Vite
// of this project. `npm run examples` runs the others.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after } from "node:test";
import { launch, serve } from "../package/browser.mjs";
import { dist, packPackage, root } from "../package/support.mjs";
import { test } from "../support/test.mjs";
import { examples, knowsCircle, makeExample, openExample } from "./project.mjs";

const browser = await launch();
const packed = packPackage();
const made = [];
after(async () => {
  await browser.close();
  for (const { remove } of [...made, packed]) remove();
});

const make = (name) => {
  const example = makeExample(name, packed.tarball);
  made.push(example);
  return example.folder;
};

test("plain: a page without a bundler", async () => {
  knowsCircle((await openExample(browser, make("plain"))).said);
});

test("cdn: the package from another origin, which lets itself be used", async () => {
  const address = "https://cdn.jsdelivr.net/npm/lanegrad@0.1.0/dist/";
  const network = await serve({ "/npm/": dist }, (_, answer) => {
    answer.headers["Access-Control-Allow-Origin"] = "*";
  });
  let changed = 0;
  const { said } = await openExample(browser, make("cdn"), (path, answer) => {
    if (!path.endsWith("index.html")) return;
    const text = String(answer.body);
    answer.body = text.replace(address, `${network.url}/npm/`);
    changed += Number(answer.body !== text);
  });
  network.close();
  assert.equal(changed, 1);
  assert.ok(network.requests.includes("/npm/worker.js"), network.requests.join());
  knowsCircle(said);
});

test("node: it trains, saves, and answers with the file alone", () => {
  const printed = execFileSync("node", ["train.js"], { cwd: make("node"), encoding: "utf8" });
  assert.ok(Number(/accuracy ([\d.]+)/.exec(printed)[1]) > 0.9, printed);
  knowsCircle(printed);
});

test("element: two elements, one of which is told of", async () => {
  const { said, elements } = await openExample(browser, make("element"));
  assert.equal(elements, 2);
  const [, steps, answer] = /after (\d+) steps it answers (-?[\d.]+) at 1/.exec(said);
  assert.equal(Number(steps), 600);
  assert.ok(Math.abs(answer - Math.sin(2)) < 0.35, said);
});

test("vite: built without any configuration", async () => {
  const folder = make("vite");
  const vite = join(root, "node_modules/vite");
  const manifest = (path) => JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
  const asked = manifest(join(examples, "vite")).devDependencies.vite;
  assert.equal(asked, manifest(vite).version, "it is the Vite of this project");
  execFileSync("node", [join(vite, "bin/vite.js"), "build"], { cwd: folder, stdio: "pipe" });
  knowsCircle((await openExample(browser, join(folder, "dist"))).said);
});

test("all examples are listed, pin their versions and are no others", () => {
  const list = readFileSync(join(examples, "README.md"), "utf8");
  const folders = readdirSync(examples, { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  assert.deepEqual(folders.map(({ name }) => name).sort(), [
    "cdn",
    "element",
    "next",
    "node",
    "plain",
    "react",
    "vite",
  ]);
  for (const { name } of folders) {
    assert.ok(list.includes(`[${name}](${name}/`), name);
    const { dependencies = {}, devDependencies = {} } = JSON.parse(
      readFileSync(join(examples, name, "package.json"), "utf8"),
    );
    for (const [of, version] of Object.entries({ ...dependencies, ...devDependencies }))
      assert.match(version, /^\d+\.\d+\.\d+$/, `${name}: ${of}`);
  }
});
