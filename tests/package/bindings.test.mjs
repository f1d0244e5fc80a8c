// A name stands once in wasm/bindings/ and once in raw.ts: the two must agree, and so must the number of what
// each function takes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parseAst } from "rolldown/parseAst";
import create from "../../dist/engine/simd/engine.mjs";
import { unaryNames } from "../../build/package/unary.js";
import { dist, root } from "./support.mjs";

/** Interface → its functions → the number of their arguments, from raw.ts. */
function declared() {
  const source = readFileSync(join(root, "wasm/src/module/raw.ts"), "utf8");
  const nodes = parseAst(source, { lang: "ts" }).body.map((node) => node.declaration ?? node);
  const arities = new Map(
    nodes
      .filter(({ type }) => type === "TSTypeAliasDeclaration")
      .map(({ id, typeAnnotation }) => [id.name, typeAnnotation.params?.length]),
  );
  const arity = ({ params, typeAnnotation }) =>
    params?.length ?? arities.get(typeAnnotation.typeAnnotation.typeName.name);
  return new Map(
    nodes
      .filter(({ type }) => type === "TSInterfaceDeclaration")
      .map(({ id, body }) => [
        id.name,
        Object.fromEntries(body.body.map((member) => [member.key.name, arity(member)])),
      ]),
  );
}

// As Emscripten makes it: the functions that loadModule gives do not say what they take.
const wasm = await WebAssembly.compile(readFileSync(join(dist, "engine/simd/engine.wasm")));
const raw = await create({
  instantiateWasm(imports, done) {
    void WebAssembly.instantiate(wasm, imports).then((instance) => done(instance, wasm));
    return {};
  },
});
const interfaces = declared();
// What Emscripten itself puts beside our functions.
const emscripten =
  /^(dynCall_.*|.*Error|instantiateWasm|count_emval_handles|flushPendingDeletes|setDelayFunction|get\w*Inherited\w*)$/;

/** The functions among the members of an object → the number of their arguments. */
const bound = (object, isOurs) =>
  Object.fromEntries(
    Object.keys(object)
      .filter((name) => typeof object[name] === "function" && isOurs(name))
      .map((name) => [name, object[name].length]),
  );

test("the functions of the module are those of RawModule", () => {
  const functions = bound(raw, (name) => !name.endsWith("Handle") && !emscripten.test(name));
  assert.ok(Object.keys(functions).length > 40);
  const unary = Object.fromEntries(unaryNames().map((name) => [name, 1]));
  assert.deepEqual(functions, { ...interfaces.get("RawModule"), ...unary });
});

for (const name of Object.keys(raw).filter((key) => key.endsWith("Handle"))) {
  test(`the methods of ${name} are those that raw.ts declares`, () => {
    const methods = bound(raw[name].prototype, (method) => method !== "delete");
    assert.deepEqual(methods, interfaces.get(name) ?? {});
  });
}

test("every handle that raw.ts declares is bound", () => {
  const handles = [...interfaces.keys()].filter((name) => /.Handle$/.test(name));
  for (const name of handles) if (name !== "RawHandle") assert.ok(raw[name], name);
  assert.ok(handles.length > 8);
});
