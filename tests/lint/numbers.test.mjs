// Numbers that two places need: docs/numbers.md says what the test of special points allows, row by row, and the package
// knows what its module was built with.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

test("the differences from PyTorch in the docs are those of the test", () => {
  const table = /Difference kDifferences\[\] = \{\n(.*?)\n\};\n/s.exec(
    read("tests/engine/golden/special_test.cpp"),
  )[1];
  const reasons = [...table.matchAll(/\{((?:\s*"[^"]*")+),/g)].map(([, literals]) =>
    [...literals.matchAll(/"([^"]*)"/g)].map(([, part]) => part).join(""),
  );
  assert.ok(reasons.length > 10);
  const listed = read("docs/numbers.md")
    .split("Elsewhere")[0]
    .matchAll(/^- (.*)$/gm);
  assert.deepEqual(
    [...listed].map(([, line]) => line),
    reasons,
  );
});

const found = (path, pattern) => {
  const match = pattern.exec(read(path));
  assert.ok(match, `${path} has ${pattern}`);
  return Number(match[1]);
};

test("JavaScript knows the engine's most threads, and the memory that builds with threads are linked with", () => {
  const most = found("engine/core/thread_pool.h", /kMaxThreads = (\d+);/);
  assert.equal(found("wasm/src/module/load.ts", /count <= (\d+) \?/), most);
  assert.equal(found("wasm/src/module/load.ts", /fail\("threads", count, "1 to (\d+)"\)/), most);
  const megabytes = found("wasm/CMakeLists.txt", /-sINITIAL_MEMORY=(\d+)MB/);
  assert.equal(
    found("wasm/src/module/variants.ts", /threadsMemory = (\d+) \* 2 \*\* 20;/),
    megabytes,
  );
});
