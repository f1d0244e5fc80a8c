// `npm run build:package`: puts types and scripts into dist/, beside the engine that CMake put
// there. tsc writes plain scripts to build/package, which the tests of inner parts import. What is
// served is one script per entry and per worker, which imports no other: bundlers give a script that page and worker
// share up. It is minified, but with line breaks and source maps, so that stack traces can be read. The engine's glue is
// a part of these scripts.
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { minifySync } from "rolldown/utils";
import { breakLines } from "./lines.mjs";
import { oneGlue } from "./one_glue.mjs";
import { writeSettings } from "./settings.mjs";

const root = fileURLToPath(new URL("../", import.meta.url));
const source = join(root, "wasm/src");
const plain = join(root, "build/package");
const dist = join(root, "dist");

// The names of classes are kept, since people see them: `Tensor (disposed)`.
const keepNames = { class: true, function: false };
const minify = {
  compress: { target: "es2022", keepNames },
  mangle: { toplevel: true, keepNames },
  codegen: { removeWhitespace: true },
};
// Statements that stay apart can have a line each.
const minifyApart = {
  ...minify,
  compress: { ...minify.compress, sequences: false, joinVars: false },
};

const readdirIfAny = (folder) =>
  existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];

function compile() {
  mkdirSync(dist, { recursive: true });
  for (const name of readdirSync(dist)) {
    if (!["engine", "data", "formats", "predict"].includes(name)) {
      rmSync(join(dist, name), { recursive: true });
    }
  }
  for (const folder of ["data", "formats", "predict"]) {
    for (const entry of readdirIfAny(join(dist, folder))) {
      if (entry.isFile() && !entry.name.endsWith(".wasm")) rmSync(join(dist, folder, entry.name));
    }
  }
  rmSync(plain, { recursive: true, force: true });
  execFileSync("node", [join(root, "node_modules/typescript/bin/tsc"), "-p", "wasm"], {
    cwd: root,
    stdio: "inherit",
  });
  symlinkSync(join(dist, "engine"), join(plain, "module/engine"), "junction");
  symlinkSync(join(dist, "data"), join(plain, "data/data"), "junction");
  symlinkSync(join(dist, "formats"), join(plain, "formats/formats"), "junction");
  symlinkSync(join(dist, "predict"), join(plain, "predict/predict"), "junction");
}

// Without an engine, types and scripts alone are of use, too.
const glue = {
  name: "glue",
  resolveId(id) {
    if (!id.endsWith("/engine/glue.mjs")) return null;
    const file = join(dist, "engine/glue.mjs");
    return existsSync(file) ? { id: file, moduleSideEffects: false } : { id, external: true };
  },
};
// What is bundled apart and loaded when somebody asks for it.
const apartNames = {
  "formats.js": "./formats.js",
  "pump.js": "./pump.js",
  "why_not.js": "./why_not.js",
  "lanegrad.js": "./api.js",
};
const apart = {
  name: "bundled apart",
  resolveId(id, importer) {
    const name = apartNames[basename(id)];
    const isApart = name && importer && !importer.includes("/inline/");
    return isApart ? { id: name, external: true } : null;
  },
};

// What the element takes of the package and of its own: the package when a training starts, the table of settings, and its
// styles as a text without comments and indents.
const elementParts = {
  name: "parts of the element",
  resolveId(id, importer) {
    if (id === "lanegrad") return { id: "./index.js", external: true };
    if (id === "../labs/formula") return { id: "./element_formula.js", external: true };
    if (id === "lanegrad/settings") return join(source, "settings/table.ts");
    return id.endsWith(".css?raw") ? join(dirname(importer), id) : null;
  },
  load(id) {
    if (!id.endsWith(".css?raw")) return null;
    const css = readFileSync(id.slice(0, -"?raw".length), "utf8");
    const short = css
      .replace(/\/\*[^]*?\*\//g, "")
      .replace(/\s+/g, " ")
      .replace(/ ?([{};,]) ?|(?<=[\w-]:) /g, "$1");
    return { code: `export default ${JSON.stringify(short.trim())};`, moduleType: "js" };
  },
};

/** Writes the types of the element, which the page's own compiler options are for. */
function elementTypes() {
  const folder = join(root, "build/element");
  execFileSync(
    "node",
    [
      ...[join(root, "node_modules/typescript/bin/tsc"), "-p", join(root, "web/element")],
      ...["--outDir", folder],
    ],
    { cwd: root, stdio: "inherit" },
  );
  cpSync(join(folder, "element/element.d.ts"), join(dist, "element.d.ts"));
}

async function bundle() {
  await bundleInto({ index: join(source, "index.ts") });
  await bundleInto({ api: join(source, "api/lanegrad.ts") });
  await bundleInto({ worker: join(source, "worker.ts") });
  await bundleInto({ explanation: join(source, "worker/explanation.ts") });
  await bundleInto({ helper: join(source, "module/helper.ts") });
  await bundleInto({ settings: join(source, "settings/table.ts") });
  await bundleInto({ pump: join(source, "trainer/pump.ts") });
  await bundleInto({ why_not: join(source, "trainer/why_not.ts") });
  await bundleInto({ formats: join(source, "formats/formats.ts") });
  await bundleInto({ predict: join(source, "predict.ts") });
  await bundleInto({ data: join(source, "data.ts") });
  await bundleInto({ data_worker: join(source, "data_worker.ts") });
  await bundleInto({ picture_decoder: join(source, "picture_decoder.ts") });
  await bundleInto({ element: join(root, "web/element/element.ts") }, [elementParts]);
  await bundleInto({ element_formula: join(root, "web/labs/formula.ts") });
  await bundleInline();
}

/**
 * Makes inline.js, which holds everything: the modules, and worker and helpers as texts of classic scripts, which start where module
 * workers do not. Modules are in hexadecimal digits: what the four builds have in common begins at other remainders of 3 in each,
 * and so looks different in base64, which takes twice as much after compression.
 */
async function bundleInline() {
  const variants = ["simd", "relaxed", "simd-threads", "relaxed-threads"];
  const wasm = variants.map((variant) => join(dist, "engine", variant, "engine.wasm"));
  if (!wasm.every((file) => existsSync(file))) return;
  const modules = Object.fromEntries(
    wasm.map((file, i) => [variants[i], readFileSync(file).toString("hex")]),
  );
  const helper = await classic("module/helper.ts", []);
  const inWorker = texts("export const modules = lanegradModules;", { helper, worker: "" });
  const worker = await classic("worker.ts", [inWorker]);
  const all = texts(`export const modules = ${JSON.stringify(modules)};`, { helper, worker });
  await bundleInto({ inline: join(source, "index.ts") }, [all]);
}

/** What takes the place of a file in lanegrad/inline, if something does. */
const replaced = (name, room) =>
  ({
    "parts.js": "parts.ts",
    "load_api.js": "load_api.ts",
    "on_demand.js": `${room}_on_demand.ts`,
  })[name];

/** Puts the parts of lanegrad/inline in the place of those that lie beside a script. */
function texts(modules, scripts) {
  const named = Object.entries(scripts).map(
    ([name, text]) => `export const ${name} = ${JSON.stringify(text)};`,
  );
  return {
    name: "texts",
    resolveId(id, importer) {
      if (id === "./texts.js") return "\0texts";
      if (!importer || importer.includes("/inline/")) return null;
      const file = replaced(id.replace(/^.*\//, ""), basename(dirname(importer)));
      return file === undefined ? null : join(source, "inline", file);
    },
    load: (id) => (id === "\0texts" ? [modules, ...named].join("\n") : null),
  };
}

/** The text of a script as a classic one. */
async function classic(file, plugins) {
  const scripts = await rolldown(inputOf(join(source, file), plugins));
  const { output } = await scripts.generate({
    format: "iife",
    minify: minifyApart,
    comments: false,
  });
  return output[0].code;
}

const inputOf = (input, plugins = []) => ({
  input,
  plugins: [...plugins, glue, apart],
  platform: "neutral",
  // No reading of a property does anything here.
  treeshake: { propertyReadSideEffects: false },
  resolve: { extensionAlias: { ".js": [".ts", ".js"] } },
  tsconfig: join(root, "wasm/tsconfig.json"),
  transform: { target: "es2022" },
});

async function bundleInto(input, plugins) {
  const scripts = await rolldown(inputOf(input, plugins));
  const { output } = await scripts.generate({
    dir: dist,
    minify: minifyApart,
    sourcemap: "hidden", // the comment that names it follows the last line break
    comments: { legal: false, annotation: true, jsdoc: false }, // what bundlers must leave alone
  });
  for (const { type, fileName, ...chunk } of output) {
    if (type !== "chunk") continue;
    const { code, map } = breakLines(quoted(chunk.code), chunk.map);
    const name = `${fileName}.map`;
    writeFileSync(join(dist, fileName), map ? `${code}\n//# sourceMappingURL=${name}\n` : code);
    if (map) writeFileSync(join(dist, name), JSON.stringify(map));
  }
}

// The statement with which Emscripten's glue would fetch the module, which fetch.ts does instead.
// Without it, the minifier drops the functions behind it, a tenth of the glue.
const fetching =
  "wasmBinaryFile??=findWasmBinary();instantiateAsync(wasmBinary,wasmBinaryFile,info,receiveInstantiationResult).catch(readyPromiseReject);";

// How the glue finds out where it runs and where its files are, which fetch.ts knows, and where to print, which nobody
// does: as good as nowhere.
const places =
  /\bconsole\.log\.bind\(console\)|\bimport\.meta\.url\b|\btypeof (window|importScripts|process)==["'`](object|function)["'`]/g;

// What it tells whoever binds the engine's functions to JavaScript, where whoever uses them would read it. These are
// found wrong when the module starts, or never.
const advice = new RegExp(
  [
    ". Build with -sASSERTIONS for more info.",
    "Module.instantiateWasm callback failed with error: ",
    "argTypes array size mismatch! Must at least get return value and 'this' types!",
    "Mismatched type converter count",
    " must have a positive integer typeid pointer",
    "Use 'new' to construct ",
    " has no accessible constructor",
    "Tried to invoke ctor of ",
    " with invalid number of parameters (",
    ") - expected (",
    ") parameters instead!",
    "unknown function pointer with signature ",
    "Cannot register type ",
    "Cannot construct ",
    "Cannot call ",
    " due to unbound types",
    "invalid float width ",
    "invalid integer width ",
    "Cannot use deleted val. handle = ",
    "Expected null or instance of ",
    ", got an instance of ",
    "Cannot convert argument of type ",
    " to parameter type ",
    "null is not a valid ",
    "Cannot pass deleted object as a pointer of type ",
    "Cannot pass non-string to std::string",
    "String has UTF-16 code units that do not fit in 8 bits",
    " instance already deleted",
    "_emval_take_value",
    "emval::as",
  ]
    .map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join("|"),
  "g",
);

function minifiedGlue(variant) {
  const file = join(dist, "engine", variant, "engine.mjs");
  const glue = readFileSync(file, "utf8")
    .replace(fetching, "")
    .replace(places, "false")
    .replace(advice, "");
  const { code, errors } = minifySync(file, glue, {
    module: true,
    ...minify,
    mangle: { toplevel: true },
  });
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  return code;
}

/** Makes dist/engine/glue.mjs, the glue of all builds, which goes into the scripts. */
async function makeGlue() {
  if (!existsSync(join(dist, "engine"))) return;
  const read = async (plain, variant) => {
    const glue = minifiedGlue(variant);
    const other = variant.replace(plain, "relaxed");
    if (minifiedGlue(other) !== glue) {
      throw new Error(`the glue of ${variant} and that of ${other} differ, expected the same`);
    }
    const wasm = readFileSync(join(dist, "engine", variant, "engine.wasm"));
    return { glue, module: await WebAssembly.compile(wasm) };
  };
  const [alone, threads] = [await read("simd", "simd"), await read("simd", "simd-threads")];
  const { code, letters } = oneGlue({ alone, threads });
  const text = `${code}\nexport const letters = ${JSON.stringify(letters)};\n`;
  writeFileSync(join(dist, "engine/glue.mjs"), text);
}

/**
 * Turns the back quotes that the minifier makes into plain quotes, since some bundlers find a URL
 * or an import only in those.
 */
function quoted(code) {
  return code.replace(/(\bimport\(|\bURL\(|\btype:)`([^`$\\]*)`/g, '$1"$2"');
}

await makeGlue();
await writeSettings();
compile();
await bundle();
elementTypes();
// What a script holds of others.
cpSync(join(root, "node_modules/fflate/LICENSE"), join(dist, "picture_decoder.license.txt"));
cpSync(join(root, "node_modules/jsep/LICENSE"), join(dist, "element_formula.license.txt"));
cpSync(join(root, "wasm/licenses.txt"), join(dist, "licenses.txt"));
// A page of plain files that answers, which whoever has a trained net fills in.
cpSync(join(root, "wasm/page"), join(dist, "page"), { recursive: true });
