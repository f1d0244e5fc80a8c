// Pictures from the files that people have, through the package.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { readPictures } from "../../dist/data.js";
import { Trainer } from "../../dist/index.js";
import { idxOf, joined, npy, zip } from "./picture_bytes.mjs";
import { dist, idx, refusesLater } from "./support.mjs";

const side = 4;
const area = side * side;

/** Pixels that differ in every place. */
const pixelsOf = (count, each = area) =>
  Uint8Array.from({ length: count * each }, (_, i) => (i * 7 + 40) % 256);
const labelsOf = (count, classes = 2) => Uint8Array.from({ length: count }, (_, i) => i % classes);
const csv = (rows, header) => ({
  bytes: new TextEncoder().encode([...(header ? [header] : []), ...rows].join("\n")),
});

const pixels = pixelsOf(6);
const labels = labelsOf(6);
const images = idx([6, side, side], pixels);

/** The values of an IDX file, without its header. */
const valuesOf = (bytes) => bytes.subarray(4 + 4 * bytes[3]);

test("IDX is read under any name, packed in pieces, with zeros after the end", async () => {
  const packed = joined(
    gzipSync(images.subarray(0, 40)),
    gzipSync(images.subarray(40)),
    new Uint8Array(9),
  );
  const heard = [];
  const pictures = await readPictures(
    [
      { name: "some.bin", bytes: idx([6], labels) },
      new File([packed], "train-images.idx3-ubyte.gz"),
    ],
    { onProgress: (progress) => heard.push(progress) },
  );
  assert.deepEqual(pictures.train.images, images);
  assert.deepEqual(pictures.train.labels, idx([6], labels));
  const { format, height, width, channels, classNames, turned, notes, counts, test } = pictures;
  assert.deepEqual(
    { format, height, width, channels, classNames, turned, notes, counts, test },
    {
      format: "IDX",
      height: side,
      width: side,
      channels: 1,
      classNames: ["0", "1"],
      turned: false,
      notes: [],
      counts: { train: [3, 3] },
      test: undefined,
    },
  );
  assert.equal(heard.at(-1).read, heard.at(-1).total);
  assert.match(heard[0].what, /^reading some\.bin$/);
});

test("EMNIST's letters stand upright, have 26 classes and their names", async () => {
  const letters = Uint8Array.from({ length: 26 }, (_, i) => i + 1);
  const lying = pixelsOf(26);
  const files = [
    { name: "emnist-letters-train-images-idx3-ubyte", bytes: idx([26, side, side], lying) },
    { name: "emnist-letters-train-labels-idx1-ubyte", bytes: idx([26], letters) },
  ];
  const pictures = await readPictures(files);
  assert.equal(pictures.classNames.join(""), "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  assert.deepEqual([...valuesOf(pictures.train.labels)], [...Array(26).keys()]);
  const upright = valuesOf(pictures.train.images);
  for (const i of lying.keys()) {
    const [row, column] = [Math.floor((i % area) / side), i % side];
    assert.equal(upright[i - (i % area) + column * side + row], lying[i]);
  }
  assert.equal(pictures.turned, true);
  assert.equal(pictures.notes.length, 2);
  const asTheyAre = await readPictures(files, { turn: false });
  assert.deepEqual(valuesOf(asTheyAre.train.images), lying);
});

test("QMNIST's labels, and floats of either byte order, are read", async () => {
  const columns = new DataView(new ArrayBuffer(6 * 8 * 4));
  for (let i = 0; i < 6; i++) {
    columns.setInt32(32 * i, labels[i]);
    columns.setInt32(32 * i + 8, 814_254);
  }
  const floats = Float32Array.from(pixels, (value) => value / 255);
  const { train, notes } = await readPictures([
    { name: "images", bytes: idxOf([6, side, side], floats, 13) },
    { name: "labels", bytes: idxOf([6, 8], columns, 12) },
  ]);
  assert.deepEqual(valuesOf(train.labels), labels);
  // 252 is the largest of them, and 0.98… of 1.
  assert.deepEqual(valuesOf(train.images), pixels);
  assert.equal(notes.length, 3, notes.join("\n"));
  assert.match(notes.join("\n"), /little-endian/);
});

test("npz is read by its keys: channels behind and before, Fortran's order, either byte order", async () => {
  const planar = pixelsOf(6, 3 * area);
  const at = (i, c, p) => planar[(i * 3 + c) * area + p];
  const order = (axes) => {
    const out = [];
    if (axes === "NHWC") {
      for (let i = 0; i < 6; i++)
        for (let p = 0; p < area; p++) for (let c = 0; c < 3; c++) out.push(at(i, c, p));
    } else {
      // Fortran's order of [N, C, H, W]: the first axis is the fastest.
      for (let w = 0; w < side; w++)
        for (let h = 0; h < side; h++)
          for (let c = 0; c < 3; c++) for (let i = 0; i < 6; i++) out.push(at(i, c, h * side + w));
    }
    return Uint8Array.from(out);
  };
  const doubles = new DataView(new ArrayBuffer(6 * 3 * area * 8));
  order("F").forEach((value, i) => doubles.setFloat64(8 * i, value));
  const bytes = zip({
    "x_train.npy": npy("|u1", [6, side, side, 3], order("NHWC")),
    "y_train.npy": npy("<i8", [6, 1], BigInt64Array.from(labels, BigInt)),
    "x_test.npy": npy(">f8", [6, 3, side, side], doubles, "True"),
    "y_test.npy": npy("<f4", [6, 2], Float32Array.from([...labels].flatMap((l) => [1 - l, l]))),
    "names.npy": npy("<U3", [1], new Uint8Array(12)),
  });
  const pictures = await readPictures([new File([bytes], "set.npz")]);
  const expected = idx([6, 3, side, side], planar);
  assert.deepEqual([pictures.format, pictures.channels], ["npz", 3]);
  assert.deepEqual(pictures.train.images, expected);
  assert.deepEqual(pictures.test.images, expected);
  assert.deepEqual(valuesOf(pictures.test.labels), labels);
  assert.match(pictures.notes.join(), /names/);
  const grey = await readPictures([new File([bytes], "set.npz")], { channels: 1 });
  const first = 0.299 * at(0, 0, 0) + 0.587 * at(0, 1, 0) + 0.114 * at(0, 2, 0);
  assert.equal(valuesOf(grey.train.images)[0], Math.round(first));
});

test("pairs of npy files belong together, and numbers from -1 to 1 become pixels", async () => {
  const small = Float32Array.from(pixels, (_, i) => [-1, 0, 1][i % 3]);
  const { train, notes, format } = await readPictures([
    { name: "y.npy", bytes: npy("<i4", [6], Int32Array.from(labels)) },
    { name: "X.npy", bytes: npy("<f4", [6, area], small) },
  ]);
  assert.equal(format, "npy");
  assert.deepEqual([...valuesOf(train.images).subarray(0, 3)], [0, 128, 255]);
  assert.deepEqual(notes, ["Numbers from -1 to 1 became pixels from 0 to 255."]);
});

test("a competition's CSV has labels for training, and none for what is to be answered", async () => {
  const row = (i) => [...pixels.subarray(i * area, (i + 1) * area)].join(",");
  const names = Array.from({ length: area }, (_, i) => `pixel${i}`);
  const train = csv(
    [...labels].map((label, i) => `${label},${row(i)}`),
    ["label", ...names].join(","),
  );
  const test = csv([row(3), row(4)], names.join(","));
  const pictures = await readPictures([
    { name: "train.csv", ...train },
    { name: "test.csv", ...test },
  ]);
  assert.equal(pictures.format, "CSV of pixels");
  assert.deepEqual(pictures.train.images, images);
  assert.deepEqual(
    pictures.unlabeled.images,
    idx([2, side, side], pixels.subarray(3 * area, 5 * area)),
  );
  const texts = csv(
    [...labels].map((label, i) => `${row(i)};${"ox cat".split(" ")[label]}`.replaceAll(",", ";")),
  );
  const named = await readPictures([{ name: "a.csv", ...texts }]);
  assert.deepEqual(named.train.images, images);
  const header = [...names, "class"].join(";");
  const told = await readPictures([
    { name: "a.csv", bytes: joined(new TextEncoder().encode(`${header}\n`), texts.bytes) },
  ]);
  assert.deepEqual(told.classNames, ["cat", "ox"]);
  assert.deepEqual([...valuesOf(told.train.labels)], [1, 0, 1, 0, 1, 0]);
});

test("CIFAR's batches are one training set and one test set, in colour", async () => {
  const record = (i) =>
    joined(
      Uint8Array.of(i % 10),
      pixelsOf(1, 3072).map((p) => (p + i) % 256),
    );
  const files = [1, 2, 3, 4, 5].map((i) => ({
    name: `data_batch_${i}.bin`,
    bytes: joined(record(2 * i), record(2 * i + 1)),
  }));
  const pictures = await readPictures([...files, { name: "test_batch.bin", bytes: record(3) }]);
  assert.deepEqual(
    [pictures.format, pictures.train.count, pictures.test.count],
    ["CIFAR-10", 10, 1],
  );
  assert.deepEqual(pictures.classNames.slice(0, 3), ["airplane", "automobile", "bird"]);
  assert.deepEqual(
    [...pictures.train.images.subarray(0, 20)],
    [...idx([10, 3, 32, 32]).subarray(0, 20)],
  );
  assert.deepEqual(valuesOf(pictures.test.images), record(3).subarray(1));
});

test("a net trains with what was read", async () => {
  const { train: read, classNames } = await readPictures([
    { name: "a", bytes: images },
    { name: "b", bytes: idx([6], labels) },
  ]);
  const { images: pictures, labels: answers } = read;
  const data = { kind: "idx", images: pictures, labels: answers, classes: 2, classNames };
  const trainer = await Trainer.create({ data: { train: data, test: data }, net: "dense classes" });
  const { epochs } = await trainer.train({ epochs: 1 });
  assert.equal(epochs, 1);
  trainer.dispose();
});

const bytesOf = (string) => Uint8Array.from(string, (letter) => letter.charCodeAt(0));
const padded = (string) => bytesOf(string.padEnd(600, "\0"));

/** Files that are not read: [name, bytes, code, what is said of them]. */
const strangers = [
  [
    "a.h5",
    padded("\x89HDF\r\n\x1a\n"),
    "Unsupported",
    /is an HDF5 file, expected .*h5py\.File\('a\.h5'\)/,
  ],
  ["a.mat", padded("MATLAB 5.0 MAT-file, Platform"), "Unsupported", /is a MATLAB file, .*loadmat/],
  [
    "b.mat",
    bytesOf(`${"MATLAB 7.3 MAT-file".padEnd(512, "\0")}\x89HDF\r\n\x1a\n`),
    "Unsupported",
    /is a MATLAB file of version 7\.3, .*h5py/,
  ],
  ["data_batch_1", bytesOf("\x80\x02}q\x01"), "Unsupported", /is pickled, .*d\['data'\]/],
  ["old.pkl", bytesOf("(dp0\nS'a'\n"), "Unsupported", /is pickled/],
  ["a.pt", zip({ "archive/data.pkl": bytesOf("\x80\x02") }), "Unsupported", /pickled by PyTorch/],
  ["a.parquet", padded("PAR1"), "Unsupported", /is a Parquet file, .*read_parquet\('a\.parquet'\)/],
  ["a.xz", bytesOf("\xfd7zXZ\0"), "Unsupported", /is packed with xz, .*xz --decompress/],
  ["a.bz2", bytesOf("BZh91AY"), "Unsupported", /is packed with bzip2, .*bzip2 --decompress/],
  ["a.pdf", bytesOf("%PDF-1.7"), "Unsupported", /is a PDF document/],
  ["a.txt", bytesOf("Dear all,\nhello"), "Unsupported", /is plain text, .*a picture in each row/],
  [
    "a.safetensors",
    bytesOf('\x20\0\0\0\0\0\0\0{"a":1}'),
    "Unsupported",
    /is a safetensors file, weights without a training/,
  ],
  ["a.onnx", bytesOf("\x08\x07"), "Unsupported", /is an ONNX net, weights without a training/],
  [
    "a.npz",
    zip({ "dense1.weight.npy": npy("<f4", [2, 2], new Float32Array(4)) }),
    "Unsupported",
    /is a net's weights, without a training/,
  ],
  [
    "cut",
    images.subarray(0, 60),
    "CorruptData",
    /^pictures: cut is an IDX file that is cut short: 60 bytes, expected 112 for \[6, 4, 4\]/,
  ],
  ["empty", new Uint8Array(), "CorruptData", /^pictures: empty has 0 bytes/],
  [
    "noise",
    Uint8Array.of(1, 2, 3, 4),
    "CorruptData",
    /starts with the bytes 1 2 3 4, expected IDX/,
  ],
  ["images", images, "CorruptData", /^pictures: images has pictures without labels/],
];

for (const [name, bytes, code, said] of strangers) {
  test(`${name} is named in one sentence`, () =>
    refusesLater(readPictures([{ name, bytes }]), code, said));
}

test("wrong arguments are refused, and an abort ends the reading", async () => {
  await refusesLater(readPictures([]), "InvalidArgument", /no files/);
  await refusesLater(readPictures([{ name: "a" }]), "InvalidArgument", /pictures: bytes/);
  await refusesLater(readPictures(5), "InvalidArgument", /pictures: files 5/);
  const files = [{ name: "a", bytes: images }];
  await refusesLater(
    readPictures(files, { turned: true }),
    "NotFound",
    /'turned', expected 'turn'/,
  );
  await refusesLater(readPictures(files, { channels: 2 }), "InvalidArgument", /1 or 3/);
  const abort = new AbortController();
  const onProgress = () => abort.abort(new Error("enough"));
  await assert.rejects(readPictures(files, { signal: abort.signal, onProgress }), /enough/);
});

test("the module is small", () => {
  const size = brotliCompressSync(readFileSync(join(dist, "data/pictures.wasm"))).length;
  console.log(`pictures.wasm has ${size} bytes after brotli`);
  assert.ok(size < 40_000, `${size}`);
});
