// For the tests of pictures that a browser decodes: reads files in a page.
import assert from "node:assert/strict";
import { after } from "node:test";
import { png } from "../support/pictures.mjs";
import { launch, visitPackage } from "./browser.mjs";

export const browser = await launch();
after(() => browser.close());

// Reads files in a page: `files` is [name, bytes][]; `options` go to readPictures.
export async function read(files, options = {}) {
  const value = {
    files: files.map(([name, bytes]) => [name, [...bytes]]),
    options,
  };
  const visit = await visitPackage(
    browser,
    async ({ files, options }) => {
      const { readPictures } = await import("/package/data.js");
      const given = files.map(([name, bytes]) => ({ name, bytes: Uint8Array.from(bytes) }));
      try {
        const said = await readPictures(given, options);
        const plain = (part) =>
          part && {
            ...part,
            images: [...part.images],
            ...(part.labels && { labels: [...part.labels] }),
          };
        return {
          ...said,
          train: plain(said.train),
          test: plain(said.test),
          unlabeled: plain(said.unlabeled),
        };
      } catch ({ code, message }) {
        return { code, message };
      }
    },
    { value },
  );
  assert.deepEqual(visit.complaints, []);
  return visit.result;
}

export const pixelsOf = ({ images }, channels) => images.slice(channels === 3 ? 20 : 16);
export const plain = (value) => png(4, 4, () => value, { type: 0 });
// The pixels of one picture, which is read twice, as two classes.
export async function seen(bytes, options) {
  const read2 = await read(
    [
      ["a/1", bytes],
      ["b/1", bytes],
    ],
    options,
  );
  assert.ok(read2.train, read2.message);
  const pixels = pixelsOf(read2.train, read2.channels);
  assert.deepEqual(pixels.slice(0, pixels.length / 2), pixels.slice(pixels.length / 2));
  return { ...read2, pixels: pixels.slice(0, pixels.length / 2) };
}
