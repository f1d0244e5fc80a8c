// Watches a training: keeps its last good state, notices that it has diverged or stopped learning,
// asks the engine what is wrong, and offers to go back with a lower rate. diagnosis.ts finds out
// what is wrong and findings.ts shows it; both are loaded when they are needed.
import { LanegradError, type Progress } from "lanegrad";
import * as format from "../../../ui/format";
import { lazy } from "../../../ui/lazy";
import { describe, Problems, retriable } from "../../../ui/problems";
import type { DigitsRun } from "../run/digits_run";
import type { Settings } from "../settings/digits_settings";
import type { Evidence } from "./evidence";
import { GoodStates, type GoodState } from "./good_states";
import { LossWatch } from "./loss_watch";
import type { LowerRate } from "./lower_rate";
import type { Diagnosis } from "./remedies";

const loadDiagnosis = lazy(() => import("./diagnosis"), "diagnose");
const loadFindings = lazy(() => import("./findings"), "findings");

// The steps before it can be said that nothing is learned.
const patience = 200;

// The place is that of the problems, since a diagnosis is one.
export function mount(place: HTMLElement, run: DigitsRun): void {
  new Doctor(new Problems(place), run);
}

class Doctor {
  private readonly losses = new LossWatch();
  private readonly states: GoodStates;
  private panel: HTMLElement | undefined;
  // The step from which on the engine may be asked again.
  private checkAt = 0;
  // The number of the net.
  private net = 0;
  // The settings that the net was made with.
  private made: Settings | undefined;

  constructor(
    private readonly problems: Problems,
    private readonly run: DigitsRun,
  ) {
    const { losses } = this;
    this.states = new GoodStates(run, losses);
    run.on("pictures", (pictures) => losses.use(pictures));
    run.on("net", ({ info }) => {
      this.net++;
      this.made = { ...run.trainedWith.settings };
      this.checkAt = info.step + patience;
      losses.reset(info.step, run.rate);
      run.emit("marked", undefined);
      this.states.reset(info);
    });
    run.on("progress", (progress) => this.watch(progress));
    run.on("failure", (error) => {
      if (error instanceof LanegradError && error.code === "Diverged") void this.failed(error);
    });
  }

  private watch(progress: Progress): void {
    const { losses, run } = this;
    losses.add(progress, run.rate);
    this.states.watch(progress);
    if (progress.step >= this.checkAt && losses.isBlind) {
      this.checkAt = progress.step + patience;
      this.lookUnasked();
    }
  }

  private lookUnasked(): void {
    void this.look().catch((error: unknown) => {
      this.checkAt = Infinity;
      this.problems.show(retriable(error, () => this.lookUnasked()));
    });
  }

  // The engine has given up. Its sentence is shown, whatever the diagnosis comes to, unless there
  // is another net by then.
  private async failed(error: LanegradError): Promise<void> {
    const { net } = this;
    const problem = describe(error);
    try {
      if (await this.look(error)) return;
    } catch (unknown) {
      const { message } = unknown as Error;
      problem.hint = `${problem.hint} What caused it could not be found out: ${message}.`;
      problem.action = { label: "Look for the cause again", run: () => void this.failed(error) };
    }
    if (net === this.net) this.problems.show(problem);
  }

  // Asks the engine; resolves with whether there is something to say.
  private async look(error?: LanegradError): Promise<boolean> {
    const { net, run, losses } = this;
    const good = this.states.last;
    const { pictures } = run;
    if (!good || !pictures) return false;
    const count = Math.min(pictures.count, 40);
    const inputs = pictures.inputs(Array.from({ length: count }, (_, i) => i));
    const [{ diagnose, lowerRate, spread }, { findings }, inspection, answers] = await Promise.all([
      loadDiagnosis(),
      loadFindings(),
      run.examine(inputs.slice(0, pictures.pixels)),
      run.net.predict(inputs, count),
    ]);
    if (net !== this.net || !inspection) return false;
    const { sizes, step } = good;
    const { blind, worst, recent, since, jump, rate } = losses;
    const evidence: Evidence = {
      settings: { ...run.settings, lr: rate },
      blind,
      worst,
      recent,
      since,
      jump,
      step: run.history.step,
      failure: error?.details,
      inspection,
      sizes,
      spread: answers ? spread(answers, count) : NaN,
    };
    const diagnosis = diagnose(evidence);
    if (!diagnosis) return false;
    // It is said once.
    this.checkAt = Infinity;
    run.emit("marked", diagnosis.step);
    const recipe = run.asked.isCataloged ? run.asked.base : undefined;
    const lowered = lowerRate(losses.rate, run.rate, run.settings, recipe);
    const details = findings(diagnosis, { step, sizes }, losses.course, error?.message);
    this.show(diagnosis, good, lowered, details);
    return true;
  }

  private show(
    diagnosis: Diagnosis,
    good: GoodState,
    { rate, origin }: LowerRate,
    details: Node[],
  ): void {
    const { title, why, advice, lower, clip } = diagnosis;
    const epoch = good.epoch > 0 ? `, after epoch ${good.epoch}` : "";
    const where = good.step === 0 ? "the start" : `step ${format.grouped(good.step)}${epoch}`;
    const back = {
      label: `Go back to ${where}, with the rate ${rate}`,
      run: () => void this.goBack(rate),
    };
    const clipped = {
      label: "Start again with clipped gradients",
      run: () => void this.clip(),
    };
    const canGoBack = lower && (good.step === 0 || good.saved !== undefined);
    const large = this.states.tooLarge
      ? "The net is too large to keep a state of it on the way: there is no room in memory. "
      : "";
    // A run that had diverged may have stopped learning since.
    this.panel?.remove();
    this.panel = this.problems.show({
      title,
      message: why[0]!,
      details,
      hint: canGoBack
        ? `${large}${origin} If that does not hold either, a tenth may. ${advice}`
        : advice,
      actions: [...(canGoBack ? [back] : []), ...(clip ? [clipped] : [])],
    });
  }

  private async goBack(rate: number): Promise<void> {
    const { run, made } = this;
    const { settings } = run;
    const good = this.states.last;
    if (!good || !made) return;
    // There may be more epochs now than when the state was saved.
    const { epochs } = settings;
    if (good.step === 0) {
      // The net is made again as it was made.
      settings.rates = [];
      await run.makeAgain({ ...made, lr: rate, epochs });
    } else {
      try {
        await run.restore(good.saved!);
      } catch (error) {
        this.problems.show(describe(error));
        return;
      }
      // A schedule is as long as the run that it was made for.
      if (settings.schedule === "constant") settings.epochs = epochs;
    }
    run.goOn(rate);
    this.losses.rate = rate;
  }

  private async clip(): Promise<void> {
    const { run } = this;
    await run.stop();
    run.settings.clipNorm = 1;
    run.changed();
    run.start();
  }
}
