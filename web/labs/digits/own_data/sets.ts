// Makes what a run learns of pictures that were read, and holds a test back where none came along.
import { LanegradError } from "lanegrad";
import { heldBack, type LabelledPictures, type Pictures } from "lanegrad/data";
import { headerSize, labelHeader } from "../../../data/idx";
import { PictureSet } from "../run/picture_set";
import type { SampleSets } from "../run/sample_sets";
import { chosenPictures, outside, piecesOf, type Bytes } from "./chosen_pictures";

// The sets of a run. Throws a sentence where no run can be made of the pictures.
export async function setsOf(pictures: Pictures): Promise<SampleSets> {
  const { train, test, classNames } = pictures;
  const classes = classNames.length;
  if (classes < 2) {
    const found =
      classes === 1
        ? `All pictures are of one class, “${classNames[0]}”`
        : "No picture has a class";
    throw refusal(`${found}, expected at least two classes.`);
  }
  const numbers = Array.from({ length: train.labels.length - labelHeader }, (_, i) => i);
  const held = test ? [] : heldBack(train.labels, classes);
  const isHeld = new Set(held);
  const rest = numbers.filter((i) => !isHeld.has(i));
  const labels = chosenLabels(train.labels, rest);
  // What is learned lies outside of the page's memory.
  const learned = await outside(train.images, rest);
  const tested = test
    ? { images: test.images, labels: test.labels }
    : {
        images: await chosenPictures(train.images, held),
        labels: chosenLabels(train.labels, held),
      };
  const shown = new PictureSet(tested.images, tested.labels, classes, "picture", isPlain(pictures));
  shown.names = classNames;
  return {
    pictures: shown,
    train: () => ({ kind: "idx", images: piecesOf(learned), labels, classes }),
    test: { kind: "idx", ...tested, classes },
    transfer: false,
    learned: rest.length,
    heldBack: !test,
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

function chosenLabels(labels: Uint8Array, indices: readonly number[]): Bytes {
  const chosen = labels.slice(0, labelHeader + indices.length) as Bytes;
  new DataView(chosen.buffer).setUint32(4, indices.length);
  indices.forEach((index, i) => (chosen[labelHeader + i] = labels[labelHeader + index]!));
  return chosen;
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
  const counts = classNames.map((name) => classes.filter((each) => each === name).length);
  return {
    train: { count: chosen.length, images: await chosenPictures(images, chosen), labels },
    classNames,
    counts: { train: counts },
  };
}

const refusal = (sentence: string) => new LanegradError("CorruptData", sentence);
