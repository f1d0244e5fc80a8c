// docs/numbers.md says what the test of special points allows, row by row.
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
