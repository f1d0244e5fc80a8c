// What is known of a run as plain data, which can be kept and compared.
import type { EpochResult, NamedRecipe, Restored, TrainerInfo } from "lanegrad";
import type { Status } from "../../../run/status";
import { changed, type Rates } from "../../../settings/rates";
import * as format from "../../../ui/format";
import { Curves, type CurvePoints, type Judge } from "../../../ui/plots/curves";
import { fromEngine, type Settings } from "../settings/digits_settings";

// What a run has been through, and how far it has come.
export interface RunRecord {
  // The points of the loss and of the accuracy.
  charts: CurvePoints[];
  epochs: EpochResult[];
  rates: Rates;
  // Undefined where the weights are those after the last epoch.
  restored?: Restored | undefined;
  // Undefined where the test was not asked.
  tested?: Tested | undefined;
  progress: RunProgress;
}

// What the test said when it was asked last.
export interface Tested {
  // The steps of the weights that answered first and last: others where the net learned meanwhile.
  from: number;
  to: number;
  // The best epoch, where its weights were back.
  epoch?: number | undefined;
  // The right answers, and all.
  right: number;
  samples: number;
  loss: number;
}

// How far a run has come.
export interface RunProgress {
  status: Status;
  // The epoch under way, from 1; before the first step, the whole epochs done.
  epoch: number;
  // The epochs that the run is to have in the end.
  epochs: number;
  // The mean loss over the epoch under way; NaN before the first step.
  trainLoss: number;
  // The accuracy by which the weights are judged; undefined where that was not measured since the
  // first step.
  accuracy?: number | undefined;
}

// What is known of a run that comes back: files of the terminal have no record, and earlier builds
// kept less.
export type KnownRecord = Partial<RunRecord>;

// A run that can come back: its checkpoint, and what it had been through at that step.
export interface SavedRun {
  checkpoint: Uint8Array;
  record: KnownRecord;
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

// What the net of this trainer was made with, and the rates that it has learned with.
export function trainedWith(
  { trainSamples, sampleShape, outputs }: TrainerInfo,
  settings: Settings,
  recipes: readonly NamedRecipe[],
  rates: readonly number[],
): TrainedWith {
  const net = recipes.find(({ name }) => name === settings.net)?.text ?? settings.net;
  return {
    settings,
    net,
    rates,
    pictures: `${trainSamples} of ${sampleShape} in ${outputs} classes`,
  };
}

// The epochs that a run is to have: those of the form, as long as a start would go on with it.
export const plannedEpochs = (run: {
  continues: boolean;
  settings: Settings;
  trainedWith: TrainedWith;
}): number => (run.continues ? run.settings : run.trainedWith.settings).epochs;

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
  // What the visitor calls it; a name is suggested where nobody has given one.
  title?: string | undefined;
  // Whether its curves are left out of the plots.
  hidden?: boolean | undefined;
  // Settings that the build which kept the run did not have are missing.
  settings: Partial<Settings>;
  // The points of the loss and of the accuracy.
  points: CurvePoints[];
}

// The curves to draw of kept runs: those of the loss, of index 0, or of the accuracy.
export const drawnOf = (runs: readonly KeptRun[], index: number) =>
  runs.flatMap(({ name, points, restored, hidden }) =>
    hidden ? [] : { name, points: points[index]!, best: restored?.epoch },
  );

// What the net has read the test pictures as.
export interface Examined {
  // The names of the classes.
  names: readonly string[];
  // The counts, classes × classes: a row per label, a column per answer.
  counts: Int32Array;
}

// The run that is kept to go on with.
export interface LastRun {
  checkpoint: Uint8Array;
  curves: KnownRecord;
  // A title for people.
  title: string;
  // The time, as Date.now() gives it.
  when: number;
}

// The record of a run that has come back. What is not known of its past follows from where it
// stands.
export function completed(
  { charts, epochs = [], rates, restored, tested, progress }: KnownRecord,
  { settings, step, epochs: done, batchesPerEpoch, learningRate }: TrainerInfo,
  accuracy: number | undefined,
): RunRecord {
  const { epochs: planned, lr } = fromEngine(settings);
  const epoch = Math.ceil(step / batchesPerEpoch);
  return {
    charts: charts ?? [new Curves().points(), new Curves().points()],
    epochs,
    rates: rates ?? changed({ lr, rates: [] }, step, learningRate),
    restored,
    tested,
    progress: progress ?? {
      status: done >= planned ? "finished" : step > 0 ? "stopped" : "idle",
      epoch,
      // It may have been given more epochs than it was made for.
      epochs: Math.max(planned, epoch),
      trainLoss: NaN,
      accuracy,
    },
  };
}

// What the run's weights answer: those after its last epoch, or those of its best epoch where they
// are back.
export function standing({ epochs, restored }: RunResults) {
  if (!restored) return epochs.at(-1);
  const then = epochs.find(({ epoch }) => epoch === restored.epoch);
  return { trainLoss: NaN, trainAccuracy: NaN, seconds: NaN, ...then, ...restored };
}

// What is measured at the end of an epoch.
type Measured = Omit<Restored, "epoch">;

// What a run is judged by as it learns: what is held back, or the test where nothing is. Whoever
// looked at the test as well would choose by it.
export function judgement(measured: Measured): { judge: Judge; loss: number; accuracy: number } {
  const { validationLoss, validationAccuracy, testLoss, testAccuracy } = measured;
  return Number.isFinite(validationLoss)
    ? { judge: "validation", loss: validationLoss, accuracy: validationAccuracy }
    : { judge: "test", loss: testLoss, accuracy: testAccuracy };
}

// A sentence for a run whose weights are those of its best epoch again.
export function weightsOf(restored: Restored): string {
  const { judge, accuracy } = judgement(restored);
  return `Its weights are those of epoch ${restored.epoch} again, with a ${judge} accuracy of ${format.percent(accuracy)}.`;
}
