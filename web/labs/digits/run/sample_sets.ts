// What a trainer learns from, and what the page shows of it: MNIST, or files that somebody brought.
import type { DataDescription } from "lanegrad";
import { labelHeader } from "../../../data/idx";
import { fetchMnist, type OnBytes, type WhichMnist } from "../../../data/mnist";
import { nextTask } from "../../../run/next_task";
import { PictureSet } from "./picture_set";

export interface SampleSets {
  // Which MNIST it is; undefined for other pictures.
  which?: WhichMnist;
  // The test pictures.
  pictures: PictureSet;
  // Describes what is learned, anew for each trainer, since a file is read only once.
  train(): DataDescription;
  test: DataDescription;
  // Whether the bytes may be handed over, since they can be read again.
  transfer: boolean;
  // The number of pictures to learn from.
  learned: number;
  // Whether the test set was split off the pictures that were brought.
  heldBack: boolean;
  // Whether these are classes that were drawn or photographed on the page.
  collected?: boolean;
}

export async function mnistSets(which: WhichMnist, onBytes: OnBytes): Promise<SampleSets> {
  const { trainImages, trainLabels, testImages, testLabels } = await fetchMnist(onBytes, which);
  await nextTask();
  const pictures = new PictureSet(testImages.slice(), testLabels.slice());
  await nextTask();
  return {
    which,
    pictures,
    train: () => ({ kind: "idx", images: trainImages, labels: trainLabels }),
    test: { kind: "idx", images: testImages, labels: testLabels },
    transfer: true,
    learned: trainLabels.length - labelHeader,
    heldBack: false,
  };
}
