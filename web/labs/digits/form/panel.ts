// The form of settings with what they mean before they are run: the learning rate over the run, and
// training pictures as the net would see them.
import { SettingsForm } from "../../../settings/form";
import { rateAt } from "../../../settings/rates";
import { addRows, showRows } from "../../../settings/rows";
import * as format from "../../../ui/format";
import { numbersRest, Paced } from "../../../ui/pace";
import { part, setText } from "../../../ui/dom";
import { mnistSize } from "../run/picture_set";
import type { DigitsRun } from "../run/digits_run";
import {
  fields,
  keys,
  rows,
  type Conflict,
  type Key,
  type Settings,
} from "../settings/digits_settings";
import { AugmentedSamples } from "./augmented_samples";
import { ScheduleDrawing } from "./schedule_drawing";

// The net has an editor of its own, and changes of the rate are made by changing the rate.
const shown: readonly Key[] = keys.filter((key) => key !== "net" && key !== "rates");

// The page's own words for settings that only the engine's table puts into the form.
const labels = {
  clipNorm: "Clip gradients at",
  averaging: "Average weights",
  warmUp: "Warm-up, share",
  normalize: "Scale pixels to mean 0, standard deviation 1",
};

export function mount(place: HTMLElement, run: DigitsRun): void {
  const { settings, history } = run;
  const own = rows.filter(({ id }) => shown.includes(id as Key));
  addRows(part(place, "more-settings"), place as HTMLFormElement, own, labels);
  const form = new SettingsForm<Settings, Key>({
    form: place as HTMLFormElement,
    slider: part<HTMLInputElement>(place, "lr-slider"),
    fields,
    keys: shown,
    settings,
    rate: () => run.rate,
    onRate: (rate) => void run.changeRate(rate),
    onChange(key) {
      run.changed(key);
      showConflict();
    },
  });
  let conflict: Conflict | undefined;
  // Shows below its field what is wrong with the settings together, or that nothing is any more.
  function showConflict(): void {
    if (conflict) form.complain(conflict.key, "");
    conflict = run.asked.conflict(run.sets);
    if (conflict) form.complain(conflict.key, conflict.sentence);
  }
  const schedule = new ScheduleDrawing(
    part<SVGSVGElement>(place, "schedule-drawing"),
    part(place, "schedule-rates"),
  );
  const samples = new AugmentedSamples(part(place, "samples"), 6);

  function showPlace(): void {
    const { step, batchesPerEpoch } = history;
    if (batchesPerEpoch === 0) return;
    schedule.place(step > 0 ? step / (settings.epochs * batchesPerEpoch) : undefined);
  }

  function showChanges(): void {
    const { lr, rates } = settings;
    const changes = rates.map(([step, rate]) => `, ${rate} after step ${format.grouped(step)}`);
    part(place, "lr-changes").textContent =
      changes.length > 0 ? `It begins with ${lr}${changes.join("")}.` : "";
  }

  // How many steps the run will have.
  function showStepCount(): void {
    const { sets } = run;
    if (!sets) return;
    const learned = Math.max(sets.learned - settings.validation, 0);
    const steps = Math.ceil(learned / settings.batch);
    setText(
      part(place, "step-count"),
      `To learn from: ${format.grouped(learned)} ${sets.pictures.noun}s. ` +
        `Steps per epoch: ${format.grouped(steps)}, in all: ${format.grouped(settings.epochs * steps)}.`,
    );
  }

  function showSchedule(): void {
    void run.net.learningRates(settings, 120).then(
      (found) => {
        const steps = (settings.epochs * history.batchesPerEpoch) / Math.max(1, found.length - 1);
        schedule.show(
          Array.from(found, (rate, i) => (rate * rateAt(settings, i * steps)) / settings.lr),
        );
        showPlace();
      },
      // The start says what is wrong with the settings.
      () => schedule.show([]),
    );
  }

  function showSamples(): void {
    const indices = Array.from({ length: samples.count }, (_, i) => i);
    const size = run.pictures ?? mnistSize;
    void run.net.augmented(settings, indices).then(
      ([stored, augmented]) => stored && augmented && samples.show(stored, augmented, size),
      () => {},
    );
  }

  function showPreviews(): void {
    showChanges();
    showStepCount();
    showSchedule();
    showSamples();
  }

  function showForm(): void {
    form.show();
    showRows(place as HTMLFormElement, own, settings);
  }

  function lock(): void {
    part<HTMLFieldSetElement>(place, "fixed").disabled = run.running;
    part(place, "settings-note").textContent = run.running
      ? "The greyed settings are fixed while a run is under way."
      : "";
  }

  showForm();
  run.checks.push(() => {
    form.read();
    showConflict();
    const complaint = form.toComplaint();
    if (complaint) run.emit("say", complaint);
    return complaint === undefined;
  });
  run.on("settings", (key) => {
    if (key === undefined) showForm();
    else showRows(place as HTMLFormElement, own, settings);
    showPreviews();
  });
  run.on("net", ({ unasked }) => {
    // What is being typed stays.
    if (!unasked) showForm();
    showPreviews();
  });
  run.on("recipes", showForm);
  run.on("rate", () => form.showRate());
  const drawing = new Paced(() => numbersRest, showPlace);
  run.on("progress", () => drawing.renew());
  run.on("status", lock);
  run.on("status", () => drawing.flush());
  run.on("holdBack", () => {
    const field = part(place, "validation");
    field.closest("details")!.open = true;
    field.scrollIntoView({ block: "center" });
    field.focus({ preventScroll: true });
  });
}
