// wasm/order.mjs: a module whose functions are in another order does the same.
import assert from "node:assert/strict";
import { test } from "node:test";
import { orderFunctions } from "../../wasm/order.mjs";

// A module from its bytes, all counts below 128.
const withSize = (bytes) => [bytes.length, ...bytes];
const list = (items) => [items.length, ...items.flat()];
const name = (text) => withSize([...text].map((letter) => letter.charCodeAt(0)));
const section = (id, content) => [id, ...withSize(content)];
const body = (code) => withSize([0, ...code, 0x0b]); // no locals

const i32 = 0x7f;
const unary = 0; // the types' indices
const none = 1;
const [constant, get, add, mul, call, callIndirect] = [0x41, 0x20, 0x6a, 0x6c, 0x10, 0x11];

// `note` is imported as function 0; then f1 to f5. f1 and f4 are alike, f2 and f5 are, f3 starts.
const moduleOf = (bodies) =>
  Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(
      1,
      list([
        [0x60, ...list([i32]), ...list([i32])],
        [0x60, ...list([]), ...list([])],
      ]),
    ),
    ...section(2, list([[...name("env"), ...name("note"), 0, unary]])),
    ...section(3, list([unary, unary, none, unary, unary])),
    ...section(4, list([[0x70, 0, 3]])),
    ...section(
      7,
      list([
        [...name("first"), 0, 1],
        [...name("table"), 1, 0],
        [...name("second"), 0, 2],
        [...name("last"), 0, 5],
      ]),
    ),
    ...section(8, [3]),
    ...section(9, list([[0, constant, 0, 0x0b, ...list([4, 0, 1])]])),
    ...section(10, list(bodies)),
  ]);

const bodies = [
  // 3 x + 5
  body([get, 0, constant, 3, mul, constant, 5, add]),
  // note(f1(x)), then through the table f4 of that
  body([get, 0, call, 1, call, 0, constant, 0, callIndirect, unary, 0]),
  // note(7), without its result
  body([constant, 7, call, 0, 0x1a]),
  // 3 x + 6
  body([get, 0, constant, 3, mul, constant, 6, add]),
  // note(f2(x)), then through the table note itself
  body([get, 0, call, 2, call, 0, constant, 1, callIndirect, unary, 0]),
];

function run(bytes) {
  const notes = [];
  const note = (x) => {
    notes.push(x);
    return x + 1;
  };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { note } });
  const results = [exports.first(10), exports.second(10), exports.last(10)];
  return { notes, results, fromTable: exports.table.get(2)(1) };
}

test("the same results, calls, exports, table and start, in another order", () => {
  const before = moduleOf(bodies);
  const after = orderFunctions(before);
  assert.notDeepEqual([...after], [...before]);
  const expected = run(before);
  assert.deepEqual(expected, {
    notes: [7, 35, 35, 114, 115], // the start's, and those of second(10) and last(10)
    results: [35, 114, 116],
    fromTable: 8,
  });
  assert.deepEqual(run(after), expected);
});

test("functions that are alike become neighbours", () => {
  const after = Buffer.from(orderFunctions(moduleOf(bodies)));
  const [one, other] = [bodies[0], bodies[3]].map((bytes) => after.indexOf(Uint8Array.from(bytes)));
  assert.equal(Math.abs(one - other), bodies[0].length);
});

test("what it does not know is refused, not guessed", () => {
  const unknown = bodies.with(2, body([0xf0, 0x0b]));
  assert.throws(() => orderFunctions(moduleOf(unknown)), /opcode 240 is not known/);
  const short = bodies.with(2, body([0x43])); // a float of which there is nothing
  assert.throws(() => orderFunctions(moduleOf(short)), /goes beyond its function/);
});
