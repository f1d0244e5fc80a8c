// A name stands once in wasm/bindings/ and once in raw.ts: the two must agree, and so must what each function
// takes and returns.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parseAst } from "rolldown/parseAst";
import create from "../../dist/engine/simd/engine.mjs";
import { unaryNames } from "../../build/package/unary.js";
import { dist, root } from "./support.mjs";

const source = readFileSync(join(root, "wasm/src/module/raw.ts"), "utf8");
const nodes = parseAst(source, { lang: "ts" }).body.map((node) => node.declaration ?? node);
const named = (type) =>
  new Map(nodes.filter((node) => node.type === type).map((node) => [node.id.name, node]));
const aliases = named("TSTypeAliasDeclaration");

/** What a type of TypeScript is at the border: a plain type, a handle that may be null, or an object. */
function kindOf({ type, types, typeName, literal }) {
  const plain = /^TS(Number|Boolean|String|Void|Null)Keyword$/.exec(type);
  if (plain) return plain[1].toLowerCase();
  if (type === "TSUnionType") return [...new Set(types.map(kindOf))].join(" | ");
  if (type === "TSLiteralType") return typeof literal.value;
  const name = typeName?.name;
  if (aliases.has(name)) return kindOf(aliases.get(name).typeAnnotation);
  return /Handle$/.test(name) ? name : "object";
}

/** A member of an interface: what it takes and what it returns. */
function signature(member) {
  const alias = member.typeAnnotation?.typeAnnotation.typeName.name;
  const { params, returnType } = alias ? aliases.get(alias).typeAnnotation : member;
  return {
    takes: params.map(({ typeAnnotation }) => kindOf(typeAnnotation.typeAnnotation)),
    returns: kindOf(returnType.typeAnnotation),
  };
}

/** Interface → its functions → what they take and return, from raw.ts. */
const declared = new Map(
  [...named("TSInterfaceDeclaration")]
    .filter(([name]) => /Handle$|^RawModule$/.test(name))
    .map(([name, { body }]) => [
      name,
      Object.fromEntries(body.body.map((member) => [member.key.name, signature(member)])),
    ]),
);
const unary = { takes: ["TensorHandle"], returns: "TensorHandle" };
for (const name of unaryNames()) declared.get("RawModule")[name] = unary;

/** Interface → its functions → the number of their arguments. */
const interfaces = new Map(
  [...declared].map(([name, functions]) => [
    name,
    Object.fromEntries(Object.entries(functions).map(([key, { takes }]) => [key, takes.length])),
  ]),
);

// As Emscripten makes it: the functions that loadModule gives do not say what they take.
const wasm = await WebAssembly.compile(readFileSync(join(dist, "engine/simd/engine.wasm")));
const raw = await create({
  instantiateWasm(imports, done) {
    void WebAssembly.instantiate(wasm, imports).then((instance) => done(instance, wasm));
    return {};
  },
});
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
  assert.deepEqual(functions, interfaces.get("RawModule"));
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

/**
 * What the bindings say of themselves when a module starts. It is heard from the module whose imports have names; they
 * do nothing else.
 */
async function boundTypes() {
  const file = readFileSync(join(root, "build/wasm/settings_table.wasm"));
  const module = await WebAssembly.compile(file);
  const types = new Map(); // Embind's number of a type → what raw.ts calls it
  const all = new Map([["RawModule", {}]]);
  let memory;
  const text = (at) => {
    const bytes = new Uint8Array(memory.buffer, at);
    return Buffer.from(bytes.subarray(0, bytes.indexOf(0))).toString();
  };
  const register = (name) => (type) => void types.set(type, name);
  const note = (functions, name, count, list, own) => {
    const [returns, ...takes] = new Uint32Array(memory.buffer, list, count);
    functions[text(name)] = { returns, takes: takes.slice(own) };
  };
  const imports = {
    _embind_register_void: register("void"),
    _embind_register_bool: register("boolean"),
    _embind_register_integer: register("number"),
    _embind_register_float: register("number"),
    _embind_register_std_string: register("string"),
    _embind_register_emval: register("object"),
    _embind_register_class(type, pointer, constPointer, ...rest) {
      const name = text(rest[7]);
      types.set(type, name).set(pointer, `${name} | null`);
      all.set(name, {});
    },
    _embind_register_function: (name, count, list) =>
      note(all.get("RawModule"), name, count, list, 0),
    _embind_register_class_function: (type, name, count, list) =>
      note(all.get(types.get(type)), name, count, list, 1),
  };
  const env = Object.fromEntries(
    WebAssembly.Module.imports(module).map(({ name }) => [name, imports[name] ?? (() => {})]),
  );
  const { exports } = await WebAssembly.instantiate(module, { env, wasi_snapshot_preview1: env });
  memory = exports.memory;
  exports.__wasm_call_ctors();
  delete all.get("RawModule").settings; // of the table, which only this module has
  for (const functions of all.values()) {
    for (const one of Object.values(functions)) {
      one.takes = one.takes.map((type) => types.get(type));
      one.returns = types.get(one.returns);
    }
  }
  return all;
}

const boundTypesByName = await boundTypes();

for (const [name, functions] of boundTypesByName) {
  test(`what the functions of ${name} take and return is what raw.ts declares`, () => {
    const wrong = [];
    // An object of the engine may always be missing in C++. raw.ts says where it is not.
    const fits = (bound, says) => says === bound || `${says} | null` === bound;
    for (const [key, { takes, returns }] of Object.entries(functions)) {
      const says = declared.get(name)[key];
      const agree =
        fits(returns, says?.returns) &&
        takes.length === says.takes.length &&
        takes.every((type, i) => fits(type, says.takes[i]));
      if (!agree) wrong.push({ key, bound: { takes, returns }, declared: says });
    }
    assert.deepEqual(wrong, []);
    assert.ok(Object.keys(functions).length > 0);
  });
}
