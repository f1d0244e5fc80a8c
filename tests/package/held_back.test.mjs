// The test that is held back where none came along: the same pictures as in C++ and in the terminal.
import assert from "node:assert/strict";
import { test } from "node:test";
import { heldBack } from "../../dist/data.js";

const idx = (labels) => {
  const bytes = new Uint8Array(8 + labels.length);
  bytes.set([0, 0, 8, 1]);
  new DataView(bytes.buffer).setUint32(4, labels.length);
  bytes.set(labels, 8);
  return bytes;
};

test("a fifth of each class is held back, the same as tests/engine/io/pictures_test.cpp expects", () => {
  const labels = Array.from({ length: 60 }, (_, i) =>
    (i * i) % 3 === 0 ? 0 : i % 7 === 1 ? 2 : 1,
  );
  const expected = [3, 19, 22, 31, 33, 34, 36, 38, 46, 57, 58, 59];
  assert.deepEqual(heldBack(idx(labels), 3), expected);
});

test("one of each class at least, but never the only one; what cannot be split says so", () => {
  const held = heldBack(idx([0, 0, 1, 2, 2]), 4);
  assert.deepEqual(
    held.map((i) => [0, 0, 1, 2, 2][i]),
    [0, 2],
  );
  assert.throws(() => heldBack(idx([0, 1]), 2), {
    code: "CorruptData",
    message: /1 picture of each class, expected more, to hold some back for the test/,
  });
  assert.throws(() => heldBack(idx([0, 3]), 2), {
    code: "InvalidArgument",
    message: /held back: label 1 3, expected below 2/,
  });
  assert.throws(() => heldBack([0, 1], 2), { code: "InvalidArgument" });
  assert.throws(() => heldBack(idx([0, 0]), -1), { code: "InvalidArgument" });
});
