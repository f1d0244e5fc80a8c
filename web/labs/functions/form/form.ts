// The form of settings, which says below a field what is wrong with it.
import { SettingsForm, type SettingsFormOptions } from "../../../settings/form";
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
type Shown = keyof typeof places;

type FormOptions = Pick<
  SettingsFormOptions<Settings, Shown>,
  "settings" | "rate" | "onRate" | "onChange"
>;

export class Form extends SettingsForm<Settings, Shown> {
  constructor(
    private readonly form: HTMLFormElement,
    options: FormOptions,
  ) {
    super({
      ...options,
      form,
      slider: part<HTMLInputElement>(form, "lr-slider"),
      fields,
      keys: Object.keys(places) as Shown[],
      complain: (key, sentence) => this.say(places[key], sentence),
    });
  }

  override show(): void {
    super.show();
    this.complainOfPoints("");
  }

  // Shows one sentence below the visitor's own points, or none.
  complainOfPoints(sentence: string): void {
    this.say("points", sentence);
    part(this.form, "points").ariaInvalid = sentence ? "true" : null;
  }

  // The first sentence that stands below a field.
  get complaint(): string | undefined {
    return this.seen('[data-part$="-complaint"]').find(({ textContent }) => textContent)
      ?.textContent;
  }

  // Moves the keyboard's focus to the field that the sentence is about.
  toComplaint(): void {
    this.seen('[aria-invalid="true"]')[0]?.focus();
  }

  // The elements in sight that match.
  private seen(selector: string): HTMLElement[] {
    const all = this.form.querySelectorAll<HTMLElement>(selector);
    return [...all].filter((element) => element.checkVisibility());
  }

  private say(place: string, sentence: string): void {
    const element = this.form.querySelector(`[data-part="${place}-complaint"]`);
    if (element) setText(element, sentence);
  }
}
