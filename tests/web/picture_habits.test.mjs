// What a set's pictures have in common is learned from them, and a drawing follows it.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { runnerImport } from "vite";
import { random } from "./collecting.mjs";
import { anywhere, inverted, tested, thick, thin } from "./picture_sets.mjs";
import { root } from "./support.mjs";

const load = async (path) =>
  (await runnerImport(`${root}web/${path}`, { configFile: false, logLevel: "error" })).module;
const { fit } = await load("data/fit_drawing.ts");
const { habitsOf } = await load("data/picture_habits.ts");
const chance = random(3);

const set = (pictures, side = 28) => ({
  count: pictures.length,
  width: side,
  height: side,
  noun: "picture",
  image: (i) => pictures[i],
});
const habits = (change, side) => habitsOf(set(tested.pictures.slice(0, 300).map(change), side));

const seven = [0.3, 0.25, 0.7, 0.25, 0.7, 0.25, 0.5, 0.8];
const drawing = (lines, size = 1) => ({
  width: 448,
  height: 448,
  pen: 33.6,
  lines: lines.map((value) => 448 * (0.5 + size * (value - 0.5))),
});

test("how a set's pictures look is learned from them: paper, ink, size, place and strokes", () => {
  const plain = habits((picture) => picture);
  assert.deepEqual([plain.paper, plain.ink, plain.longest], [[0], [255], [20, 20]]);
  assert.equal(plain.centre, "mass");
  for (const [least, most] of [plain.x, plain.y])
    assert.ok(least > 13.9 && most < 15.1, `${least} ${most}`);

  const negative = habits(inverted);
  assert.deepEqual([negative.paper, negative.ink], [[255], [0]]);
  assert.deepEqual(
    [negative.longest, negative.centre, negative.x],
    [plain.longest, plain.centre, plain.x],
  );
  const scattered = habits(anywhere, 40);
  assert.ok(scattered.x[1] - scattered.x[0] > 8, "they stand anywhere");
  assert.deepEqual(scattered.longest, [20, 20]);
  const strokes = [thin, (picture) => picture, thick].map((change) => habits(change).stroke);
  assert.ok(strokes[0] < 0.9 * strokes[1] && strokes[2] > 1.3 * strokes[1], `${strokes}`);

  // Photographs, and what is empty, are no ink on paper.
  const noise = Array.from({ length: 50 }, () =>
    Buffer.from(Array.from({ length: 784 }, () => 255 * chance())),
  );
  for (const pictures of [noise, [Buffer.alloc(784)]])
    assert.equal(habitsOf(set(pictures)).stroke, undefined);
});

test("a drawing gets the set's strokes however small it is, its place, paper and colours", () => {
  for (const change of [(picture) => picture, inverted, thick]) {
    const pictures = set(tested.pictures.slice(0, 300).map(change));
    const wanted = habitsOf(pictures);
    for (const size of [0.3, 0.6, 1.5]) {
      const { seen } = fit(drawing(seven, size), pictures);
      const found = habitsOf(set([seen, seen]));
      assert.ok(
        Math.abs(found.stroke / wanted.stroke - 1) < 0.1,
        `${found.stroke} ${wanted.stroke}`,
      );
      assert.deepEqual([found.paper, found.longest], [wanted.paper, wanted.longest]);
      assert.ok(Math.abs(found.x[0] - 14.5) <= 0.6 && Math.abs(found.y[0] - 14.5) <= 0.6);
    }
  }
  // Where pictures stand anywhere, a drawing stays about where it was drawn.
  const scattered = set(tested.pictures.slice(0, 300).map(anywhere), 40);
  const [left, right] = [0.1, 0.5].map((by) => {
    const lines = seven.map((value, i) => (i % 2 === 0 ? by + value / 2 : value));
    return habitsOf(set([fit(drawing(lines), scattered).seen], 40)).x[0];
  });
  assert.ok(right - left > 5, `${left} ${right}`);
  // Red paper with light ink.
  const red = set(
    tested.pictures
      .slice(0, 50)
      .map((picture) => Buffer.concat([picture.map((value) => 60 + value / 2), picture, picture])),
  );
  const { seen } = fit(drawing(seven), red);
  assert.deepEqual([seen.length, seen[0], seen[784], seen[1568]], [3 * 784, 60, 0, 0]);
  assert.ok(Math.max(...seen.subarray(784, 1568)) > 150);
});
