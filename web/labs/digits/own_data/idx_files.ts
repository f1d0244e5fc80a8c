// Makes a set of pictures from IDX files that somebody brought: finds out by its content which file
// is what, and holds a test set back where none came along. The engine makes the other checks; its
// sentences then name the files.
import { numel } from "../../../data/numel";
import { LanegradError } from "lanegrad";
import * as format from "../../../ui/format";
import { bytesOf, gunzipFile, isGzip, joined, mostBytes } from "../../../data/gzip";
import { imageHeader, labelHeader, extentsOf } from "../../../data/idx";
import { PictureSet } from "../run/picture_set";
import type { Role, SampleSets } from "../run/sample_sets";
import { chosenPictures, type Bytes } from "./chosen_pictures";

interface Part {
  name: string;
  // All of a file of labels, only the header of one of images.
  bytes: Bytes;
  // The unpacked file.
  file: Blob;
  // The pictures of the file that are meant; undefined for all.
  indices?: readonly number[];
  kind: "images" | "labels";
  // The count that the file states.
  count: number;
  // Whether the file has as many values as it states.
  whole: boolean;
}

interface Pair {
  images: Part;
  labels: Part;
}

// Other kinds of files that people bring by mistake, by their first bytes.
const strangers: [string, number[]][] = [
  ["a PNG picture", [0x89, 0x50, 0x4e, 0x47]],
  ["a JPEG picture", [0xff, 0xd8, 0xff]],
  ["a zip archive", [0x50, 0x4b, 0x03, 0x04]],
  ["a NumPy file", [0x93, 0x4e, 0x55, 0x4d]],
];

// Makes the set. Throws an error with one sentence that names the file and says what was expected.
export async function pictureSets(given: readonly File[]): Promise<SampleSets> {
  if (given.length !== 4 && given.length !== 2) {
    const files = given.length === 1 ? "1 file" : `${given.length} files`;
    throw refusal(
      `${files} (${given.map(({ name }) => name).join(", ")}), expected four: images and labels to ` +
        "learn from, and images and labels for the test; or two: images and labels.",
    );
  }
  const parts = await Promise.all(given.map(part));
  const images = parts.filter(({ kind }) => kind === "images");
  const labels = parts.filter(({ kind }) => kind === "labels");
  if (images.length !== labels.length) {
    throw refusal(
      `${named(images)} of images and ${named(labels)} of labels, expected as many of both.`,
    );
  }
  const [training, test] = pairs(images, labels);
  const classes = classesOf(training!, test);
  if (test) return assemble(training!, test, classes, false);
  // A set that cannot be split goes to the engine as a whole, which says what is wrong with it.
  const { images: pictures, labels: answers } = training!;
  if (!pictures.whole || !answers.whole || pictures.count !== answers.count) {
    return assemble(training!, undefined, classes, false);
  }
  const [rest, held] = split(training!, classes);
  return assemble(rest, held, classes, true);
}

const named = (parts: readonly Part[]) =>
  parts.length === 0 ? "no file" : parts.map(({ name }) => name).join(", ");

async function part(given: File): Promise<Part> {
  const { name } = given;
  if (given.size > mostBytes) throw tooLarge(name, given.size);
  const file = isGzip(await bytesOf(given.slice(0, 2))) ? await unpacked(given) : given;
  const start = await bytesOf(file.slice(0, imageHeader));
  const { kind, count, length } = headerOf(name, start);
  const bytes = kind === "labels" ? await bytesOf(file) : start;
  return { name, bytes, file, kind, count, whole: file.size === length };
}

async function unpacked(packed: File): Promise<Blob> {
  const { name } = packed;
  try {
    return await gunzipFile(packed, (start) => {
      const { length } = headerOf(name, start);
      if (length > mostBytes) throw tooLarge(name, length);
      return length;
    });
  } catch (error) {
    throw error instanceof LanegradError ? error : refusal(`${name} ${(error as Error).message}.`);
  }
}

// What an IDX file begins with: its kind, its number of images or labels, and its length in bytes.
function headerOf(name: string, bytes: Uint8Array) {
  const expected = "expected an IDX file: 0 0 8 3 for images, or 0 0 8 1 for labels";
  if (bytes.length < labelHeader) {
    throw refusal(
      `${name} has ${bytes.length} bytes, expected an IDX file with a header of at least ${labelHeader}.`,
    );
  }
  const [first, second, type, axes] = bytes;
  if (first !== 0 || second !== 0 || type !== 8 || (axes !== 3 && axes !== 1)) {
    const what = strangers.find(([, magic]) => magic.every((byte, i) => bytes[i] === byte));
    const start = `starts with the bytes ${bytes.subarray(0, 4).join(" ")}`;
    throw refusal(`${name} ${what ? `is ${what[0]}: it ` : ""}${start}, ${expected}.`);
  }
  const [kind, header] =
    axes === 3 ? (["images", imageHeader] as const) : (["labels", labelHeader] as const);
  if (bytes.length < header) {
    throw refusal(`${name} has ${bytes.length} bytes, expected a header of ${header}.`);
  }
  const extents = extentsOf(bytes);
  return { kind, count: extents[0]!, length: header + numel(extents) };
}

const tooLarge = (name: string, bytes: number) =>
  refusal(
    `${name} has ${format.grouped(bytes)} bytes, expected ${format.grouped(mostBytes)} at most.`,
  );

// Finds which images and labels belong together: by their counts, else by their names. Of two
// pairs, the names say which is for the test; else it is the smaller one.
function pairs(images: readonly Part[], labels: readonly Part[]): Pair[] {
  if (images.length === 1) return [{ images: images[0]!, labels: labels[0]! }];
  const [one, other] = images as [Part, Part];
  const [first, second] = labels as [Part, Part];
  const counts = new Set([...images, ...labels].map(({ count }) => count));
  if (counts.size === 1 && !(told(one, other) && told(first, second))) {
    throw refusal(
      `${named(images)} have ${one.count} pictures each, expected “train” and “test” in the names of ` +
        "all four files, to tell them apart.",
    );
  }
  const likeness = (a: Part, b: Part) =>
    (a.count === b.count ? 10 : 0) + (side(a) !== undefined && side(a) === side(b) ? 1 : 0);
  const straight = likeness(one, first) + likeness(other, second);
  const crossed = likeness(one, second) + likeness(other, first);
  const two: Pair[] = [
    { images: one, labels: crossed > straight ? second : first },
    { images: other, labels: crossed > straight ? first : second },
  ];
  const turned = told(one, other) ? side(one) === "test" : one.count < other.count;
  return turned ? two.reverse() : two;
}

// Whether the names say which of the two is for the test.
const told = (a: Part, b: Part) =>
  side(a) !== undefined && side(b) !== undefined && side(a) !== side(b);

// What a usual name says: "t10k-labels-idx1-ubyte" is for the test.
function side({ name }: Part): "training" | "test" | undefined {
  if (/t10k|test/i.test(name)) return "test";
  return /train/i.test(name) ? "training" : undefined;
}

// The number of classes, from the highest label; the engine takes at most 256, since labels are
// bytes.
function classesOf(...parts: (Pair | undefined)[]): number {
  let highest = 0;
  for (const pair of parts) {
    for (const label of pair?.labels.bytes.subarray(labelHeader) ?? []) {
      if (label > highest) highest = label;
    }
  }
  const files = parts.flatMap((pair) => (pair ? [pair.labels] : []));
  if (highest === 0 && files.every(({ whole }) => whole)) {
    throw refusal(`${named(files)}: every label is 0, expected at least two classes.`);
  }
  return highest + 1;
}

// One of this many is held back.
const share = 5;

// Holds back a fifth of each class. The choice is random but the same each time, so that a net that
// is trained again is tested with the same pictures.
function split({ images, labels }: Pair, classes: number): [Pair, Pair] {
  const chance = random(1);
  const byClass: number[][] = Array.from({ length: classes }, () => []);
  for (let i = 0; i < labels.count; i++) byClass[labels.bytes[labelHeader + i]!]!.push(i);
  const held = new Set<number>();
  for (const members of byClass) {
    const wanted = Math.min(Math.max(Math.round(members.length / share), 1), members.length - 1);
    for (let i = 0; i < wanted; i++) {
      const chosen = i + Math.floor(chance() * (members.length - i));
      [members[i], members[chosen]] = [members[chosen]!, members[i]!];
      held.add(members[i]!);
    }
  }
  if (held.size === 0) {
    throw refusal(
      `${labels.name} has 1 picture of each class, expected more, to hold some back for the test.`,
    );
  }
  const all = Array.from({ length: labels.count }, (_, i) => i);
  return [all.filter((i) => !held.has(i)), all.filter((i) => held.has(i))].map((indices) => ({
    images: { ...images, ...counted(images.bytes.slice(), indices) },
    labels: {
      ...labels,
      ...counted(chosenLabels(labels.bytes, indices), indices),
    },
  })) as [Pair, Pair];
}

const chosenLabels = (bytes: Bytes, indices: readonly number[]): Bytes =>
  new Uint8Array([
    ...bytes.subarray(0, labelHeader),
    ...indices.map((index) => bytes[labelHeader + index]!),
  ]);

// What changes of a file that is to have only these of its values.
function counted(bytes: Bytes, indices: readonly number[]) {
  new DataView(bytes.buffer).setUint32(4, indices.length);
  return { bytes, indices, count: indices.length };
}

// mulberry32 by Tommy Ettinger: numbers of at least 0 and below 1, the same for the same seed.
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

// The pictures that are meant, as a file that is read once.
const streamOf = ({ bytes, file, indices }: Part) =>
  indices ? chosenPictures(file, bytes, indices) : file.stream();

async function allOf({ bytes, file, indices }: Part): Promise<Bytes> {
  if (!indices) return bytesOf(file);
  const pieces: Bytes[] = [];
  for await (const piece of chosenPictures(file, bytes, indices)) pieces.push(piece);
  return joined(pieces);
}

async function assemble(
  training: Pair,
  test: Pair | undefined,
  classes: number,
  heldBack: boolean,
): Promise<SampleSets> {
  const shown = test ?? training;
  const [images, labels] = [await allOf(shown.images), shown.labels.bytes];
  // Files that the engine is to complain about go to it as a whole.
  const inPieces = test !== undefined && training.images.whole;
  const learned = test && !inPieces ? await allOf(training.images) : images;
  return {
    pictures: new PictureSet(images, labels, classes, "picture"),
    train: () => ({
      kind: "idx",
      images: inPieces ? streamOf(training.images) : learned,
      labels: training.labels.bytes,
      classes,
    }),
    test: { kind: "idx", images, labels, classes },
    transfer: false,
    learned: training.labels.count,
    heldBack,
    files: {
      "training images": training.images.name,
      "training labels": training.labels.name,
      ...(!heldBack &&
        test && { "test images": test.images.name, "test labels": test.labels.name }),
    },
  };
}

// The engine's error about a set, with the names of the files that it speaks of.
export function namingFiles(error: unknown, { files }: SampleSets): Error {
  const message = error instanceof Error ? error.message : String(error);
  const field = error instanceof LanegradError ? error.details.field : undefined;
  const roles = Object.keys(files) as Role[];
  const meant = roles.filter((role) => field !== undefined && role.startsWith(field));
  const spoken = meant.length > 0 ? meant : roles.filter((role) => role.endsWith("images"));
  return refusal(`${spoken.map((role) => files[role]).join(", ")}: ${message}.`.replace("..", "."));
}

const refusal = (sentence: string) => new LanegradError("CorruptData", sentence);
