// What is explained: a picture, the two answers that are compared, and the net that is asked.
import type { Trainer } from "lanegrad";
import type { PictureSet } from "../run/picture_set";

export interface Question {
  trainer: Trainer;
  pictures: PictureSet;
  // The pixels from 0 to 1, row by row.
  pixels: Float32Array;
  // The label that the net holds most probable.
  best: number;
  // The labels of the answer that is explained, and of the one that it is compared with.
  answer: number;
  other: number;
  // The gradient of log p(answer) − log p(other) by each pixel.
  gradient: Float32Array;
  // Whether the explanation is still wanted.
  wanted(): boolean;
}

// A part of the explanation.
export interface Part {
  readonly element: HTMLElement;
  // Asks the net, and shows what it says; rejects with the engine's error.
  show(question: Question): Promise<void>;
}
