// Watches a training: keeps its last good state in memory, notices where the loss says that it has run away or
// died, asks the engine what is wrong, and offers the way back with a lower rate. What is wrong is found by
// diagnosis.ts and shown by doctor_panel.ts, which are loaded when they are needed.
import { LanegradError, type Progress, type TrainerInfo } from "lanegrad";
import * as format from "../../format";
import { lazy } from "../../lazy";
import { describe, retriable, type Problems } from "../../widgets/problems";
import { sizesIn, stepOf } from "./checkpoint";
import type { Diagnosis, Evidence, Sizes } from "./diagnosis";
import type { Point } from "./doctor_curve";
import type { Digits } from "./digits";
import type { ShownCurves } from "./run_store";
import type { Session } from "./session";
import type { Settings } from "./settings";

const loadDiagnosis = lazy(() => import("./diagnosis"), "diagnose");
const loadPanel = lazy(() => import("./doctor_panel"), "panel");

const patience = 200; // steps before it can be said that nothing is learned
const window = 100; // steps that are looked at
const drawn = 1000; // points at least that can be drawn
const proof = 20; // steps for which a state has to stay good after it was saved
const rest = 10_000; // ms between two states, unless an epoch ends
const costShare = 20; // times what saving costs, where an epoch ends

export interface DoctorOptions {
  session: Session;
  problems: Problems;
  settings: Settings;
  rate(): number; // of now
  recipe(): Settings | undefined; // for the net, where the engine has one
  // What the figures and the table show, as plain data; and that again.
  curves(): ShownCurves;
  showCurves(curves: ShownCurves): void;
  // Marks a step in the figures, or none.
  mark(step: number | undefined): void;
  // Learns on from where the net stands, with another rate.
  goOn(rate: number): void;
  // Starts anew: the settings were changed here.
  startAnew(): void;
}

// A state to come back to.
interface Good {
  checkpoint: Uint8Array | undefined; // of the start none is needed
  sizes: Sizes; // of its tensors
  curves: ShownCurves | undefined; // up to there; undefined where nothing was trained since the watch began
  step: number;
  epoch: number; // whole epochs done
  loss: number; // about then; blind at the start
}

export class Doctor {
  private digits: Digits | undefined;
  private blind = NaN;
  private good: Good | undefined;
  private candidate: Good | undefined;
  private latest: Point[] = [];
  private course: Point[] = []; // more of them, to be drawn
  private since = 0; // the first step after the last that was better than blind
  private jump: number | undefined; // the first since then that was much worse
  private worst = { step: 0, loss: -Infinity }; // of those
  private begun = 0; // the step at which the watch began
  private rate = 0; // the highest since then
  private step = 0;
  private tested: number | undefined; // the last step at which the test went well
  private epoch = 0;
  private savedAt = 0;
  private cost = 0; // ms that saving took
  private saving = false;
  private panel: HTMLElement | undefined;
  private checkAt = 0; // the step from which on it may be looked at again
  private net = 0; // counts nets
  private before: ShownCurves | undefined; // the curves from before the watch began
  private made: Settings | undefined; // what the net was made with
  private tooLarge = false; // no state of the net can be kept

  constructor(private readonly options: DoctorOptions) {}

  // The pictures whose labels say what answering blindly costs.
  use(digits: Digits): void {
    this.digits = digits;
    this.blind = entropy(digits);
  }

  // Another net, or one that was restored: as it stands it is good.
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

  // What was trained before, in curves.
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

  // The engine has given up; whatever becomes of the look, its sentence is shown, unless there is another net by then.
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

  // The middle of the latest losses.
  private get recent(): number {
    const losses = this.latest.map(({ loss }) => loss).sort((a, b) => a - b);
    return losses[Math.floor(losses.length / 2)] ?? NaN;
  }

  // Better than blind, and not much worse than it was.
  private isHealthy(recent: number): boolean {
    const before = this.good?.loss ?? this.blind;
    return recent < 0.97 * this.blind && recent <= Math.max(3 * before, before + 0.3);
  }

  // Keeps the state of now. It is good where it is the one that was tested well, else once some more steps have
  // been. All that is asked for is that state: while nothing is wrong, nobody looks inside.
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

  // There is no room for a state of this net. What is known then is how it began, and the settings make it again.
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

  // Asks the engine; whether there is something to say.
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
    this.checkAt = Infinity; // Said once.
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
    this.panel?.remove(); // What was ill may have died since.
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

  // The rate to go on with, and a sentence on where it comes from. Whoever has lowered it since is not overruled.
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
    const { epochs } = settings; // More than when it was saved, it may be.
    if (good.step === 0) {
      // As it was made, it is made again.
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

// What is usual for the net and the optimizer.
function usualRate({ net, optimizer, momentum }: Settings, recipe: Settings | undefined) {
  const follows = (name: string) => name === "sgd"; // its gradients; the others take steps of a size
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

// Of the labels, in nats: what the loss is where each class gets its share of the answers.
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
