// How many bytes the package makes a visitor load.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { sizesOf } from "../bench/package.mjs";
import { installPackage, root } from "./support.mjs";

const { folder, remove } = installPackage();
after(remove);

/** The most bytes of a build after brotli, and of what a trainer's worker loads when it is asked for. */
const budget = {
  wasm: 102_000,
  glueAndApi: 26_000,
  onDemand: { "explanation.js": 3_000, "formats.js": 4_000 },
};

/** The script with the table of settings, which is plain data. */
const table = "settings.js";
/** The scripts that a trainer's worker loads when somebody asks for an explanation or for files of other programs. */
const onDemand = ["explanation.js", "formats.js"];

test("it is small", () => {
  const { scripts, builds } = sizesOf(join(folder, "node_modules/lanegrad"));
  // The table of settings is served to whoever imports it, and no other script does.
  const api = scripts.reduce(
    (sum, { name, bytes }) => sum + (name === table || onDemand.includes(name) ? 0 : bytes),
    0,
  );
  const row = (name, bytes, most = "") => `${name.padEnd(24)}${`${bytes}`.padStart(8)}${most}`;
  const rows = scripts.map(({ name, bytes }) => row(name, bytes));
  const over = [];
  for (const { variant, wasm, glue } of builds) {
    const check = (what, bytes, most) => {
      rows.push(row(`${variant} ${what}`, bytes, ` of at most ${most}`));
      if (bytes > most)
        over.push(`${variant}: ${bytes} bytes of ${what}, expected at most ${most}`);
    };
    check("wasm", wasm, budget.wasm);
    check("glue + API", glue + api, budget.glueAndApi);
  }
  for (const name of onDemand) {
    const { bytes } = scripts.find((script) => script.name === name);
    const most = budget.onDemand[name];
    if (bytes > most) over.push(`${name}: ${bytes} bytes, expected at most ${most}`);
  }
  console.log(["bytes after brotli", ...rows].join("\n"));
  assert.equal(builds.length, readdirSync(join(root, "dist/engine")).length);
  assert.deepEqual(over, []);
});
