// What a page of docs/ points to is there: files, tests by their title, commands and their options.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const read = (path) => readFileSync(join(ROOT, path), "utf8");

/** What a page names that is not there, one sentence each. */
function missing(page) {
  const out = [];
  // A line of C++ or JavaScript may be broken within a title.
  const source = (path) => read(path).replace(/"\s*\n\s*"/g, "");
  for (const [, path, title] of page.matchAll(/`(tests\/[^`]+)`(?:\s+"([^"]+)")?/g)) {
    if (!existsSync(join(ROOT, path))) out.push(`there is no ${path}`);
    else if (title && !source(path).includes(`"${title}"`)) out.push(`${path} has no "${title}"`);
  }
  const { scripts } = JSON.parse(read("package.json"));
  const options = read("engine/training/recipe.cpp") + read("engine/cli/args.cpp");
  for (const [, name, rest] of page.matchAll(/npm run ([\w:]+)([^`\n]*)/g)) {
    if (!scripts[name]) out.push(`there is no npm run ${name}`);
    if (name !== "train") continue;
    for (const [, option] of rest.matchAll(/ --([\w-]+)/g)) {
      if (!options.includes(`"${option}"`) && !options.includes(`"--${option}"`))
        out.push(`train has no --${option}`);
    }
  }
  for (const [, link] of page.matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
    if (!existsSync(join(ROOT, "docs", link))) out.push(`there is no docs/${link}`);
  }
  return out;
}

for (const name of readdirSync(join(ROOT, "docs"))) {
  test(`what docs/${name} points to is there`, () => {
    assert.deepEqual(missing(read(`docs/${name}`)), []);
  });
  test(`README.md links docs/${name}`, () =>
    assert.ok(read("README.md").includes(`(docs/${name})`)));
}

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
    '`tests/none.cpp` "x", `tests/tiny.cpp`, `tests/engine/tiny_test.cpp` "never written", ' +
    "`npm run none`, `npm run train -- --seed 1 --sed 2`, [a](none.md)";
  assert.deepEqual(missing(page), [
    "there is no tests/none.cpp",
    "there is no tests/tiny.cpp",
    'tests/engine/tiny_test.cpp has no "never written"',
    "there is no npm run none",
    "train has no --sed",
    "there is no docs/none.md",
  ]);
});
