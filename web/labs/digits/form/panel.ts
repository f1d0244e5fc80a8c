// The form of settings, with what is wrong with them.
import { SettingsForm } from "../../../settings/form";
import { addRows, showRows } from "../../../settings/rows";
import { numbersRest, Paced } from "../../../ui/pace";
import { part } from "../../../ui/dom";
import type { DigitsRun } from "../run/digits_run";
import {
  fields,
  keys,
  rows,
  type Conflict,
  type Key,
  type Settings,
} from "../settings/digits_settings";
import { Previews } from "./previews";

// The net has an editor of its own, changes of the rate are made by changing the rate, and data are chosen elsewhere.
const apart: readonly Key[] = ["net", "rates", "data"];
const shown: readonly Key[] = keys.filter((key) => !apart.includes(key));

// The page's own words for settings that only the engine's table puts into the form.
const labels = {
  clipNorm: "Clip gradients at",
  averaging: "Average weights",
  warmUp: "Warm-up, share",
  normalize: "Scale pixels to mean 0, standard deviation 1",
};

export function mount(place: HTMLElement, run: DigitsRun): void {
  const { settings } = run;
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
  const previews = new Previews(place, run);

  function showForm(): void {
    form.show();
    showRows(place as HTMLFormElement, own, settings);
  }

  // Takes the settings that suit the net; the seed and what is held back stay.
  const recommended = part<HTMLButtonElement>(place, "recommended");
  recommended.addEventListener("click", () => {
    run.choose(settings.net, true);
    const kind = run.asked.isCataloged ? "recommended" : "usual";
    run.emit("say", `These are the ${kind} settings for this network.`);
  });

  function lock(): void {
    recommended.disabled = run.running || run.status === "loading";
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
    previews.show();
  });
  run.on("net", ({ unasked }) => {
    // What is being typed stays.
    if (!unasked) showForm();
    previews.show();
  });
  run.on("recipes", showForm);
  run.on("rate", () => form.showRate());
  const drawing = new Paced(
    () => numbersRest,
    () => previews.showPlace(),
  );
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
