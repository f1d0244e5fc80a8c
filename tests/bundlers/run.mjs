// `npm run bundlers [-- NAME …]`: makes a fresh project of each bundler, builds it with the package as it would be
// published, opens it in Chromium, and prints the table that docs/bundlers.md has. With `docs` it writes that.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { launch } from "../support/chromium.mjs";
import { packPackage, root } from "../package/support.mjs";
import { build, makeProject, openBuilt, openServed } from "./project.mjs";
import { copyBeside, tools } from "./tools.mjs";

const words = process.argv.slice(2);
const names = words.filter((word) => word !== "docs").map((word) => word.toLowerCase());
const chosen = Object.entries(tools).filter(
  ([name]) => names.length === 0 || names.some((word) => name.toLowerCase().includes(word)),
);
if (words.includes("docs") && names.length > 0)
  throw new Error(`docs has a row for every tool, expected no names beside it, not ${names}`);
const port = Number(process.env.LANEGRAD_TEST_PORT ?? 8140) + 20;

const short = (said) => said.replace(/\s+/g, " ").slice(0, 300);

/** The cells of a tool's row; what went wrong is printed. */
async function row(browser, tarball, name, tool) {
  const { folder, remove } = await makeProject(tool, tarball);
  const cells = [];
  const say = (what, said) => {
    console.error(`${name}, ${what}: ${short(said)}`);
    cells.push(said === "ok" ? "yes" : "no");
  };
  try {
    for (const entry of ["lanegrad", "lanegrad/inline"]) {
      const failed = await build(folder, tool, entry);
      say(`${entry}, built`, failed ?? (await openBuilt(browser, folder, tool)));
      if (cells.length === 1 && cells[0] === "no" && !failed) {
        copyBeside(folder, tool.out);
        if ((await openBuilt(browser, folder, tool)) === "ok") cells[0] = "with files beside";
      }
      if (tool.serve) say(`${entry}, served`, await openServed(browser, folder, tool, port));
      else cells.push("–");
    }
  } finally {
    remove();
  }
  return [name, ...cells];
}

const browser = await launch();
const packed = packPackage();
const rows = [
  ["", "`lanegrad`, built", "served", "`lanegrad/inline`, built", "served"],
  ["---", "---", "---", "---", "---"],
];
try {
  for (const [name, tool] of chosen) {
    try {
      rows.push(await row(browser, packed.tarball, name, tool));
    } catch (thrown) {
      console.error(`${name}: ${short(thrown.message)}`);
      process.exitCode = 1;
    }
  }
} finally {
  await browser.close();
  packed.remove();
}
const table = rows.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
console.log(table);
if (words.includes("docs")) {
  const file = join(root, "docs/bundlers.md");
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace(/(^\|.*\n)+/m, `${table}\n`));
  execFileSync(join(root, "node_modules/.bin/prettier"), ["--write", file]);
}
