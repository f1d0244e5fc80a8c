// Bad input gets one clear sentence: every code and text of data loaders and the files that they read in the synchronous API.
import { load } from "../../dist/index.js";
import { idx, refusesEach } from "./support.mjs";

const lg = await load();
const data = { inputs: [[0], [1]], labels: [0, 1], classes: 2 };
const images = idx([1, 2, 2]);
const labels = idx([1]);
const parse = (...files) => new lg.ImageSet(...files);
const changed = (bytes, position, value) => {
  const copy = bytes.slice();
  copy[position] = value;
  return copy;
};

refusesEach(lg, [
  [
    () => new lg.ArrayLoader(data, { batchSize: 0 }),
    "InvalidArgument",
    "data loader: batch size 0, expected at least 1",
  ],
  [
    () => new lg.ArrayLoader(data, { batchSize: NaN }),
    "InvalidArgument",
    "array loader: batch size NaN, expected a whole number",
  ],
  [
    () => new lg.ArrayLoader(data, { seed: 0.5 }),
    "InvalidArgument",
    "array loader: seed 0.5, expected a whole number of at least 0",
  ],
  [
    () => new lg.ArrayLoader({ ...data, labels: [0] }),
    "ShapeMismatch",
    "array loader: inputs [2, 1] and labels [1], expected labels [2]",
  ],
  [
    () => new lg.ArrayLoader({ ...data, labels: [0, 2] }),
    "InvalidArgument",
    "array loader: label 2 at position 1, expected 0 to 1",
  ],
  [
    () => new lg.ArrayLoader({ ...data, labels: [0, "1"] }),
    "InvalidArgument",
    "array loader: labels '1', expected a whole number",
  ],
  [
    () => new lg.ArrayLoader({ ...data, classes: 0 }),
    "InvalidArgument",
    "array loader: 0 classes, expected at least 1",
  ],
  [
    () => new lg.ArrayLoader({ inputs: [[1]], targets: [[1], [2]] }),
    "ShapeMismatch",
    "array loader: inputs [1, 1] and targets [2, 1], expected targets [1, O] with O at least 1",
  ],
  [
    () => new lg.ArrayLoader({ inputs: [[1]], targets: [1] }),
    "ShapeMismatch",
    "array loader: inputs [1, 1] and targets [1], expected targets [1, O] with O at least 1",
  ],
  [
    () => new lg.ArrayLoader({ inputs: [[1]] }),
    "InvalidArgument",
    "array loader: neither labels nor targets, expected one",
  ],
  [
    () => new lg.ArrayLoader(),
    "InvalidArgument",
    "array loader: neither labels nor targets, expected one",
  ],
  [
    () => [...new lg.ArrayLoader(data)][0].targets,
    "InvalidState",
    "batch: these data have labels, no targets",
  ],
  [() => new lg.MathFunc(5), "InvalidArgument", "math function: 5, expected a function"],
  [
    () => new lg.MathFunc((a) => "1"),
    "InvalidArgument",
    "math function: its result '1', expected a number",
  ],
  [
    () => new lg.MathFunc((a) => 1 / 0),
    "InvalidArgument",
    "math function: the value at (-0.950139) is infinity, expected a finite number",
  ],
  [
    () => new lg.MathFunc((a) => a, { low: 1, high: 1 }),
    "InvalidArgument",
    "math function: range from 1 to 1, expected two finite numbers, the smaller one first",
  ],
  [
    () => new lg.MathFunc((a) => a, { samples: 0 }),
    "InvalidArgument",
    "math function: 0 samples, expected at least 1",
  ],
  [
    () => new lg.MathFunc((a) => a, { samples: -1 }),
    "InvalidArgument",
    "math function: -1 samples, expected at least 1",
  ],
  [
    () => new lg.MathFunc((a) => a, { noise: -1 }),
    "InvalidArgument",
    "math function: noise -1, expected a finite number of at least 0",
  ],
  [
    () => parse("text", labels),
    "InvalidArgument",
    "image set: images 'text', expected a Uint8Array",
  ],
  [() => parse(images), "InvalidArgument", "image set: labels nothing, expected a Uint8Array"],
  [
    () => parse(new Uint8Array(), labels),
    "CorruptData",
    "idx: training images: no bytes, expected an IDX file",
  ],
  [
    () => parse(images.slice(0, 3), labels),
    "CorruptData",
    "idx: training images: 3 bytes, expected a header of at least 8",
  ],
  [
    () => parse(images.slice(0, 10), labels),
    "CorruptData",
    "idx: training images: 10 bytes, expected a header of 16 for 3 axes",
  ],
  [
    () => parse(images.slice(0, 19), labels),
    "CorruptData",
    "idx: training images: truncated, 3 values, expected 4 for the extents [1, 2, 2]",
  ],
  [
    () => parse(changed(images, 2, 13), labels),
    "Unsupported",
    "idx: training images: values of type 13, expected 8 (unsigned bytes)",
  ],
  [
    () => parse(changed(images, 0, 1), labels),
    "CorruptData",
    "idx: training images: starts with the bytes 1 0, expected 0 0",
  ],
  [
    () => parse(idx([2, 2]), labels),
    "CorruptData",
    "image set: training images with 2 axes, expected 3 (count, height, width) or 4 (count, channels, height, width)",
  ],
  [
    () => parse(idx([1, 2, 2], new Uint8Array(5)), labels),
    "CorruptData",
    "idx: training images: too long, 5 values, expected 4 for the extents [1, 2, 2]",
  ],
  [
    () => parse(idx([65536, 65536, 65536], new Uint8Array(4)), labels),
    "CorruptData",
    "idx: training images: truncated, 4 values, expected 281474976710656 for the extents [65536, 65536, 65536]",
  ],
  [
    () => parse(idx([4294967295, 4294967295, 4294967295], new Uint8Array(4)), labels),
    "CorruptData",
    "idx: training images: extents [4294967295, 4294967295, 4294967295] give more values than can be counted",
  ],
  [
    () => parse(idx([0, 2, 2]), idx([0])),
    "CorruptData",
    "image set: 0 training images of 2 x 2 pixels, expected at least one image of at least one pixel",
  ],
  [
    () => parse(images, idx([2])),
    "CorruptData",
    "image set: 1 training images and 2 labels, expected as many labels as images",
  ],
  [
    () => parse(images, idx([1], Uint8Array.of(10))),
    "CorruptData",
    "image set: training label 10 at position 0, expected 0 to 9",
  ],
  [
    () => parse(images, idx([1], Uint8Array.of(3)), { classes: 3, name: "test" }),
    "CorruptData",
    "image set: test label 3 at position 0, expected 0 to 2",
  ],
  [
    () => parse(images, labels, { classes: 300 }),
    "InvalidArgument",
    "image set: 300 classes, expected 1 to 256",
  ],
  [
    () => new lg.ImageLoader(images),
    "InvalidArgument",
    "image loader: a Uint8Array, expected an ImageSet",
  ],
]);
