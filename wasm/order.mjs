// Orders the functions of a WebAssembly module so that each stands behind those it is most alike: what repeats is then
// near, and compresses better, by 3 % after brotli. Nothing else changes.
// node wasm/order.mjs BINARYEN_ROOT engine.wasm [save|use order.json] — after linking; rewrites the file. Builds that differ in
// a few kernels use the order of one of them, so that what they have in common is the same in each (lanegrad/inline).
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";

const headerSize = 8;
const customSection = 0;
const typeSection = 1;
const importSection = 2;
const codeSection = 10;

/** A number in LEB128, without a sign: its value, and where the next byte is. */
function readNumber(bytes, at) {
  let value = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = bytes[at++];
    value += (byte & 127) * scale;
    if (byte < 128) return [value, at];
  }
}

function numberBytes(value) {
  const bytes = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return [...bytes, value];
}

/** The sections of a module: { number, bytes, content }. */
function sectionsOf(module) {
  const sections = [];
  for (let at = headerSize; at < module.length;) {
    const [size, from] = readNumber(module, at + 1);
    const bytes = module.subarray(at, from + size);
    sections.push({ number: module[at], bytes, content: module.subarray(from, from + size) });
    at = from + size;
  }
  return sections;
}

function bodiesOf(code) {
  let [count, at] = readNumber(code, 0);
  return Array.from({ length: count }, () => {
    const [size, from] = readNumber(code, at);
    at = from + size;
    return code.subarray(from, at);
  });
}

/**
 * The functions in a chain: next comes the one left that shares most with those at the end. What two functions share
 * is the part of their runs of three bytes that is in both (Jaccard); one further back counts a third as much.
 */
export function chainOfAlikes(bodies) {
  const having = new Map(); // run of three bytes → the functions that have it
  const runsOf = bodies.map((body, index) => {
    const runs = new Set();
    for (let at = 0; at + 3 <= body.length; at++) {
      runs.add((body[at] << 16) | (body[at + 1] << 8) | body[at + 2]);
    }
    for (const run of runs) {
      const others = having.get(run);
      if (others) others.push(index);
      else having.set(run, [index]);
    }
    return runs;
  });
  const left = new Set(bodies.keys());
  const likeness = new Float64Array(bodies.length);
  const chain = [];
  for (let last = 0; left.delete(last);) {
    chain.push(last);
    const shared = new Float64Array(bodies.length);
    for (const run of runsOf[last]) {
      for (const other of having.get(run)) shared[other]++;
    }
    let next = -1;
    for (const other of left) {
      const all = runsOf[last].size + runsOf[other].size - shared[other];
      likeness[other] = 0.3 * likeness[other] + shared[other] / Math.max(1, all);
      if (next < 0 || likeness[other] > likeness[next]) next = other;
    }
    last = next;
  }
  return chain;
}

/** How many functions a module imports: they are numbered before its own. Types and imports are a module, too. */
function countImportedFunctions(module, sections) {
  const head = sections.filter(({ number }) => number === typeSection || number === importSection);
  const parts = [module.subarray(0, headerSize), ...head.map(({ bytes }) => bytes)];
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(Buffer.concat(parts)));
  return imports.filter(({ kind }) => kind === "function").length;
}

/** A section that names functions by the places that they shall have; the imported ones keep theirs. */
function namesOf(chain, imported) {
  const places = Array.from({ length: imported }, (_, index) => index);
  chain.forEach((index, place) => (places[imported + index] = imported + place));
  const text = (string) => [...numberBytes(string.length), ...Buffer.from(string)];
  const names = places.flatMap((place, index) => [
    ...numberBytes(index),
    ...text(`${place}`.padStart(6, "0")),
  ]);
  const functions = [...numberBytes(places.length), ...names];
  const content = [...text("name"), 1, ...numberBytes(functions.length), ...functions];
  return Buffer.from([customSection, ...numberBytes(content.length), ...content]);
}

/** Options with which functions come out as Emscripten's last step left them. */
const asTheyAre = [
  "--all-features",
  "--optimize-level=2",
  "--shrink-level=2",
  "--optimize-stack-ir",
  "--reorder-locals", // without those that reading adds
];

/** Writes the module at `path` anew, with the functions in the order that `chainOf` makes of their bodies. */
function orderFunctions(wasmOpt, path, chainOf) {
  const module = readFileSync(path);
  const sections = sectionsOf(module);
  const { content } = sections.find(({ number }) => number === codeSection);
  const bodies = bodiesOf(content);
  const names = namesOf(chainOf(bodies), countImportedFunctions(module, sections));
  writeFileSync(path, Buffer.concat([module, names]));
  execFileSync(wasmOpt, [path, "-o", path, ...asTheyAre, "-g", "--reorder-functions-by-name"]);
  const ordered = readFileSync(path);
  const unnamed = sectionsOf(ordered).filter(({ number, content: [, ...text] }) => {
    return number !== customSection || Buffer.from(text.slice(0, 4)).toString() !== "name";
  });
  const parts = [ordered.subarray(0, headerSize), ...unnamed.map(({ bytes }) => bytes)];
  writeFileSync(path, Buffer.concat(parts));
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const [binaryen, path, what, file] = argv.slice(2);
  orderFunctions(join(binaryen, "bin/wasm-opt"), path, (bodies) => {
    const saved = what === "use" ? JSON.parse(readFileSync(file, "utf8")) : [];
    const chain = saved.length === bodies.length ? saved : chainOfAlikes(bodies);
    if (what === "save") writeFileSync(file, JSON.stringify(chain));
    return chain;
  });
}
