// Makes what a run learns of pictures that were read, and holds a test back where none came along.
import { LanegradError } from "lanegrad";
import type { LabelledPictures, Pictures } from "lanegrad/data";
import { joined } from "../../../data/gzip";
import { headerSize, labelHeader } from "../../../data/idx";
import { PictureSet } from "../run/picture_set";
import type { SampleSets } from "../run/sample_sets";
import { chosenPictures, type Bytes } from "./chosen_pictures";

// The pictures to learn from, which the browser holds outside of the page.
interface Part {
  images: Blob;
  labels: Bytes;
  // The pictures of the file that are meant; undefined for all.
  indices?: readonly number[];
}

// The sets of a run. Throws a sentence where no run can be made of the pictures.
export async function setsOf(pictures: Pictures): Promise<SampleSets> {
  const { train, test, classNames, counts } = pictures;
  const classes = classNames.length;
  if (classes < 2) {
    const found =
      classes === 1
        ? `All pictures are of one class, “${classNames[0]}”`
        : "No picture has a class";
    throw refusal(`${found}, expected at least two classes.`);
  }
  const whole = { images: new Blob([train.images as Bytes]), labels: train.labels as Bytes };
  const heldBack = !test;
  const [learned, tested] = test
    ? [whole, { images: test.images as Bytes, labels: test.labels as Bytes }]
    : await split(whole, counts.train);
  const shown = new PictureSet(tested.images, tested.labels, classes, "picture", isPlain(pictures));
  shown.names = classNames;
  return {
    pictures: shown,
    train: () => ({ kind: "idx", images: streamOf(learned), labels: learned.labels, classes }),
    test: { kind: "idx", ...tested, classes },
    transfer: false,
    learned: learned.labels.length - labelHeader,
    heldBack,
  };
}

// Whether pictures are shown as they are: those that a picture's file held, and others on light paper. Those on dark
// paper, as MNIST's, are shown as ink.
export function isPlain({ resizable, train, unlabeled }: Pictures): boolean {
  const { images } = train.count > 0 ? train : unlabeled!;
  let [sum, count] = [0, 0];
  const step = Math.max(1, Math.floor(images.length / 10_000));
  for (let i = headerSize(images[3]!); i < images.length; i += step, count++) sum += images[i]!;
  return resizable === true || sum > 128 * count;
}

// The pictures as a file that is read once.
const streamOf = ({ images, indices }: Part) =>
  indices ? chosenPictures(images, indices) : images.stream();

// One of this many is held back.
const share = 5;

// Holds back a fifth of each class. The choice is random but the same each time, so that a net that
// is trained again is tested with the same pictures.
async function split(
  { images, labels }: Part,
  counts: readonly number[],
): Promise<[Part, { images: Bytes; labels: Bytes }]> {
  const chance = random(1);
  const byClass: number[][] = counts.map(() => []);
  for (let i = labelHeader; i < labels.length; i++) byClass[labels[i]!]!.push(i - labelHeader);
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
      "There is 1 picture of each class, expected more, to hold some back for the test.",
    );
  }
  const all = Array.from({ length: labels.length - labelHeader }, (_, i) => i);
  const rest = all.filter((i) => !held.has(i));
  const tested = all.filter((i) => held.has(i));
  const pieces: Bytes[] = [];
  for await (const piece of chosenPictures(images, tested)) pieces.push(piece);
  return [
    { images, indices: rest, labels: chosenLabels(labels, rest) },
    { images: await joined(pieces), labels: chosenLabels(labels, tested) },
  ];
}

function chosenLabels(labels: Bytes, indices: readonly number[]): Bytes {
  const header = labels.slice(0, labelHeader);
  new DataView(header.buffer).setUint32(4, indices.length);
  return new Uint8Array([...header, ...indices.map((index) => labels[labelHeader + index]!)]);
}

// Some of the pictures of a set, with a class for each; those that have none, "", are left out.
export async function labelled(
  { images }: { images: Uint8Array },
  classes: readonly string[],
): Promise<{ train: LabelledPictures; classNames: string[]; counts: { train: number[] } }> {
  const collator = new Intl.Collator("en", { numeric: true });
  const classNames = [...new Set(classes.filter(Boolean))].sort(collator.compare);
  const chosen = classes.flatMap((name, i) => (name === "" ? [] : [i]));
  const labels = new Uint8Array(labelHeader + chosen.length);
  labels.set([0, 0, 8, 1]);
  new DataView(labels.buffer).setUint32(4, chosen.length);
  chosen.forEach((index, i) => (labels[labelHeader + i] = classNames.indexOf(classes[index]!)));
  const pieces: Bytes[] = [];
  for await (const piece of chosenPictures(new Blob([images as Bytes]), chosen)) pieces.push(piece);
  const counts = classNames.map((name) => classes.filter((each) => each === name).length);
  return {
    train: { count: chosen.length, images: await joined(pieces), labels },
    classNames,
    counts: { train: counts },
  };
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

const refusal = (sentence: string) => new LanegradError("CorruptData", sentence);
