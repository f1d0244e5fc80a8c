// Keeps the last good state of a training in memory, to come back to. Nothing else is asked of the
// engine for that.
import type { Progress, TrainerInfo } from "lanegrad";
import type { DigitsRun } from "../run/digits_run";
import { judgement, type SavedRun } from "../run/run_record";
import { sizesIn, stepOf, type Sizes } from "../storage/checkpoint";
import type { LossWatch } from "./loss_watch";

// The steps for which a state has to stay good after it was saved.
const proof = 20;
// The milliseconds between two states, unless an epoch ends.
const rest = 10_000;
// After the end of an epoch, a state is saved only if training has taken this many times as long as
// saving takes.
const costShare = 20;

export interface GoodState {
  // The run at that step; undefined where there is no room for it.
  saved: SavedRun | undefined;
  // The norms of its tensors.
  sizes: Sizes;
  step: number;
  // The whole epochs done.
  epoch: number;
  // The loss at about that time; at the start it is the blind loss.
  loss: number;
}

export class GoodStates {
  last: GoodState | undefined;
  // Whether no state of the net can be kept.
  tooLarge = false;
  private candidate: GoodState | undefined;
  private epoch = 0;
  // The last step at which the test went well.
  private tested: number | undefined;
  private savedAt = 0;
  // The milliseconds that saving took.
  private cost = 0;
  private saving = false;
  // The number of the net.
  private net = 0;

  constructor(
    private readonly run: DigitsRun,
    private readonly losses: LossWatch,
  ) {}

  // There is another net, or one that was restored; as it is now, it is good.
  reset({ epochs }: TrainerInfo): void {
    this.net++;
    this.last = this.candidate = this.tested = undefined;
    this.tooLarge = false;
    this.epoch = epochs;
    void this.keep();
  }

  // The training has come further; the losses are known already.
  watch({ step, epochsDone = [], state }: Progress): void {
    const { losses } = this;
    const done = epochsDone.at(-1);
    this.epoch = done?.epoch ?? this.epoch;
    const isHealthy = losses.isHealthy(this.last?.loss);
    if (this.candidate && step >= this.candidate.step + proof && isHealthy) {
      this.last = this.candidate;
      this.candidate = undefined;
    }
    if (done && judgement(done).loss < 0.97 * losses.blind) this.tested = step;
    const pause = state === "finished" ? 0 : done ? costShare * this.cost : rest;
    if (performance.now() - this.savedAt > pause && losses.isHealthy(this.last?.loss)) {
      void this.keep();
    }
  }

  // Keeps the current state. It is good if it is the one that was tested well, or else once some
  // more steps have gone well.
  private async keep(): Promise<void> {
    if (this.saving || this.tooLarge) return;
    this.saving = true;
    const begin = performance.now();
    const { net, epoch, run } = this;
    const at = run.history.step;
    const { recent, blind } = this.losses;
    const loss = Number.isFinite(recent) ? recent : blind;
    const saved = await run.snapshot();
    this.saving = false;
    this.savedAt = performance.now();
    this.cost = this.savedAt - begin;
    if (net !== this.net) {
      void this.keep();
      return;
    }
    if (!saved) return this.keepNone(at, loss);
    const step = stepOf(saved.checkpoint);
    const state = { saved, sizes: sizesIn(saved.checkpoint), step, epoch, loss };
    if (this.last && step !== this.tested) {
      this.candidate = state;
      return;
    }
    this.last = state;
    this.candidate = undefined;
  }

  // Keeps only what is known about the start, since there is no room for a state of this net; the
  // settings make the start again.
  private async keepNone(step: number, loss: number): Promise<void> {
    const { net, epoch } = this;
    this.tooLarge = true;
    if (this.last) return;
    const inspection = await this.run.net.inspect();
    if (net !== this.net || !inspection) return;
    const sizes = Object.fromEntries(
      inspection.tensors.map(({ name, weightNorm }) => [name, weightNorm]),
    );
    this.last = { saved: undefined, sizes, step, epoch, loss };
  }
}
