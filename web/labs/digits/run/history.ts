// What the current net has been through since it was made: how far it has come, its curves and its
// epochs.
import type { EpochResult, Progress, Restored, TrainerInfo } from "lanegrad";
import { Curves } from "../../../ui/plots/curves";
import { standing, type RunRecord } from "./run_record";

// The numbers of samples; 0 before there is a net.
export interface SampleCounts {
  train: number;
  validation: number;
  test: number;
}

export class RunHistory {
  step = 0;
  // The epoch under way, from 1; before the first step, the whole epochs done.
  epoch = 0;
  // The batches of an epoch; 0 before there is a net.
  batchesPerEpoch = 0;
  samples: SampleCounts = { train: 0, validation: 0, test: 0 };
  readonly loss = new Curves();
  readonly accuracy = new Curves();
  epochs: EpochResult[] = [];
  // What the weights answer where those of the best epoch are back.
  restored: Restored | undefined;
  // Undefined where the weights were not tested since the first step.
  testAccuracy: number | undefined;

  // There is another net.
  begin(info: TrainerInfo, testAccuracy: number): void {
    const { step, epochs, batchesPerEpoch } = info;
    Object.assign(this, { step, epoch: epochs, batchesPerEpoch, testAccuracy });
    this.samples = {
      train: info.trainSamples,
      validation: info.validationSamples,
      test: info.testSamples,
    };
    this.epochs = [];
    this.restored = undefined;
    for (const curves of this.charts) curves.reset();
  }

  add({ steps, losses, accuracies, epochsDone = [], step, epoch }: Progress): void {
    if (steps.length > 0) this.restored = undefined;
    const { loss, accuracy, batchesPerEpoch } = this;
    steps.forEach((each, i) => {
      loss.add(each, each / batchesPerEpoch, losses[i]!);
      accuracy.add(each, each / batchesPerEpoch, accuracies[i]!);
    });
    // What was measured before the first step no longer holds.
    if (this.step === 0) this.testAccuracy = undefined;
    for (const done of epochsDone) {
      loss.addEpoch("validation", done.epoch, done.validationLoss);
      loss.addEpoch("test", done.epoch, done.testLoss);
      accuracy.addEpoch("validation", done.epoch, done.validationAccuracy);
      accuracy.addEpoch("test", done.epoch, done.testAccuracy);
      this.epochs.push(done);
      this.testAccuracy = done.testAccuracy;
    }
    Object.assign(this, { step, epoch });
  }

  // The weights of the best epoch are back.
  restore(restored: Restored): void {
    this.restored = restored;
    this.testAccuracy = restored.testAccuracy;
  }

  // What the weights answer now; undefined before the end of the first epoch.
  get standing() {
    return standing(this);
  }

  // All of it as plain data, a copy of its own; recall() puts such data back.
  record(): RunRecord {
    const { epochs, restored } = this;
    return structuredClone({
      charts: this.charts.map((curves) => curves.points()),
      epochs,
      restored,
    });
  }
  recall({ charts, epochs, restored }: RunRecord): void {
    this.charts.forEach((curves, i) => curves.setPoints(charts[i]!));
    this.epochs = [...epochs];
    this.restored = restored;
  }

  private get charts(): [Curves, Curves] {
    return [this.loss, this.accuracy];
  }
}
