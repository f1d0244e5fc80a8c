// Collected classes as sets to learn from and to be tested with, and how so few pictures are best learned.
import { headerSize, labelHeader } from "../../../../data/idx";
import { PictureSet } from "../../run/picture_set";
import type { SampleSets } from "../../run/sample_sets";
import { defaults, type Settings } from "../../settings/digits_settings";
import { side, type CollectedClass } from "./stored_classes";

/** A class needs so many pictures: one to learn from, and one to be tested with. */
export const fewest = 2;
// One of this many is held back for the test.
const share = 5;

/** The classes that have pictures. */
export const filled = (classes: readonly CollectedClass[]): CollectedClass[] =>
  classes.filter(({ examples }) => examples.length > 0);

/** What is missing before these classes can be learned, as a sentence; undefined for nothing. */
export function missing(classes: readonly CollectedClass[]): string | undefined {
  const some = filled(classes);
  if (some.length < 2) return "It needs two classes at least, with two pictures each.";
  const short = some.find(({ examples }) => examples.length < fewest);
  return (
    short &&
    `“${short.name}” has one picture, and needs another one: one is held back for the test.`
  );
}

/**
 * The sets of these classes, of which nothing is missing. Of each class a fifth is held back for the test, one at least:
 * by its place, so that from three pictures on, one that was learned is never tested with when others have come.
 */
export function classSets(classes: readonly CollectedClass[]): SampleSets {
  const [learned, tested]: [Labelled[], Labelled[]] = [[], []];
  const some = filled(classes);
  some.forEach(({ examples }, label) => {
    examples.forEach(({ pixels }, i) => {
      const isHeld = i % share === Math.min(2, examples.length - 1);
      (isHeld ? tested : learned).push({ pixels, label });
    });
  });
  const [train, test] = [idx(learned), idx(tested)];
  const pictures = new PictureSet(test.images, test.labels, some.length, "picture");
  pictures.names = some.map(({ name }) => name);
  const kind = "idx";
  const count = some.length;
  return {
    pictures,
    train: () => ({ kind, ...train, classes: count }),
    test: { kind, ...test, classes: count },
    transfer: false,
    learned: learned.length,
    heldBack: true,
    collected: true,
  };
}

/**
 * The settings for so few pictures of pen strokes or of things: a small net, distorted pictures, and as many steps as
 * that takes. Of ten examples of each of five classes it learns to read 97.7 % of new ones (docs/page.md).
 */
export function settingsFor(learned: number, seed: number): Settings {
  return {
    ...defaults,
    net: "conv 8 5x5, pool 2, relu, dense 64, relu, dense classes",
    optimizer: "adamw",
    lr: 0.003,
    weightDecay: 0.01,
    schedule: "one-cycle",
    batch: 20,
    epochs: Math.min(15 + Math.round(4800 / learned), 300),
    seed,
    validation: 0,
    patience: 0,
    normalize: true,
    labelSmoothing: 0,
    shift: 2,
    rotation: 20,
    scale: 0.15,
    shear: 20,
  };
}

interface Labelled {
  pixels: Uint8Array;
  label: number;
}

// As two IDX files.
function idx(pictures: readonly Labelled[]) {
  const images = new Uint8Array(headerSize(3) + pictures.length * side * side);
  const labels = new Uint8Array(labelHeader + pictures.length);
  const [ofImages, ofLabels] = [new DataView(images.buffer), new DataView(labels.buffer)];
  [0x803, pictures.length, side, side].forEach((value, i) => ofImages.setUint32(4 * i, value));
  [0x801, pictures.length].forEach((value, i) => ofLabels.setUint32(4 * i, value));
  pictures.forEach(({ pixels, label }, i) => {
    images.set(pixels, headerSize(3) + i * side * side);
    labels[labelHeader + i] = label;
  });
  return { images, labels };
}
