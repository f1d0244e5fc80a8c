// Makes what a run learns of pictures that were read, and holds a test back where none came along.
import { LanegradError } from "lanegrad";
import { heldBack, type LabelledPictures } from "lanegrad/data";
import { labelHeader } from "../../../data/idx";
import { PictureSet } from "../run/picture_set";
import type { SampleSets } from "../run/sample_sets";
import { chosenPictures, outside, piecesOf, type Bytes, type PictureFile } from "./chosen_pictures";

// Pictures with the label of each.
interface Labelled {
  images: PictureFile;
  labels: Uint8Array;
}

// What sets are made of.
export interface Learnable {
  classNames: string[];
  train: Labelled;
  test?: LabelledPictures;
  // Whether pictures are shown as they are, and not as ink.
  plain?: boolean;
}

// Throws a sentence where there are too few classes to tell apart.
export function checkClasses(classNames: readonly string[]): void {
  if (classNames.length > 1) return;
  const found = classNames[0] ? `All pictures are of one class, “${classNames[0]}”` : "No picture has a class"; // prettier-ignore
  throw new LanegradError("CorruptData", `${found}, expected at least two classes.`);
}

// The sets of a run. Throws a sentence where no run can be made of the pictures.
export async function setsOf({ train, test, classNames, plain }: Learnable): Promise<SampleSets> {
  checkClasses(classNames);
  const classes = classNames.length;
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
  const shown = new PictureSet(tested.images, tested.labels, classes, "picture", plain);
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

function chosenLabels(labels: Uint8Array, indices: readonly number[]): Bytes {
  const chosen = labels.slice(0, labelHeader + indices.length) as Bytes;
  new DataView(chosen.buffer).setUint32(4, indices.length);
  indices.forEach((index, i) => (chosen[labelHeader + i] = labels[labelHeader + index]!));
  return chosen;
}

// Those of the pictures that have got a class; "" is none.
export async function labelled(
  images: PictureFile,
  classes: readonly string[],
): Promise<{ train: Labelled; classNames: string[] }> {
  const collator = new Intl.Collator("en", { numeric: true });
  const classNames = [...new Set(classes.filter(Boolean))].sort(collator.compare);
  const chosen = classes.flatMap((name, i) => (name === "" ? [] : [i]));
  const labels = new Uint8Array(labelHeader + chosen.length);
  labels.set([0, 0, 8, 1]);
  new DataView(labels.buffer).setUint32(4, chosen.length);
  chosen.forEach((index, i) => (labels[labelHeader + i] = classNames.indexOf(classes[index]!)));
  const all = chosen.length === classes.length;
  return { train: { images: all ? images : await outside(images, chosen), labels }, classNames };
}
