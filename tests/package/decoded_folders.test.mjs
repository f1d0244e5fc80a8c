// readPictures with pictures in folders and archives: classes, parts, what is left out, and how a reading ends.
import assert from "node:assert/strict";
import { test } from "node:test";
import { strToU8, zipSync } from "fflate";
import { readPictures } from "../../dist/data.js";
import { visitPackage } from "./browser.mjs";
import { browser, pixelsOf, plain, read } from "./decoding.mjs";

test("folders say classes and parts, in folders and in archives; what is left out is told", async () => {
  const tree = {
    "set/train/cat/1.png": plain(1),
    "set/train/cat/2.png": plain(2),
    "set/train/dog/10.png": plain(3),
    "set/train/dog/notes.txt": strToU8("no picture"),
    "set/train/dog/broken.png": plain(4).subarray(0, 40),
    "set/train/.DS_Store": strToU8("x"),
    "set/test/dog/1.png": plain(5),
    "set/test/bird/1.png": plain(6),
    "set/test/9.png": plain(9),
    "set/test/10.png": plain(10),
    "__MACOSX/set/._1.png": strToU8("x"),
  };
  const notes = [
    "1 picture (broken.png) that the browser cannot decode was left out.",
    "1 file (notes.txt) beside the pictures was left out.",
    "2 hidden files were left out.",
    "1 picture of the class “bird”, which is in the test alone, was left out.",
  ];
  const zip = Buffer.from(zipSync(tree));
  for (const files of [
    Object.entries(tree),
    [["flowers.zip", zip]],
    [["flowers.zip", zipSync(tree, { level: 0 })]],
  ]) {
    const said = await read(files);
    assert.deepEqual(said.classNames, ["cat", "dog"], said.message);
    assert.deepEqual(said.counts, { train: [2, 1], test: [0, 1] });
    assert.deepEqual([said.train.count, said.test.count, said.unlabeled.count], [3, 1, 2]);
    assert.deepEqual(said.unlabeled.names, ["9.png", "10.png"]);
    assert.deepEqual(
      pixelsOf(said.unlabeled, 1).filter((_, i) => i % 16 === 0),
      [9, 10],
    );
    assert.deepEqual(said.notes, notes);
    const labels = said.train.labels.slice(8);
    const values = pixelsOf(said.train, 1).filter((_, i) => i % 16 === 0);
    assert.deepEqual(labels.map((label, i) => `${values[i]} ${label}`).sort(), [
      "1 0",
      "2 0",
      "3 1",
    ]);
  }
  const without = await read([
    ["1.png", plain(1)],
    ["2.png", plain(2)],
  ]);
  assert.deepEqual(
    [without.classNames, without.train.count, without.unlabeled.names],
    [[], 0, ["1.png", "2.png"]],
  );

  const cut = await read([["flowers.zip", zip.subarray(0, 60)]]);
  assert.match(
    cut.message,
    /^flowers\.zip is cut short: the end of the archive is missing, expected PNG/,
  );
  const none = await read([["a/1.png", plain(1).subarray(0, 50)]]);
  assert.match(
    none.message,
    /^1\.png holds 1 picture \(1\.png\) that the browser cannot decode, expected/,
  );
});

test("a reading that is aborted rejects with its reason, and Node says that a browser is needed", async () => {
  const { result } = await visitPackage(
    browser,
    async (bytes) => {
      const { readPictures } = await import("/package/data.js");
      const controller = new AbortController();
      const files = Array.from({ length: 3000 }, (_, i) => ({
        name: `${i % 2}/${i}`,
        bytes: Uint8Array.from(bytes),
      }));
      const heard = [];
      const reading = readPictures(files, {
        signal: controller.signal,
        onProgress: (progress) => {
          heard.push(progress);
          controller.abort(new Error("enough"));
        },
      });
      const message = await reading.catch((error) => error.message);
      return { message, heard, total: 3000 * bytes.length };
    },
    { value: [...plain(1)] },
  );
  assert.equal(result.message, "enough");
  assert.ok(result.heard[0].read < result.total);
  assert.deepEqual(
    [result.heard[0].total, result.heard[0].what],
    [result.total, "decoding pictures"],
  );
  await assert.rejects(readPictures([{ name: "a.png", bytes: plain(1) }]), {
    code: "Unsupported",
    message: /^pictures: a\.png needs a browser, which decodes PNG, JPEG and WebP, expected IDX/,
  });
});
