// For the tests of the built package: what it throws, small data sets, and the package installed into
// an empty folder as a stranger would have it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));

/** What load() chooses here: f32x4.relaxed_madd is valid WebAssembly or not. */
export const bestVariant = WebAssembly.validate(
  Buffer.from(
    "0061736d010000000105016000017b030201000a130111004100fd114100fd114100fd11fd85020b",
    "hex",
  ),
)
  ? "relaxed"
  : "simd";

/** The threads that a Trainer takes here. */
export const usefulThreads = Math.min(availableParallelism(), 8);

export const dist = fileURLToPath(new URL("../../dist/", import.meta.url));

/** Asserts that `body` throws a LanegradError with this code and exactly this text. */
export function refuses(body, code, message) {
  assert.throws(body, (error) => sameError(error, code, message));
}

/** Tests for [what to do, code, message] that each is refused so, in a scope of the engine. */
export function refusesEach(lg, cases) {
  for (const [body, code, message] of cases) {
    test(`${code}: ${message}`, () => lg.scope(() => refuses(() => void body(), code, message)));
  }
}

/** Asserts that `promise` rejects with a LanegradError with this code and exactly this text. */
export async function refusesLater(promise, code, message) {
  await assert.rejects(promise, (error) => sameError(error, code, message));
}

function sameError(error, code, message) {
  assert.equal(error.name, "LanegradError", error.stack);
  if (message instanceof RegExp) assert.match(error.message, message);
  else assert.equal(error.message, message);
  assert.equal(error.code, code);
  return true;
}

/** A small problem that a small net learns: whether points lie inside a circle. */
export function circle(samples = 256) {
  const inputs = new Float32Array(2 * samples);
  const labels = new Int32Array(samples);
  let state = 1;
  const random = () => (state = (state * 48271) % 0x7fffffff) / 0x7fffffff;
  for (let i = 0; i < samples; i++) {
    inputs[2 * i] = 2 * random() - 1;
    inputs[2 * i + 1] = 2 * random() - 1;
    labels[i] = Number(Math.hypot(inputs[2 * i], inputs[2 * i + 1]) < 0.7);
  }
  return { kind: "labels", inputs, shape: [samples, 2], labels, classes: 2 };
}

/** The text of a multi-layer perceptron. */
export const mlp = (widths, activation = "relu") =>
  [...widths.map((width) => `dense ${width}, ${activation}`), "dense classes"].join(", ");

/** An IDX file of bytes with these extents. */
export function idx(extents, values = new Uint8Array(extents.reduce((a, b) => a * b, 1))) {
  const bytes = new Uint8Array(4 + 4 * extents.length + values.length);
  bytes.set([0, 0, 8, extents.length]);
  const view = new DataView(bytes.buffer);
  extents.forEach((extent, i) => view.setUint32(4 + 4 * i, extent));
  bytes.set(values, 4 + 4 * extents.length);
  return bytes;
}

/** Packs the project into an empty folder, as it would be published: { folder, tarball, files, remove }. */
export function packPackage() {
  const folder = mkdtempSync(join(tmpdir(), "lanegrad-"));
  const words = ["pack", root, "--json", "--ignore-scripts", "--loglevel=error"];
  const [packed] = JSON.parse(execFileSync("npm", words, { cwd: folder, encoding: "utf8" }));
  return {
    folder,
    tarball: join(folder, packed.filename),
    files: packed.files.map(({ path }) => path),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Packs the project and installs it into that folder: the same, and `folder` is a project that has the package. */
export function installPackage() {
  const packed = packPackage();
  const { folder, tarball } = packed;
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
  const words = ["install", tarball, "--offline", "--no-audit", "--no-fund", "--loglevel=error"];
  execFileSync("npm", words, { cwd: folder, encoding: "utf8" });
  return packed;
}
