// `npm run build:package`: puts types and scripts into dist/, beside the engine that CMake put
// there. tsc writes plain scripts to build/package, which the tests of inner parts import. What is
// served is bundled into shared.js, which index.js and worker.js import. It is minified, but with
// line breaks and source maps, so that stack traces can be read. The engine's glue is minified in
// place.
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
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { minifySync } from "rolldown/utils";
import { breakLines } from "./lines.mjs";
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

// The glue lies in dist/engine, beside the scripts, whichever folder imports it here.
const glueBesideScripts = {
  name: "glue beside scripts",
  resolveId: (id) => (id.endsWith("/engine.mjs") ? { id, external: true } : null),
};
// What is bundled apart lies there, too.
const apart = {
  name: "bundled apart",
  resolveId: (id, importer) =>
    importer && /\/formats\/formats\.js$/.test(id) ? { id: "./formats.js", external: true } : null,
};

async function bundle() {
  await bundleInto({
    index: join(source, "index.ts"),
    worker: join(source, "worker.ts"),
    helper: join(source, "module/helper.ts"),
    settings: join(source, "settings/table.ts"),
  });
  // What needs no trainer loads nothing of one.
  await bundleInto({ formats: join(source, "formats/formats.ts") });
  await bundleInto({ predict: join(source, "predict.ts") });
  await bundleInto({ data: join(source, "data.ts") });
  await bundleInto({ data_worker: join(source, "data_worker.ts") });
  await bundleInto({ picture_decoder: join(source, "picture_decoder.ts") });
}

async function bundleInto(input) {
  const scripts = await rolldown({
    input,
    plugins: [glueBesideScripts, apart],
    platform: "neutral",
    resolve: { extensionAlias: { ".js": [".ts", ".js"] } },
    tsconfig: join(root, "wasm/tsconfig.json"),
    transform: { target: "es2022" },
  });
  const { output } = await scripts.generate({
    dir: dist,
    minify: minifyApart,
    sourcemap: "hidden", // the comment that names it follows the last line break
    comments: { legal: false, annotation: true, jsdoc: false }, // what bundlers must leave alone
    chunkFileNames: "[name].js",
    // One shared file with nearly all of the code is smaller than one for the page, one for the
    // worker and one for both. What few ask of a trainer is apart.
    codeSplitting: {
      groups: [
        {
          name: "shared",
          test: (id) =>
            "index" in input &&
            !/\/(worker|helper|table|trace|look|given_weights|explanation)\.ts$/.test(id),
        },
      ],
    },
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

// What it tells whoever builds the engine, where whoever uses it would read it.
const advice =
  /\. Build with -sASSERTIONS for more info\.|Module\.instantiateWasm callback failed with error: /g;

function minifyGlue() {
  const engine = join(dist, "engine");
  if (!existsSync(engine)) return; // types and scripts alone are of use, too
  for (const variant of readdirSync(engine)) {
    const file = join(engine, variant, "engine.mjs");
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
    writeFileSync(file, quoted(code));
  }
}

/**
 * Turns the back quotes that the minifier makes into plain quotes, since some bundlers find a URL
 * or an import only in those.
 */
function quoted(code) {
  return code.replace(/(\bimport\(|\bURL\(|\btype:)`([^`$\\]*)`/g, '$1"$2"');
}

minifyGlue();
await writeSettings();
compile();
await bundle();
// What a script holds of others.
cpSync(join(root, "node_modules/fflate/LICENSE"), join(dist, "picture_decoder.license.txt"));
// A page of plain files that answers, which whoever has a trained net fills in.
cpSync(join(root, "wasm/page"), join(dist, "page"), { recursive: true });
