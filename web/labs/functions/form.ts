// The form of settings: keeps the settings and the fields in step, and says below a field what is
// wrong with it.
import { assign, keys, text, type Key, type Settings } from "./settings";

type Input = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;
// Fields in one row share the place for complaints below it.
const places: Partial<Record<Key, string>> = {
  high: "low",
  noise: "samples",
  seed: "batch",
  pace: "steps",
};

export class Form {
  private readonly slider: HTMLInputElement;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly settings: Settings,
    private readonly onChange: (key: Key, before: unknown) => void,
  ) {
    this.slider = form.querySelector<HTMLInputElement>("#fn-lr-slider")!;
    for (const key of keys) this.input(key)?.addEventListener("change", () => this.take(key));
    this.slider.addEventListener("input", () => {
      this.input("lr")!.value = String(Number((10 ** Number(this.slider.value)).toPrecision(2)));
      this.take("lr");
    });
    form.addEventListener("submit", (event) => event.preventDefault());
  }

  // Shows the settings, which have changed elsewhere.
  show(): void {
    for (const key of keys) {
      const input = this.input(key);
      if (!input) continue;
      input.value = text(this.settings, key);
      this.complain(key, "");
    }
    this.showRate(this.settings.lr);
  }

  // Shows the current rate.
  showRate(rate: number): void {
    const input = this.input("lr")!;
    // A value that is being corrected stays.
    if (input.ariaInvalid === "true") return;
    if (document.activeElement !== input) input.value = String(Number(rate.toPrecision(6)));
    if (document.activeElement !== this.slider) this.slider.value = String(Math.log10(rate));
    this.slider.setAttribute("aria-valuetext", String(Number(rate.toPrecision(6))));
  }

  // Shows one sentence below a field, or none.
  complain(key: Key, sentence: string): void {
    const place = this.form.querySelector<HTMLElement>(`[data-complaint="${places[key] ?? key}"]`);
    if (place && place.textContent !== sentence) place.textContent = sentence;
    const input = key === "points" ? this.form.querySelector("#fn-points") : this.input(key);
    if (sentence) input?.setAttribute("aria-invalid", "true");
    else input?.removeAttribute("aria-invalid");
  }

  // The first sentence that stands below a field.
  get complaint(): string | undefined {
    const all = [...this.form.querySelectorAll<HTMLElement>("[data-complaint]")];
    return (
      all.find((place) => place.textContent && place.checkVisibility())?.textContent ?? undefined
    );
  }

  // Moves the keyboard's focus to the field that the sentence is about.
  toComplaint(): void {
    const all = [...this.form.querySelectorAll<HTMLElement>('[aria-invalid="true"]')];
    all.find((field) => field.checkVisibility())?.focus();
  }

  input(key: Key): Input | null {
    return this.form.elements.namedItem(key) as Input | null;
  }

  private take(key: Key): void {
    const before = this.settings[key];
    try {
      assign(this.settings, key, this.input(key)!.value);
    } catch (error) {
      this.complain(key, (error as Error).message);
      return;
    }
    this.complain(key, "");
    this.onChange(key, before);
  }
}
