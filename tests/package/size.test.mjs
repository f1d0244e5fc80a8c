// How many bytes the package makes a visitor load.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import { sizesOf } from "../bench/package.mjs";
import { installPackage } from "./support.mjs";

const { folder, remove } = installPackage();
after(remove);

/** The most bytes after brotli of what a visitor loads. */
const budget = {
  "an engine": { wasm: 97_400 },
  "a page that trains, with threads": { "index.js + worker.js + helper.js": 25_200 },
  "a page that calls load()": { "index.js + api.js": 25_000 },
  "who asks for it": {
    "explanation.js": 7_900,
    "formats.js": 4_300,
    "pump.js": 3_200,
    "why_not.js": 1_400,
  },
  "lanegrad/inline, all engines included": { "inline.js": 206_200 },
  "<lanegrad-lab>, until it is started": { "element.js": 17_000 },
  "<lanegrad-lab> with a formula": { "element_formula.js": 6_500 },
};

test("it is small", () => {
  const { sizes, builds } = sizesOf(join(folder, "node_modules/lanegrad"));
  const rows = ["bytes after brotli"];
  const over = [];
  const check = (what, bytes, most) => {
    rows.push(`${what.padEnd(72)}${`${bytes}`.padStart(8)} of at most ${most}`);
    if (!(bytes <= most)) over.push(`${what}: ${bytes} bytes, expected at most ${most}`);
  };
  for (const [who, { wasm, ...scripts }] of Object.entries(budget)) {
    for (const [names, most] of Object.entries(scripts)) {
      const bytes = names.split(" + ").reduce((sum, name) => sum + sizes[name], 0);
      check(`${names}: ${who}`, bytes, most);
    }
    for (const build of wasm ? builds : []) check(`${build.variant}: ${who}`, build.wasm, wasm);
  }
  console.log(rows.join("\n"));
  assert.equal(builds.length, 4);
  assert.deepEqual(over, []);
});
