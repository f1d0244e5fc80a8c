// Watches a training: keeps its last good state, and notices that it has diverged or stopped learning.
// consultation.ts then asks the engine what is wrong, and offers to go back with a lower rate; it is
// loaded when it is needed.
import { LanegradError, type Progress } from "lanegrad";
import { lazy } from "../../../ui/lazy";
import { describe, Problems, retriable } from "../../../ui/problems";
import type { DigitsRun } from "../run/digits_run";
import type { Settings } from "../settings/digits_settings";
import type { Consultation, Watch } from "./consultation";
import { GoodStates } from "./good_states";
import { LossWatch } from "./loss_watch";

const loadConsultation = lazy(() => import("./consultation"), "Consultation");

// The steps before it can be said that nothing is learned.
const patience = 200;

// The place is that of the problems, since a diagnosis is one.
export function mount(place: HTMLElement, run: DigitsRun): void {
  new Doctor(new Problems(place), run);
}

class Doctor implements Watch {
  readonly losses = new LossWatch();
  readonly states: GoodStates;
  // The number of the net.
  net = 0;
  // The settings that the net was made with.
  made: Settings | undefined;
  // The step from which on the engine may be asked again.
  private checkAt = 0;
  private consultation: Consultation | undefined;

  constructor(
    readonly problems: Problems,
    readonly run: DigitsRun,
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

  // Asks the engine; resolves with whether there is something to say, which is said once.
  private async look(error?: LanegradError): Promise<boolean> {
    const { net } = this;
    const { Consultation } = await loadConsultation();
    if (net !== this.net) return false;
    this.consultation ??= new Consultation(this);
    const isSaid = await this.consultation.look(error);
    if (isSaid) this.checkAt = Infinity;
    return isSaid;
  }
}
