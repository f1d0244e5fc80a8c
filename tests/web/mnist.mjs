// MNIST's training set, from the files that the page is built with.
import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { root } from "./support.mjs";

const file = async (name) =>
  new Uint8Array(gunzipSync(await readFile(`${root}build/public/mnist/${name}.gz`)));
export const [images, labels] = await Promise.all(
  ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"].map(file),
);
