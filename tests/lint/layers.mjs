// Holds the dependency rule of ARCHITECTURE.md: an include never goes upward, Highway stays inside
// kernels/, the engine neither prints nor aborts, and few files touch the raw wasm module.
// `node tests/lint/layers.mjs [folder]` prints one line per offence and fails if there is any.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { roomOffences } from "./rooms.mjs";

// Only ndarray/ calls kernels: what stands above has arrays.
const tensorAndLeft = ["core", "ndarray", "tensor"];
const library = [
  ...tensorAndLeft,
  ...["layers", "losses", "optimizers", "dataloaders", "io", "nets", "training"],
];

// Folder of engine/ -> the folders that its files may include, besides its own.
const mayInclude = {
  core: [],
  kernels: ["core"],
  ndarray: ["core", "kernels"],
  tensor: ["core", "ndarray"],
  layers: tensorAndLeft,
  losses: tensorAndLeft,
  optimizers: tensorAndLeft,
  dataloaders: ["core", "ndarray", "io"],
  io: ["core"],
  nets: [...tensorAndLeft, "layers", "io"],
  training: library,
  cli: [...library, "lanegrad.h"],
  "lanegrad.h": library,
};

// Printing, files and sudden ends: a library leaves them to its caller.
const forbiddenIncludes = /^(iostream|fstream|print|filesystem|cassert|assert\.h)$/;
const forbiddenCalls =
  /\b(std::(?:cout|cerr|clog|abort|exit|quick_exit|_Exit|terminate)|(?:v?f?printf|puts|fputs|putchar|fopen|abort|exit|assert|HWY_ABORT)(?=\s*\())/g;

const blank = (text) => text.replace(/[^\n]/g, " ");

/** The source with comments blanked out, and string literals too where `strings` says so. */
function strip(source, strings) {
  return source.replace(
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g,
    (token) => (token.startsWith("/") || strings ? blank(token) : token),
  );
}

function* matches(source, pattern) {
  for (const match of source.matchAll(pattern)) {
    yield { match, line: source.slice(0, match.index).split("\n").length };
  }
}

/** Files below root/folder whose name ends as asked, as paths with forward slashes from root. */
function filesBelow(root, folder, ending) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory())
      return entry.name === "node_modules" ? [] : filesBelow(root, path, ending);
    return ending.test(entry.name) ? [path] : [];
  });
}

function checkIncludes(file, source, report) {
  const [top, folder] = file.split("/");
  for (const { match, line } of matches(
    strip(source, false),
    /^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"]/gm,
  )) {
    const path = match[1];
    const [target, targetFolder] = path.split("/");
    if (target === "hwy" && !(top === "engine" && folder === "kernels")) {
      report(line, `includes <${path}>: only engine/kernels/ may use Highway`);
    } else if (target === "tests") {
      report(line, `includes ${path}: nothing reaches into tests/`);
    } else if (
      top === "engine" &&
      match[0].endsWith('"') &&
      target !== "engine" &&
      target !== "hwy"
    ) {
      report(line, `includes "${path}": paths start at the root of the project`);
    } else if (top === "engine" && target === "engine" && targetFolder !== folder) {
      if (!mayInclude[folder].includes(targetFolder)) {
        report(line, `includes ${path}: ${folder} may not see ${targetFolder}`);
      }
    } else if (top === "engine" && folder !== "cli" && forbiddenIncludes.test(path)) {
      report(line, `includes <${path}>: the engine does no I/O and does not abort`);
    }
  }
}

function checkEngine(root, report) {
  for (const file of filesBelow(root, "engine", /\.(h|cpp)$/)) {
    const source = readFileSync(join(root, file), "utf8");
    const at = (line, text) => report(`${file}:${line}: ${text}`);
    const folder = file.split("/")[1];
    if (!(folder in mayInclude)) {
      at(1, `${folder} has no place in the dependency rule`);
      continue;
    }
    checkIncludes(file, source, at);
    if (folder === "cli") continue;
    for (const { match, line } of matches(strip(source, true), forbiddenCalls)) {
      at(line, `uses ${match[1]}: the engine does not print, open files or abort`);
    }
  }
}

function checkBindings(root, report) {
  for (const file of filesBelow(root, "wasm", /\.(h|cpp)$/)) {
    const source = readFileSync(join(root, file), "utf8");
    checkIncludes(file, source, (line, text) => report(`${file}:${line}: ${text}`));
  }
}

/** The modules that a TypeScript file names: in import and export … from, and in import(). */
const importPattern = /\b(?:from|import)\s*\(?\s*["']([^"']+)["']/g;

function checkTypeScript(root, report) {
  for (const file of filesBelow(root, "wasm/src", /\.ts$/)) {
    const source = strip(readFileSync(join(root, file), "utf8"), false);
    if (/^wasm\/src\/((module|api|worker)\/|.*\.d\.ts$)/.test(file)) continue;
    for (const { match, line } of matches(
      source,
      /engine\.mjs|from\s*["']([^"']*\/raw\.js)["']/g,
    )) {
      report(
        `${file}:${line}: names ${match[1] ?? match[0]}: only module/, api/ and worker/ touch the raw module`,
      );
    }
  }
  for (const file of filesBelow(root, "web", /\.ts$/)) {
    const source = strip(readFileSync(join(root, file), "utf8"), false);
    for (const { match, line } of matches(source, importPattern)) {
      const target = posix.join(dirname(file), match[1]);
      if (match[1].startsWith(".") && !target.startsWith("web/")) {
        report(`${file}:${line}: imports ${match[1]}: the page uses the package by its name`);
      }
    }
  }
}

/** Every offence below root, one line of text each. */
export function layerOffences(root) {
  const offences = [];
  const report = (text) => offences.push(text);
  checkEngine(root, report);
  checkBindings(root, report);
  checkTypeScript(root, report);
  return offences;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), "../..");
  const offences = [...layerOffences(root), ...roomOffences(root)];
  for (const offence of offences) console.error(offence);
  process.exit(offences.length > 0 ? 1 : 0);
}
