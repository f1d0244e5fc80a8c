// Makes one glue of those that Emscripten made for builds with one thread and with several. They have the same functions,
// which the modules import and export by other letters, and differ where memory is concerned: module/glue.ts gives a
// build with threads the letters that it knows, and its memory.
import { parseAst } from "rolldown/parseAst";

/**
 * The glue of the build with one thread, for both, and the letters of the build with threads: { code, letters }. The
 * texts are minified.
 */
export function oneGlue({ alone, threads }) {
  const [one, several] = [alone, threads].map(({ glue, module }) => ({
    ...tableIn(glue),
    imports: WebAssembly.Module.imports(module),
    exports: WebAssembly.Module.exports(module),
  }));
  const memory = several.imports.find(({ kind }) => kind === "memory").name;
  const wake = several.rows.find(({ text }) => text.includes(".wakeHelper(")).letter;
  const rows = several.rows.filter(({ letter }) => letter !== memory && letter !== wake);
  const functions = one.exports.filter(({ kind }) => kind !== "memory");
  const unlike = one.rows.filter(({ text }, i) => shape(text) !== shape(rows[i]?.text ?? ""));
  // Emscripten lists functions by their names. One is another: shared memory does not grow.
  if (
    rows.length !== one.rows.length ||
    unlike.length > 1 ||
    !sameKinds(functions, several.exports)
  ) {
    throw new Error(`the glues differ in ${unlike.map(({ text }) => text).join("\n")}`);
  }
  return {
    // No browser decodes text right out of shared memory.
    code: alone.glue.replace(/\.decode\(([\w$]+)\.subarray\(/, ".decode($1.slice("),
    letters: {
      imports: one.rows.map(({ letter }, i) => `${letter} ${rows[i].letter}`).join(),
      exports: functions.map(({ name }, i) => `${name} ${several.exports[i].name}`).join(),
      memory,
      wake,
      exportedMemory: one.exports.find(({ kind }) => kind === "memory").name,
    },
  };
}

const sameKinds = (some, others) =>
  some.length === others.length && some.every(({ kind }, i) => kind === others[i].kind);

/** The text of a function, whatever its names are. */
const shape = (text) => text.replace(/[A-Za-z_$][\w$]*/g, "name");

/** What a glue gives the module: { rows: [{ letter, text }] }, with the text of each function. */
function tableIn(glue) {
  const texts = new Map();
  let table;
  const visit = (node) => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (typeof node?.type !== "string") return;
    const { id, init } = node;
    if (node.type === "FunctionDeclaration" || (node.type === "VariableDeclarator" && init)) {
      if (!texts.has(id.name)) texts.set(id.name, glue.slice(id.end, node.end));
    }
    const rows = node.type === "ObjectExpression" && node.properties;
    const isRow = ({ key, value }) => key?.name?.length <= 2 && value.type === "Identifier";
    if (rows.length > 20 && rows.every(isRow)) table = rows;
    Object.values(node).forEach(visit);
  };
  visit(parseAst(glue).body);
  const rows = table.map(({ key, value }) => ({
    letter: key.name,
    text: texts.get(value.name) ?? "",
  }));
  return { rows };
}
