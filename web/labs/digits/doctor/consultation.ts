// Asks the engine what is wrong with a training, says it, and offers to go back with a lower rate.
// diagnosis.ts finds out what is wrong and findings.ts shows it; both are loaded when they are needed.
import type { LanegradError } from "lanegrad";
import * as format from "../../../ui/format";
import { lazy } from "../../../ui/lazy";
import { describe, type Problems } from "../../../ui/problems";
import type { DigitsRun } from "../run/digits_run";
import type { Settings } from "../settings/digits_settings";
import type { Evidence } from "./evidence";
import type { GoodState, GoodStates } from "./good_states";
import type { LossWatch } from "./loss_watch";
import type { Diagnosis, LowerRate } from "./remedies";

const loadDiagnosis = lazy(() => import("./diagnosis"), "diagnose");
const loadFindings = lazy(() => import("./findings"), "findings");

// Who watches the training.
export interface Watch {
  readonly run: DigitsRun;
  readonly problems: Problems;
  readonly losses: LossWatch;
  readonly states: GoodStates;
  // The number of the net.
  readonly net: number;
  // The settings that the net was made with.
  readonly made: Settings | undefined;
}

export class Consultation {
  private panel: HTMLElement | undefined;

  constructor(private readonly watch: Watch) {}

  // Asks the engine; resolves with whether there is something to say.
  async look(error?: LanegradError): Promise<boolean> {
    const { watch } = this;
    const { net, run, losses } = watch;
    const good = watch.states.last;
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
    if (net !== watch.net || !inspection) return false;
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
    const large = this.watch.states.tooLarge
      ? "The net is too large to keep a state of it on the way: there is no room in memory. "
      : "";
    // A run that had diverged may have stopped learning since.
    this.panel?.remove();
    this.panel = this.watch.problems.show({
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
    const { run, made, states, problems, losses } = this.watch;
    const { settings } = run;
    const good = states.last;
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
        problems.show(describe(error));
        return;
      }
      // A schedule is as long as the run that it was made for.
      if (settings.schedule === "constant") settings.epochs = epochs;
    }
    run.goOn(rate);
    losses.rate = rate;
  }

  private async clip(): Promise<void> {
    const { run } = this.watch;
    await run.stop();
    run.settings.clipNorm = 1;
    run.changed();
    run.start();
  }
}
