// What is known of a run as plain data, which can be kept and compared.
import type { EpochResult, Restored } from "lanegrad";
import type { Rates } from "../../../settings/rates";
import * as format from "../../../ui/format";
import type { CurvePoints } from "../../../ui/plots/curves";
import type { Settings } from "../settings/digits_settings";

// What a run has been through.
export interface RunRecord {
  // The points of the loss and of the accuracy.
  charts: CurvePoints[];
  epochs: EpochResult[];
  rates?: Rates | undefined;
  // Undefined where the weights are those after the last epoch.
  restored?: Restored | undefined;
}

// What a net was made and trained with.
export interface TrainedWith {
  settings: Settings;
  // The net as text, even if it has a name.
  net: string;
  // The learning rate that the run began with, and those that it was changed to.
  rates: readonly number[];
  // What the run learned from.
  pictures: string;
}

// What a run has come to.
export interface RunResults {
  epochs: readonly EpochResult[];
  restored?: Restored | undefined;
}

// A run that can be compared with others.
export interface ComparedRun extends TrainedWith, RunResults {}

// A run that is kept for comparison.
export interface KeptRun extends Omit<TrainedWith, "settings">, RunResults {
  // The letter of the run.
  name: string;
  // Settings that the build which kept the run did not have are missing.
  settings: Partial<Settings>;
  // The points of the loss and of the accuracy.
  points: CurvePoints[];
}

// The run that is kept to go on with.
export interface LastRun {
  checkpoint: Uint8Array;
  curves: RunRecord;
  // A title for people.
  title: string;
  // The time, as Date.now() gives it.
  when: number;
}

// What the run's weights answer: those after its last epoch, or those of its best epoch where they
// are back.
export function standing({ epochs, restored }: RunResults) {
  if (!restored) return epochs.at(-1);
  const then = epochs.find(({ epoch }) => epoch === restored.epoch);
  return { trainLoss: NaN, trainAccuracy: NaN, seconds: NaN, ...then, ...restored };
}

// A sentence for a run whose weights are those of its best epoch again.
export const weightsOf = ({ epoch, testAccuracy }: Restored) =>
  `Its weights are those of epoch ${epoch} again, with a test accuracy of ${format.percent(testAccuracy)}.`;
