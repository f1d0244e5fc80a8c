// Watches a training: keeps its last good state in memory, notices from the loss that it has
// diverged or stopped learning, asks the engine what is wrong, and offers to go back with a lower
// rate. diagnosis.ts finds out what is wrong and findings.ts shows it; both are loaded when
// they are needed.
import { LanegradError, type Progress, type TrainerInfo } from "lanegrad";
import * as format from "../../../ui/format";
import { lazy } from "../../../ui/lazy";
import { describe, retriable, type Problems } from "../../../ui/problems";
import { sizesIn, stepOf } from "./checkpoint";
import type { Diagnosis, Evidence, Sizes } from "./diagnosis";
import type { Point } from "./loss_curve";
import type { Digits } from "../run/picture_set";
import type { ShownCurves } from "../run/run_store";
import type { Session } from "../run/digits_run";
import type { Settings } from "../settings/digits_settings";

const loadDiagnosis = lazy(() => import("./diagnosis"), "diagnose");
const loadPanel = lazy(() => import("./findings"), "panel");

// The steps before it can be said that nothing is learned.
const patience = 200;
// The steps that are looked at.
const window = 100;
// At least this many points can be drawn.
const drawn = 1000;
// The steps for which a state has to stay good after it was saved.
const proof = 20;
// The milliseconds between two states, unless an epoch ends.
const rest = 10_000;
// After the end of an epoch, a state is saved only if training has taken this many times as long as
// saving takes.
const costShare = 20;

export interface DoctorOptions {
  session: Session;
  problems: Problems;
  settings: Settings;
  // The current rate.
  rate(): number;
  // The recommended settings for the net, where the engine has some.
  recipe(): Settings | undefined;
  // The curves and the table as plain data; showCurves puts such data back.
  curves(): ShownCurves;
  showCurves(curves: ShownCurves): void;
  // Marks a step in the figures; undefined removes the mark.
  mark(step: number | undefined): void;
  // Goes on training the net as it is, with another rate.
  goOn(rate: number): void;
  // Starts a new run, whose settings were changed here.
  startAnew(): void;
}

// A state to come back to.
interface Good {
  // The checkpoint; the state at the start needs none.
  checkpoint: Uint8Array | undefined;
  // The norms of its tensors.
  sizes: Sizes;
  curves: ShownCurves | undefined; // up to there; undefined where nothing was trained since the watch began
  step: number;
  // The whole epochs done.
  epoch: number;
  // The loss at about that time; at the start it is the blind loss.
  loss: number;
}

export class Doctor {
  private digits: Digits | undefined;
  private blind = NaN;
  private good: Good | undefined;
  private candidate: Good | undefined;
  private latest: Point[] = [];
  // More points, to be drawn.
  private course: Point[] = [];
  // The first step after the last one that was better than blind.
  private since = 0;
  // The first step since then that was much worse.
  private jump: number | undefined;
  // The worst step since then.
  private worst = { step: 0, loss: -Infinity };
  // The step at which the watch began.
  private begun = 0;
  // The highest rate since then.
  private rate = 0;
  private step = 0;
  // The last step at which the test went well.
  private tested: number | undefined;
  private epoch = 0;
  private savedAt = 0;
  // The milliseconds that saving took.
  private cost = 0;
  private saving = false;
  private panel: HTMLElement | undefined;
  // The step from which on the engine may be asked again.
  private checkAt = 0;
  // The number of the net.
  private net = 0;
  // The curves from before the watch began.
  private before: ShownCurves | undefined;
  // The settings that the net was made with.
  private made: Settings | undefined;
  // Whether no state of the net can be kept.
  private tooLarge = false;

  constructor(private readonly options: DoctorOptions) {}

  // Takes the pictures, whose labels give the blind loss.
  use(digits: Digits): void {
    this.digits = digits;
    this.blind = entropy(digits);
  }

  // Watches another net, or one that was restored; as it is now, it is good.
  reset(info: TrainerInfo): void {
    this.net++;
    this.good = this.candidate = this.before = this.tested = undefined;
    this.made = { ...this.options.settings };
    this.tooLarge = false;
    this.step = this.begun = info.step;
    this.epoch = info.epochs;
    this.checkAt = this.begun + patience;
    this.forget();
    this.options.mark(undefined);
    void this.keep();
  }

  // Takes the curves of what was trained before.
  goesOn(curves: ShownCurves): void {
    this.before = curves;
  }

  watch(progress: Progress): void {
    const { steps, losses, step, epochsDone = [] } = progress;
    steps.forEach((each, i) => this.take(each, losses[i]!));
    this.rate = Math.max(this.rate, this.options.rate());
    this.step = step;
    this.epoch = epochsDone.at(-1)?.epoch ?? this.epoch;
    this.latest = this.latest.filter((point) => point.step > step - window);
    const recent = this.recent;

    if (this.candidate && step >= this.candidate.step + proof && this.isHealthy(recent)) {
      this.good = this.candidate;
      this.candidate = undefined;
    }
    const tested = epochsDone.at(-1);
    if (tested && tested.testLoss < 0.97 * this.blind) this.tested = step;
    const ended = progress.state === "finished";
    const pause = ended ? 0 : tested ? costShare * this.cost : rest;
    if (performance.now() - this.savedAt > pause && this.isHealthy(recent)) void this.keep();
    if (step >= this.checkAt && recent >= 0.97 * this.blind) {
      this.checkAt = step + patience;
      this.lookUnasked();
    }
  }

  private lookUnasked(): void {
    void this.look().catch((error: unknown) => {
      this.checkAt = Infinity;
      this.options.problems.show(retriable(error, () => this.lookUnasked()));
    });
  }

  // The engine has given up. Its sentence is shown, whatever the diagnosis comes to, unless there
  // is another net by then.
  async failed(error: LanegradError): Promise<void> {
    const { net } = this;
    const problem = describe(error);
    try {
      if (await this.look(error)) return;
    } catch (unknown) {
      const { message } = unknown as Error;
      problem.hint = `${problem.hint} What caused it could not be found out: ${message}.`;
      problem.action = { label: "Look for the cause again", run: () => void this.failed(error) };
    }
    if (net === this.net) this.options.problems.show(problem);
  }

  private take(step: number, loss: number): void {
    this.latest.push({ step, loss });
    this.course.push({ step, loss });
    if (this.course.length > 2 * drawn) this.course.splice(0, drawn);
    if (loss < 0.9 * this.blind) this.better(step);
    else if (loss >= 2 * this.blind) this.jump ??= step;
    if (loss > this.worst.loss) this.worst = { step, loss };
  }

  private forget(): void {
    this.latest = [];
    this.course = [];
    this.better(this.begun);
  }

  private better(step: number): void {
    this.since = step + 1;
    this.jump = undefined;
    this.rate = this.options.rate();
    this.worst = { step: 0, loss: -Infinity };
  }

  // The median of the latest losses.
  private get recent(): number {
    const losses = this.latest.map(({ loss }) => loss).sort((a, b) => a - b);
    return losses[Math.floor(losses.length / 2)] ?? NaN;
  }

  // Whether the loss is better than blind, and not much worse than it was.
  private isHealthy(recent: number): boolean {
    const before = this.good?.loss ?? this.blind;
    return recent < 0.97 * this.blind && recent <= Math.max(3 * before, before + 0.3);
  }

  // Keeps the current state. It is good if it is the one that was tested well, or else once some
  // more steps have gone well. Nothing else is asked of the engine while nothing is wrong.
  private async keep(): Promise<void> {
    if (this.saving || this.tooLarge) return;
    this.saving = true;
    const begin = performance.now();
    const { net, epoch, step: at } = this;
    const { session, curves } = this.options;
    const loss = Number.isFinite(this.recent) ? this.recent : this.blind;
    const shown = this.step > this.begun ? structuredClone(curves()) : undefined;
    const checkpoint = await session.snapshot();
    this.saving = false;
    this.savedAt = performance.now();
    this.cost = this.savedAt - begin;
    if (net !== this.net) {
      void this.keep();
      return;
    }
    if (!checkpoint) return this.keepNone(at, loss);
    const step = stepOf(checkpoint);
    const sizes = sizesIn(checkpoint);
    const state = { checkpoint, sizes, curves: shown, step, epoch, loss };
    if (this.good && step !== this.tested) {
      this.candidate = state;
      return;
    }
    this.good = state;
    this.candidate = undefined;
  }

  // Keeps only what is known about the start, since there is no room for a state of this net; the
  // settings make the start again.
  private async keepNone(step: number, loss: number): Promise<void> {
    const { net, good, epoch } = this;
    this.tooLarge = true;
    if (good) return;
    const inspection = await this.options.session.inspect();
    if (net !== this.net || !inspection) return;
    const sizes = Object.fromEntries(
      inspection.tensors.map(({ name, weightNorm }) => [name, weightNorm]),
    );
    this.good = { checkpoint: undefined, sizes, curves: undefined, step, epoch, loss };
  }

  // Asks the engine; resolves with whether there is something to say.
  private async look(error?: LanegradError): Promise<boolean> {
    const { session, settings } = this.options;
    const { net, good, digits } = this;
    if (!good || !digits) return false;
    const count = Math.min(digits.count, 40);
    const pictures = new Float32Array(count * digits.pixels);
    for (let i = 0; i < count; i++) {
      pictures.set(
        Float32Array.from(digits.image(i), (value) => value / 255),
        i * digits.pixels,
      );
    }
    const [{ diagnose }, { panel }, inspection, answers] = await Promise.all([
      loadDiagnosis(),
      loadPanel(),
      session.examine(pictures.slice(0, digits.pixels)),
      session.predict(pictures, count),
    ]);
    if (net !== this.net || !inspection) return false;
    const { sizes } = good;
    const evidence: Evidence = {
      settings: { ...settings, lr: this.rate },
      blind: this.blind,
      worst: this.worst,
      recent: this.recent,
      since: this.since,
      jump: this.jump,
      step: this.step,
      failure: error?.message,
      inspection,
      sizes,
      spread: answers ? spread(answers, count) : NaN,
    };
    const diagnosis = diagnose(evidence);
    if (!diagnosis) return false;
    // It is said once.
    this.checkAt = Infinity;
    this.options.mark(diagnosis.step);
    const before = { step: good.step, sizes };
    this.show(diagnosis, good, panel(diagnosis, before, this.course, error?.message));
    return true;
  }

  private show(diagnosis: Diagnosis, good: Good, details: Node[]): void {
    const { problems } = this.options;
    const { title, why, advice, lower: lowers, clip } = diagnosis;
    const { rate, origin } = this.lower();
    const epoch = good.epoch > 0 ? `, after epoch ${good.epoch}` : "";
    const where = good.step === 0 ? "the start" : `step ${format.grouped(good.step)}${epoch}`;
    const back = {
      label: `Go back to ${where}, with the rate ${rate}`,
      run: () => {
        void this.goBack(rate);
      },
    };
    const clipped = {
      label: "Start again with clipped gradients",
      run: () => {
        void this.clip();
      },
    };
    const canGoBack = lowers && (good.step === 0 || good.checkpoint !== undefined);
    const large = this.tooLarge
      ? "The net is too large to keep a state of it on the way: there is no room in memory. "
      : "";
    // A run that had diverged may have stopped learning since.
    this.panel?.remove();
    this.panel = problems.show({
      title,
      message: why[0]!,
      details,
      hint: canGoBack
        ? `${large}${origin} If that does not hold either, a tenth may. ${advice}`
        : advice,
      actions: [...(canGoBack ? [back] : []), ...(clip ? [clipped] : [])],
    });
  }

  // The rate to go on with, and a sentence on where it comes from. A rate that has been lowered
  // since is not raised.
  private lower(): { rate: number; origin: string } {
    const { settings, rate: now, recipe } = this.options;
    const tenth = Number((this.rate / 10).toPrecision(6));
    const offers = [
      usualRate(settings, recipe()),
      { rate: tenth, origin: `${tenth} is a tenth of the rate that was too high.` },
      { rate: now(), origin: `${now()} is the rate that stands in the settings by now.` },
    ];
    return offers.filter(({ rate }) => rate > 0).sort((a, b) => a.rate - b.rate)[0]!;
  }

  private async goBack(rate: number): Promise<void> {
    const { session, settings, showCurves, goOn } = this.options;
    const { good, made } = this;
    if (!good || !made) return;
    const shown = good.curves ?? this.before;
    // There may be more epochs now than when the state was saved.
    const { epochs } = settings;
    if (good.step === 0) {
      // The net is made again as it was made.
      settings.rates = [];
      await session.reset({ ...made, lr: rate, epochs });
    } else {
      if (!(await session.restore(good.checkpoint!))) return;
      if (shown !== undefined) showCurves(shown);
      // A schedule is as long as the run that it was made for.
      if (settings.schedule === "constant") settings.epochs = epochs;
    }
    goOn(rate);
    this.rate = rate;
  }

  private async clip(): Promise<void> {
    const { session, settings, startAnew } = this.options;
    await session.stop();
    settings.clipNorm = 1;
    startAnew();
  }
}

// The usual rate for the net and the optimizer.
function usualRate({ net, optimizer, momentum }: Settings, recipe: Settings | undefined) {
  // The steps of sgd grow with its gradients; those of the others do not.
  const follows = (name: string) => name === "sgd";
  if (recipe && follows(recipe.optimizer) === follows(optimizer)) {
    return {
      rate: recipe.lr,
      origin: `${recipe.lr} is the rate in the engine’s recipe for ${net}.`,
    };
  }
  if (!follows(optimizer))
    return { rate: 0.001, origin: "0.001 is the rate that is usual for Adam." };
  if (momentum < 0.9) return { rate: 0.1, origin: "0.1 is a usual rate for SGD." };
  return { rate: 0.01, origin: "0.01 is a usual rate for SGD with so much momentum." };
}

// The entropy of the labels in nats: the loss where each class gets its share of the answers.
function entropy(digits: Digits): number {
  const counts = new Array<number>(digits.classes).fill(0);
  for (let i = 0; i < digits.count; i++) counts[digits.label(i)]!++;
  return counts.reduce((sum, count) => {
    const share = count / digits.count;
    return share > 0 ? sum - share * Math.log(share) : sum;
  }, 0);
}

// The most by which the answers to two pictures differ in one class.
function spread(answers: Float32Array, count: number): number {
  const classes = answers.length / count;
  let most = 0;
  for (let label = 0; label < classes; label++) {
    const column = Array.from({ length: count }, (_, i) => answers[i * classes + label]!);
    most = Math.max(most, Math.max(...column) - Math.min(...column));
  }
  return most;
}
