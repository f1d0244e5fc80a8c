// The form of settings, which says below a field what is wrong with it.
import { SettingsForm } from "../../../settings/form";
import { part, setText } from "../../../ui/dom";
import { fields, type Key, type Settings } from "../settings/functions_settings";

// The settings that have a field in the form, each with its place for complaints; fields in one row
// share the one below it.
const places = {
  lr: "lr",
  pace: "steps",
  steps: "steps",
  task: "task",
  f: "f",
  low: "low",
  high: "low",
  samples: "samples",
  noise: "samples",
  net: "net",
  optimizer: "optimizer",
  batch: "batch",
  seed: "batch",
} satisfies Partial<Record<Key, string>>;
export type Shown = keyof typeof places;

export interface FormOptions {
  form: HTMLFormElement;
  settings: Settings;
  // The current rate, which may change while the net learns.
  rate(): number;
  onRate(rate: number): void;
  onChange(key: Shown): void;
}

export class Form {
  private readonly form: SettingsForm<Settings, Shown>;

  constructor(private readonly options: FormOptions) {
    this.form = new SettingsForm<Settings, Shown>({
      ...options,
      slider: part<HTMLInputElement>(options.form, "lr-slider"),
      fields,
      keys: Object.keys(places) as Shown[],
      complain: (key, sentence) => this.say(places[key], sentence),
    });
  }

  // Shows the settings, which have changed elsewhere.
  show(): void {
    this.form.show();
    this.complain("points", "");
  }

  // Shows the current rate.
  showRate(): void {
    this.form.showRate();
  }

  // Shows one sentence below a field, or none.
  complain(key: Shown | "points", sentence: string): void {
    if (key !== "points") return this.form.complain(key, sentence);
    this.say(key, sentence);
    this.points.ariaInvalid = sentence ? "true" : null;
  }

  // The first sentence that stands below a field.
  get complaint(): string | undefined {
    const all = this.options.form.querySelectorAll<HTMLElement>('[data-part$="-complaint"]');
    const said = [...all].find((place) => place.textContent && place.checkVisibility());
    return said?.textContent;
  }

  // Moves the keyboard's focus to the field that the sentence is about.
  toComplaint(): void {
    const all = this.options.form.querySelectorAll<HTMLElement>('[aria-invalid="true"]');
    [...all].find((field) => field.checkVisibility())?.focus();
  }

  get formula(): HTMLInputElement {
    return this.form.input("f") as HTMLInputElement;
  }

  private get points(): HTMLElement {
    return part(this.options.form, "points");
  }

  private say(place: string, sentence: string): void {
    const element = this.options.form.querySelector(`[data-part="${place}-complaint"]`);
    if (element) setText(element, sentence);
  }
}
