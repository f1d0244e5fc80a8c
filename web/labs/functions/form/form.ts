// The form of settings, and beside it the visitor's own points.
import { complainAt, SettingsForm, type SettingsFormOptions } from "../../../settings/form";
import { part } from "../../../ui/dom";
import { fields, type Key, type Settings } from "../settings/functions_settings";

// The settings that have a field in the form.
const shown = [
  "lr",
  "pace",
  "steps",
  "task",
  "f",
  "low",
  "high",
  "samples",
  "noise",
  "net",
  "optimizer",
  "batch",
  "seed",
] as const satisfies readonly Key[];
type Shown = (typeof shown)[number];

type FormOptions = Pick<
  SettingsFormOptions<Settings, Shown>,
  "settings" | "rate" | "onRate" | "onChange"
>;

export class Form extends SettingsForm<Settings, Shown> {
  constructor(
    private readonly form: HTMLFormElement,
    options: FormOptions,
  ) {
    const slider = part<HTMLInputElement>(form, "lr-slider");
    super({ ...options, form, slider, fields, keys: shown });
  }

  override show(): void {
    super.show();
    this.complainOfPoints("");
  }

  // Shows one sentence below the visitor's own points, or none.
  complainOfPoints(sentence: string): void {
    complainAt(part<HTMLTextAreaElement>(this.form, "points"), sentence);
  }
}
