// What was read of files, from then on until it is learned or left: no picture to learn from is in the page's memory.
import type { Pictures, PlainPictures } from "lanegrad/data";
import { headerSize } from "../../../data/idx";
import { free } from "../../../run/free";
import type { SampleSets } from "../run/sample_sets";
import { outside } from "./chosen_pictures";
import { checkClasses, labelled, setsOf } from "./sets";

// Pictures without a class, where the browser holds them.
export interface UnlabeledPictures extends Omit<PlainPictures, "images"> {
  images: Blob;
}

export interface KeptPictures {
  // The sets of a run; pictures without folders have got these classes. Rejects with a sentence where no run can be made of them.
  sets(classes: readonly string[] | undefined): Promise<SampleSets>;
  unlabeled: UnlabeledPictures | undefined;
}

// Keeps pictures that are drawn already, and frees the memory of those that are to be learned or answered.
export async function keptPictures(pictures: Pictures): Promise<KeptPictures> {
  const { train, test, classNames } = pictures;
  const plain = isPlain(pictures);
  const made =
    train.count > 0 && classNames.length > 1
      ? await setsOf({ train, test, classNames, plain })
      : undefined;
  const unlabeled = pictures.unlabeled && (await unlabeledOf(pictures.unlabeled));
  free(train.images.buffer);
  return keptOf({ made, unlabeled, test, classNames, plain });
}

// A function of its own, since what is made here would otherwise hold all of the pictures.
function keptOf(kept: {
  made: SampleSets | undefined;
  unlabeled: UnlabeledPictures | undefined;
  test: Pictures["test"];
  classNames: string[];
  plain: boolean;
}): KeptPictures {
  const { made, unlabeled, test, classNames, plain } = kept;
  return {
    unlabeled,
    async sets(classes) {
      if (classes) return setsOf({ ...(await labelled(unlabeled!.images, classes)), test, plain });
      checkClasses(classNames);
      return made!;
    },
  };
}

async function unlabeledOf({ images, ...rest }: PlainPictures): Promise<UnlabeledPictures> {
  const all = Array.from({ length: rest.count }, (_, i) => i);
  const kept = { ...rest, images: await outside(images, all) };
  free(images.buffer);
  return kept;
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
