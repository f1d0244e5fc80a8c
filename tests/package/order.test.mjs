// The functions of the package's modules stand in the order in which they compress best.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { chainOfAlikes } from "../../wasm/order.mjs";
import { root } from "./support.mjs";

test("functions stand behind those that they are most alike", () => {
  const texts = ["one, two, three", "7 8 9 10 11 12", "two, three, four", "8 9 10 11 12 13", "ab"];
  assert.deepEqual(chainOfAlikes(texts.map((text) => Buffer.from(text))), [0, 2, 1, 3, 4]);
});

test("equal functions are neighbours, and none is lost", () => {
  const bodies = Array.from({ length: 60 }, (_, index) => Buffer.alloc(9, index % 20));
  const chain = chainOfAlikes(bodies);
  assert.deepEqual(
    chain.toSorted((a, b) => a - b),
    [...bodies.keys()],
  );
  const breaks = chain.filter((index, place) => place > 0 && index % 20 !== chain[place - 1] % 20);
  assert.equal(breaks.length, 19);
});

test("ordering leaves no names in the modules", () => {
  for (const name of ["engine/simd/engine", "engine/simd-threads/engine", "predict/simd/predict"]) {
    const module = new WebAssembly.Module(readFileSync(join(root, `dist/${name}.wasm`)));
    assert.equal(WebAssembly.Module.customSections(module, "name").length, 0, name);
  }
});
