// Proves that the rule for comments passes on the project and fails on each kind of offence.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { offences, offencesIn } from "./words.mjs";

const rule = (length) => `// ---- Layers ${"-".repeat(length - 15)}`;

test("the comments of the project can be understood alone", () => {
  assert.deepEqual(offencesIn(fileURLToPath(new URL("../..", import.meta.url))), []);
});

for (const [what, source, expected] of [
  ["a fragment", "// Of the batch.", ['a.h:1: the comment begins with "Of"']],
  ["one in JSDoc", "  /** Of the batch. */", ['a.h:1: the comment begins with "Of"']],
  ["one on lines of its own", "/**\n * Of it.\n */", ['a.h:2: the comment begins with "Of"']],
  ["one behind code", "int n;  // Of it.", ['a.h:1: the comment begins with "Of"']],
  ["one that is marked", "/** @internal Of it. */", ['a.h:1: the comment begins with "Of"']],
  ["one after a sentence", "// Sums.\n// Of it.", ['a.h:2: the comment begins with "Of"']],
  ["a neighbour", "/** NaN, like the next. */", ["a.h:1: the comment leans on its neighbour"]],
  [
    "the next two",
    "// Waits; likewise the next two.",
    ["a.h:1: the comment leans on its neighbour"],
  ],
  [
    "the next but one",
    "// Degrees, as\n// the next but one.",
    ["a.h:2: the comment leans on its neighbour"],
  ],
  [
    "one over two lines",
    "// NaN, like the\n// next.",
    ["a.h:2: the comment leans on its neighbour"],
  ],
  ["a word alone", "// The mean, likewise.", ["a.h:1: the comment leans on its neighbour"]],
  ["a short rule", rule(60), ["a.h:1: the section rule does not end at column 80"]],
  [
    "a torn rule",
    "// ---- Layers\n// ------------------",
    [1, 2].map((line) => `a.h:${line}: the section rule does not end at column 80`),
  ],
]) {
  test(`${what} is found`, () => assert.deepEqual(offences("a.h", source), expected));
}

test("sentences, values and code are left alone", () => {
  const fine = [
    rule(80),
    "// The mean\n// Of a sentence that goes on.",
    "// Runs before the next step; the next batch comes later.",
    'const text = "Of the batch";',
    "a = b * Of(c);",
    "#define Of 1",
  ];
  for (const source of fine) assert.deepEqual(offences("a.h", source), []);
});
