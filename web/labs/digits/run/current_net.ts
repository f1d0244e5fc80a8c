// What can be asked about the current net at any time, also while it learns. Answers are undefined
// where there is no net; a crash is reported by the session, and the next net is asked again.
import type { Inspection, TrainingDescription, Pile, Trace, Trainer } from "lanegrad";
import { forEngine, type Settings } from "../settings/digits_settings";

// The weights that can be drawn as pictures: filters [O, C, K, K], or weights of pixels [I, O].
export interface FirstWeights {
  values: Float32Array;
  shape: readonly number[];
}

export class CurrentNet {
  // Undefined before the engine is loaded and after a crash.
  trainer: Trainer | undefined;

  // The probabilities of the classes for each image.
  predict(images: Float32Array, count: number): Promise<Float32Array | undefined> {
    return this.quietly((trainer) => trainer.predict(images, count));
  }

  // The net's loss and accuracy on samples that it learns from, or on those held back.
  measure(pile: Pile) {
    return this.quietly((trainer) => trainer.measure(pile));
  }

  // What the net looks like inside, for a picture.
  inspect(image?: Float32Array): Promise<Inspection | undefined> {
    return this.quietly((trainer) => trainer.inspect(image));
  }

  firstWeights(): Promise<FirstWeights | undefined> {
    return this.quietly(async (trainer) => {
      const [name = "", shape] = Object.entries(trainer.info.tensors)[0] ?? [];
      return shape && { values: await trainer.weights(name), shape };
    });
  }

  // The run as a file's bytes.
  snapshot(): Promise<Uint8Array | undefined> {
    return this.quietly((trainer) => trainer.save());
  }

  // Describes the net of a text; rejects with the engine's sentence where the text is wrong.
  async describe(net: string): Promise<TrainingDescription | undefined> {
    return this.trainer?.describe(net);
  }

  async learningRates(settings: Settings, points: number): Promise<ArrayLike<number>> {
    return (await this.trainer?.learningRates(forEngine(settings), points)) ?? [];
  }

  // Training pictures as they are stored, and as the net may see them.
  async augmented(settings: Settings, indices: number[]): Promise<Float32Array[]> {
    const { shift, rotation, scale, shear } = settings;
    const strengths = [
      { shift: 0, rotation: 0, scale: 0, shear: 0 },
      { shift, rotation, scale, shear },
    ];
    const { trainer } = this;
    if (!trainer) return [];
    return Promise.all(strengths.map((augment) => trainer.augmented(indices, augment)));
  }

  // A picture's way through the net with its label; rejects with the engine's error.
  async trace(image: Float32Array, label: number): Promise<Trace | undefined> {
    return this.trainer?.trace(image, label);
  }

  private async quietly<T>(ask: (trainer: Trainer) => Promise<T>): Promise<T | undefined> {
    try {
      return this.trainer && (await ask(this.trainer));
    } catch {
      return undefined;
    }
  }
}

// The index of the largest of a net's answers, the first of several; undefined where the net has
// diverged and answers NaN.
export function mostProbable(answers: Float32Array): number | undefined {
  let best = 0;
  for (let i = 0; i < answers.length; i++) {
    if (!Number.isFinite(answers[i])) return undefined;
    if (answers[i]! > answers[best]!) best = i;
  }
  return best;
}
