// What the settings mean before they are run: the learning rate over the run, its steps, and training
// pictures as the net would see them.
import { rateAt } from "../../../settings/rates";
import { part, setText } from "../../../ui/dom";
import * as format from "../../../ui/format";
import { lazy, once } from "../../../ui/lazy";
import type { DigitsRun } from "../run/digits_run";
import { mnistSize } from "../run/picture_set";
import { plannedEpochs } from "../run/run_record";
import { ScheduleDrawing } from "./schedule_drawing";

const loadSamples = lazy(() => import("./augmented_samples"), "AugmentedSamples");

export class Previews {
  private readonly schedule: ScheduleDrawing;
  // What the samples are folded away in.
  private readonly fold: HTMLDetailsElement;
  private readonly samples;

  constructor(
    private readonly place: HTMLElement,
    private readonly run: DigitsRun,
  ) {
    this.schedule = new ScheduleDrawing(
      part<SVGSVGElement>(place, "schedule-drawing"),
      part(place, "schedule-rates"),
    );
    const samples = part(place, "samples");
    this.samples = once(async () => new (await loadSamples()).AugmentedSamples(samples, 6));
    this.fold = samples.closest("details")!;
    this.fold.addEventListener("toggle", () => void this.showSamples());
  }

  show(): void {
    this.showChanges();
    this.showStepCount();
    this.showSchedule();
    void this.showSamples();
  }

  // Marks how far the run is.
  showPlace(): void {
    const { step, batchesPerEpoch } = this.run.history;
    if (batchesPerEpoch === 0) return;
    this.schedule.place(step > 0 ? step / (plannedEpochs(this.run) * batchesPerEpoch) : undefined);
  }

  private showChanges(): void {
    const { lr, rates } = this.run.settings;
    const changes = rates.map(([step, rate]) => `, ${rate} after step ${format.grouped(step)}`);
    part(this.place, "lr-changes").textContent =
      changes.length > 0 ? `It begins with ${lr}${changes.join("")}.` : "";
  }

  // How many steps the run will have.
  private showStepCount(): void {
    const { sets, settings } = this.run;
    if (!sets) return;
    const learned = Math.max(sets.learned - settings.validation, 0);
    const steps = Math.ceil(learned / settings.batch);
    setText(
      part(this.place, "step-count"),
      `To learn from: ${format.grouped(learned)} ${sets.pictures.noun}s. ` +
        `Steps per epoch: ${format.grouped(steps)}, in all: ${format.grouped(settings.epochs * steps)}.`,
    );
  }

  private showSchedule(): void {
    const { run, schedule } = this;
    const { settings, history } = run;
    void run.net.learningRates(settings, 120).then(
      (found) => {
        const steps = (settings.epochs * history.batchesPerEpoch) / Math.max(1, found.length - 1);
        schedule.show(
          Array.from(found, (rate, i) => (rate * rateAt(settings, i * steps)) / settings.lr),
        );
        this.showPlace();
      },
      // The start says what is wrong with the settings.
      () => schedule.show([]),
    );
  }

  // Shows samples where somebody may see them.
  private async showSamples(): Promise<void> {
    if (!this.fold.open) return;
    const { run } = this;
    const samples = await this.samples();
    const indices = Array.from({ length: samples.count }, (_, i) => i);
    const size = run.pictures ?? mnistSize;
    const [stored, augmented] = await run.net.augmented(run.settings, indices).catch(() => []);
    if (stored && augmented) samples.show(stored, augmented, size, run.pictures?.pixels);
  }
}
