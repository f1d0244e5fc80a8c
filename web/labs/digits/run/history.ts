// What the current net has been through since it was made: how far it has come, its curves and its
// epochs.
import type { EpochResult, Progress, Restored, TrainerInfo } from "lanegrad";
import type { Rates } from "../../../settings/rates";
import { Curves, type Judge } from "../../../ui/plots/curves";
import { judgement, standing, type RunProgress, type RunRecord, type Tested } from "./run_record";

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
  // The mean loss over the epoch under way; NaN before the first step.
  trainLoss = NaN;
  // What the weights answer where those of the best epoch are back.
  restored: Restored | undefined;
  // The accuracy by which the weights are judged; undefined where that was not measured since the
  // first step.
  accuracyNow: number | undefined;
  // Undefined where the test was not asked.
  tested: Tested | undefined;

  // What the run is judged by: what is held back, or the test where nothing is.
  get judge(): Judge {
    return this.samples.validation > 0 ? "validation" : "test";
  }

  // There is another net, with this past.
  begin(info: TrainerInfo, { charts, epochs, restored, tested, progress }: RunRecord): void {
    const { step, batchesPerEpoch } = info;
    const { epoch, trainLoss, accuracy } = progress;
    Object.assign(this, { step, batchesPerEpoch, restored, tested, epoch, trainLoss });
    this.accuracyNow = accuracy;
    this.samples = {
      train: info.trainSamples,
      validation: info.validationSamples,
      test: info.testSamples,
    };
    this.epochs = [...epochs];
    this.charts.forEach((curves, i) => {
      curves.reset(this.judge);
      curves.setPoints(charts[i]!);
    });
  }

  add({ steps, losses, accuracies, epochsDone = [], step, epoch, trainLoss }: Progress): void {
    if (steps.length > 0) this.restored = undefined;
    const { loss, accuracy, batchesPerEpoch } = this;
    steps.forEach((each, i) => {
      loss.add(each / batchesPerEpoch, losses[i]!);
      accuracy.add(each / batchesPerEpoch, accuracies[i]!);
    });
    // What was measured before the first step no longer holds.
    if (this.step === 0) this.accuracyNow = undefined;
    for (const done of epochsDone) {
      const judged = judgement(done);
      loss.addEpoch(done.epoch, judged.loss);
      accuracy.addEpoch(done.epoch, judged.accuracy);
      this.epochs.push(done);
      this.accuracyNow = judged.accuracy;
    }
    Object.assign(this, { step, epoch, trainLoss });
  }

  // The weights of the best epoch are back.
  restore(restored: Restored): void {
    this.restored = restored;
    this.accuracyNow = judgement(restored).accuracy;
  }

  // The step that the weights come from: the latest, or the last of the best epoch where those are back.
  get weightsStep(): number {
    return this.restored ? this.restored.epoch * this.batchesPerEpoch : this.step;
  }

  // What the weights answer now; undefined before the end of the first epoch.
  get standing() {
    return standing(this);
  }

  // All of it as plain data, a copy of its own; begin() takes such data back.
  record(rates: Rates, planned: Pick<RunProgress, "status" | "epochs">): RunRecord {
    const { epoch, epochs, restored, tested, trainLoss, accuracyNow: accuracy } = this;
    return structuredClone({
      charts: this.charts.map((curves) => curves.points()),
      epochs,
      rates,
      restored,
      tested,
      progress: { ...planned, epoch, trainLoss, accuracy },
    });
  }

  private get charts(): [Curves, Curves] {
    return [this.loss, this.accuracy];
  }
}
