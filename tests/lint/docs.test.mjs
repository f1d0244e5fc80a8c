// What the pages for people point to is there: files, tests by their title, commands and their options; and
// the README's example in C++ is a part of the tour.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const read = (path) => readFileSync(join(ROOT, path), "utf8");

/** What a page, which stands in `folder`, names that is not there, one sentence each. */
function missing(page, folder) {
  const out = [];
  const named = /`((?:engine|wasm|web|tests|docs|findings)\/[\w./-]*)`(?:\s+"([^"]+)")?/g;
  // A line of C++ or JavaScript may be broken within a title.
  const source = (path) => read(path).replace(/"\s*\n\s*"/g, "");
  for (const [, path, title] of page.matchAll(named)) {
    if (!existsSync(join(ROOT, path))) out.push(`there is no ${path}`);
    else if (title && !source(path).includes(`"${title}"`)) out.push(`${path} has no "${title}"`);
  }
  const { scripts } = JSON.parse(read("package.json"));
  // The page of all settings, whose own test compares it with the engine's rows.
  const options = read("docs/settings.md") + read("engine/cli/args.cpp");
  for (const [, name, rest] of page.matchAll(/npm run ([\w:]+)([^`\n]*)/g)) {
    if (!scripts[name]) out.push(`there is no npm run ${name}`);
    if (name !== "train") continue;
    for (const [, option] of rest.matchAll(/ --([\w-]+)/g)) {
      if (!options.includes(`\`--${option}\``) && !options.includes(`"--${option}"`))
        out.push(`train has no --${option}`);
    }
  }
  const prose = page.replace(/^```.*?^```/gms, "");
  for (const [, link] of prose.matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
    const path = join(folder, link);
    if (!existsSync(join(ROOT, path))) out.push(`there is no ${path}`);
  }
  return out;
}

const docs = readdirSync(join(ROOT, "docs"))
  .filter((name) => name.endsWith(".md"))
  .map((name) => `docs/${name}`);
for (const path of [
  "README.md",
  "ARCHITECTURE.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "docs/examples/README.md",
  ...docs,
]) {
  test(`what ${path} points to is there`, () => {
    assert.deepEqual(missing(read(path), dirname(path)), []);
  });
}
for (const path of docs) {
  test(`README.md links ${path}`, () => assert.ok(read("README.md").includes(`(${path})`)));
}

test("the README's example in C++ is a part of the tour", () => {
  const lines = (text) => text.split("\n").map((line) => line.trim());
  const [, example] = /^```cpp\n(.*?)^```$/ms.exec(read("README.md"));
  const tour = lines(read("tests/engine/tiny_test.cpp"));
  const places = lines(example.trim()).map((line) =>
    tour.findIndex((candidate) => candidate.includes(line.replace(/;$/, ""))),
  );
  assert.ok(!places.includes(-1), example);
});

test("every row of what differs from PyTorch names what shows it", () => {
  const rows = read("docs/coming-from-pytorch.md")
    .split("\n")
    .filter((line) => line.startsWith("| "));
  assert.ok(rows.length > 10);
  for (const row of rows.slice(2)) {
    const shown = row.split("|").at(-2);
    assert.match(shown, /`tests\/\S+` "[^"]+"|`npm run [^`]+`/, row);
  }
});

test("what is not there is found", () => {
  const page =
    '`tests/none.cpp` "x", `web/none/`, `tests/tiny.cpp`, `tests/engine/tiny_test.cpp` "never written", ' +
    "`npm run none`, `npm run train -- --seed 1 --sed 2`, [a](none.md)";
  assert.deepEqual(missing(page, "docs"), [
    "there is no tests/none.cpp",
    "there is no web/none/",
    "there is no tests/tiny.cpp",
    'tests/engine/tiny_test.cpp has no "never written"',
    "there is no npm run none",
    "train has no --sed",
    "there is no docs/none.md",
  ]);
});
