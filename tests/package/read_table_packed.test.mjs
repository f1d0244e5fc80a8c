// Tables that are packed with gzip, first rows that somebody knows better, and FER-2013's pictures, which are a table.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { readPictures, readTable } from "../../dist/data.js";
import { refusesLater, root } from "./support.mjs";

const penguins = readFileSync(join(root, "web/data/tables/penguins.csv"));

/** A table whose text is not all alike, of some megabytes. */
function largeText() {
  let state = 7;
  const random = (end) => (state = (state * 48271) % 0x7fffffff) % end;
  const lines = ["a,b,word"];
  for (let i = 0; i < 60_000; i++)
    lines.push(`${random(1e9)},${(random(1e6) / 1e3).toFixed(3)},word ${random(30)} ${random(3)}`);
  return Buffer.from(`${lines.join("\n")}\n`);
}

test("a packed table is the same table, however it was packed", async () => {
  const plain = await readTable(new Uint8Array(penguins), { name: "penguins.csv" });
  const text = largeText();
  const large = await readTable(new Uint8Array(text));
  const middle = text.length >> 1;
  for (const [packed, expected] of [
    [gzipSync(penguins), plain],
    [gzipSync(penguins, { level: 0 }), plain],
    [gzipSync(text), large],
    [gzipSync(text, { level: 1 }), large],
    // Members one after the other, as bgzip and pigz write them, and zeros after the end.
    [
      Buffer.concat([
        gzipSync(text.subarray(0, middle)),
        gzipSync(text.subarray(middle)),
        Buffer.alloc(512),
      ]),
      large,
    ],
  ]) {
    const table = await readTable(new Blob([packed]));
    assert.equal(table.rows, expected.rows);
    assert.deepEqual(table.columns, expected.columns);
    for (const row of [0, expected.rows >> 1, expected.rows - 2])
      assert.deepEqual(table.texts(row, 2), expected.texts(row, 2));
    table.dispose();
  }
  plain.dispose();
  large.dispose();
});

test("a packed table that is damaged is refused in a sentence", async () => {
  const packed = gzipSync(largeText());
  const changed = Buffer.from(packed);
  changed[packed.length - 6] ^= 1;
  for (const [bytes, message] of [
    [packed.subarray(0, 100_000), /^gzip: a\.csv\.gz is broken \(inflate: .*\), expected a whole/],
    [packed.subarray(0, -3), /^gzip: a\.csv\.gz is cut short at its end, expected the whole/],
    [changed, /^gzip: a\.csv\.gz has another size or checksum than it says/],
    [Buffer.concat([packed, Buffer.from("more")]), /^gzip: a\.csv\.gz has other bytes behind/],
  ])
    await refusesLater(
      () => readTable(new Uint8Array(bytes), { name: "a.csv.gz" }),
      "CorruptData",
      message,
    );
  await refusesLater(
    () => readTable(new Uint8Array(gzipSync(packed.subarray(0, 1000)))),
    "Unsupported",
    /^table: table is packed with gzip twice/,
  );
});

test("the first row is what `header` says", async () => {
  const text = "2019,2020\n3,4\n5,6\n";
  for (const [header, names, rows] of [
    [undefined, ["column 1", "column 2"], 3],
    [true, ["2019", "2020"], 2],
    [false, ["column 1", "column 2"], 3],
  ]) {
    const table = await readTable(text, { header });
    assert.equal(table.header, header ?? false);
    assert.equal(table.rows, rows);
    assert.deepEqual(
      table.columns.map(({ name }) => name),
      names,
    );
    table.dispose();
  }
  await refusesLater(
    () => readTable(text, { header: "yes" }),
    "InvalidArgument",
    "table: header 'yes', expected true or false",
  );
});

test("FER-2013's CSV gives pictures of 48 × 48, split as it says", async () => {
  const pixel = (i, p) => (i * 37 + p * 11) % 256;
  const usages = ["Training", "Training", "Training", "PublicTest", "PrivateTest", "PrivateTest"];
  const lines = usages.map((usage, i) => {
    const pixels = Array.from({ length: 48 * 48 }, (_, p) => pixel(i, p));
    return `${i},${pixels.join(" ")},${usage}`;
  });
  const text = ["emotion,pixels,Usage", ...lines].join("\n");
  const name = "fer2013.csv.gz";
  const set = await readPictures([new File([gzipSync(text)], name)]);
  assert.deepEqual([set.height, set.width, set.channels], [48, 48, 1]);
  assert.equal(set.train.count, 4);
  assert.equal(set.test.count, 2);
  assert.equal(set.classNames.join(), "angry,disgust,fear,happy,sad,surprise,neutral");
  assert.deepEqual([...set.test.labels.subarray(8)], [4, 5]);
  for (let p = 0; p < 48 * 48; p++) assert.equal(set.test.images[16 + p], pixel(4, p));
  assert.match(
    set.notes.join(" "),
    /PrivateTest is the test \(2\), and PublicTest \(1\) is learned/,
  );
});
