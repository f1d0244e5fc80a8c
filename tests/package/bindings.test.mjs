// A name stands once in wasm/bindings/ and once in raw.ts: the two must agree.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { loadModule } from "../../build/package/module/load.js";
import { unaryNames } from "../../build/package/unary.js";
import { root } from "./support.mjs";

/** Interface → names of its members, from raw.ts. */
function declared() {
  const source = readFileSync(join(root, "wasm/src/module/raw.ts"), "utf8");
  const interfaces = new Map();
  for (const [, name, body] of source.matchAll(/^export interface (\w+)[^{]*\{\n(.*?)^\}/gms)) {
    interfaces.set(
      name,
      [...body.matchAll(/^ {2}(\w+)\??[:(]/gm)].map(([, member]) => member).sort(),
    );
  }
  return interfaces;
}

const { raw } = await loadModule();
const interfaces = declared();
// What Emscripten itself puts beside our functions.
const emscripten =
  /^(dynCall_.*|.*Error|instantiateWasm|count_emval_handles|flushPendingDeletes|setDelayFunction|get\w*Inherited\w*)$/;

test("the functions of the module are those of RawModule", () => {
  const bound = Object.keys(raw).filter(
    (name) => typeof raw[name] === "function" && !name.endsWith("Handle") && !emscripten.test(name),
  );
  assert.ok(bound.length > 40, `only ${bound.length} functions found`);
  assert.deepEqual(bound.sort(), [...interfaces.get("RawModule"), ...unaryNames()].sort());
});

for (const name of Object.keys(raw).filter((key) => key.endsWith("Handle"))) {
  test(`the methods of ${name} are those that raw.ts declares`, () => {
    const methods = Object.keys(raw[name].prototype).filter((method) => method !== "delete");
    assert.deepEqual(methods.sort(), interfaces.get(name) ?? []);
  });
}

test("every handle that raw.ts declares is bound", () => {
  const handles = [...interfaces.keys()].filter((name) => /.Handle$/.test(name));
  for (const name of handles) if (name !== "RawHandle") assert.ok(raw[name], name);
  assert.ok(handles.length > 8);
});
