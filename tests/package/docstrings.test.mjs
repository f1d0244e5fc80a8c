// Every type that the package gives away, and every public member of it, has a docstring of its own: an
// editor shows one at a time.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parseAst } from "rolldown/parseAst";
import { dist } from "./support.mjs";

const read = (path) => readFileSync(join(dist, path), "utf8");
const parse = (source) => parseAst(source, { lang: "dts" }).body;

const nameOf = ({ id, key }) => id?.name ?? key?.name ?? key?.value ?? "[symbol]";
const isMember = ({ type }) =>
  /^(?:TS(?:Property|Method)Signature|(?:TSAbstract)?(?:Property|Method)Definition)$/.test(type);
// What cannot be called or read from outside: private members, and constructors that take an engine, which
// callers do not write.
const isHidden = ({ accessibility, key, kind, value }) =>
  accessibility === "private" ||
  key.type === "PrivateIdentifier" ||
  (kind === "constructor" && value.params[0]?.name === "engine");

/**
 * The public members in a node, those of types that stand in it included: [path of names, node]. What a
 * method takes is for its own docstring to say.
 */
function* membersOf(node, path) {
  for (const [part, child] of Object.entries(node)) {
    if (child === null || typeof child !== "object" || part === "params") continue;
    if (!isMember(child)) {
      yield* membersOf(child, path);
    } else if (!isHidden(child)) {
      const name = `${path}.${nameOf(child)}`;
      yield [name, child];
      yield* membersOf(child, name);
    }
  }
}

/**
 * The names without a docstring among the declarations of a file of types that `wanted` asks for, and among
 * their members. Of several declarations with one name, the first needs one.
 */
function undocumented(source, wanted) {
  const seen = new Map();
  for (const statement of parse(source)) {
    const node = statement.declaration ?? statement;
    if (!wanted(nameOf(node), statement)) continue;
    for (const [name, { start }] of [[nameOf(node), statement], ...membersOf(node, nameOf(node))]) {
      const documented = /\/\*\*(?:(?!\*\/)[^])*\*\/\s*$/.test(source.slice(0, start));
      if (!seen.has(name)) seen.set(name, documented);
    }
  }
  return [...seen].filter(([, documented]) => !documented).map(([name]) => name);
}

/** What index.d.ts exports: file → names. */
const exported = new Map();
for (const { source, specifiers } of parse(read("index.d.ts"))) {
  const file = source.value.replace(/^\.\/(.*)\.js$/, "$1.d.ts");
  exported.set(file, [...(exported.get(file) ?? []), ...specifiers.map(({ local }) => local.name)]);
}
// The classes that a loaded engine has, and what they inherit, are in the files of the API.
for (const name of readdirSync(join(dist, "api"))) {
  exported.set(`api/${name}`, exported.get(`api/${name}`) ?? []);
}

test("what element.d.ts gives away is documented", () => {
  const wanted = (_, { type, declaration }) => type === "ExportNamedDeclaration" && declaration;
  // The declarations of an interface that other ones only add signatures to have its docstring.
  const bare = undocumented(read("element.d.ts"), wanted);
  assert.deepEqual(bare, []);
});

const isType = /^(?:ClassDeclaration|TSInterfaceDeclaration)$/;
for (const [file, names] of exported) {
  test(`what ${file} gives away is documented`, () => {
    const ofTheApi = ({ declaration }) =>
      file.startsWith("api/") && declaration && isType.test(declaration.type);
    const wanted = (name, statement) => names.includes(name) || ofTheApi(statement);
    assert.deepEqual(undocumented(read(file), wanted), []);
  });
}

test("what has no docstring is found", () => {
  const source = `
    /** A net. */
    export declare class Net {
      private constructor();
      constructor(engine: Engine);
      #raw;
      /** Its name. */
      readonly name: string;
      get size(): number;
      /** All of it. */
      layers(): { name: string; }[];
      /** One of these. */
      layer(name: string): Layer;
      layer(index: number): Layer;
    }
    export type Layer = { /** Its kind. */ kind: string } | { size: number };
    type Inner = { size: number };`;
  assert.deepEqual(
    undocumented(source, (name) => name !== "Inner"),
    ["Net.size", "Net.layers.name", "Layer", "Layer.size"],
  );
});
