// The form of settings: keeps the settings, the page's address and the fields in step with each other.
import type { Address } from "../lab";
import { assign, keys, text, toAddress, type Key, type Settings } from "./settings";

export interface FormOptions {
  form: HTMLFormElement;
  slider: HTMLInputElement; // the learning rate's power of ten
  fixed: HTMLFieldSetElement; // what a run under way holds on to
  settings: Settings;
  address: Address;
  base(): Settings; // the recipe for the net: what an address need not say
  onChange(key: Key): void;
  onComplaint(sentence: string): void;
}

export class Form {
  constructor(private readonly options: FormOptions) {
    const { form, slider } = options;
    for (const key of shown) this.input(key).addEventListener("change", () => this.take(key));
    this.show();
    slider.addEventListener("input", () => {
      this.input("lr").value = String(Number((10 ** Number(slider.value)).toPrecision(2)));
      this.take("lr");
    });
    form.addEventListener("submit", (event) => event.preventDefault());
  }

  // The settings have changed elsewhere.
  show(): void {
    for (const key of shown) {
      const input = this.input(key);
      const written = text(this.options.settings, key);
      if (isCheckbox(input)) input.checked = written === "true";
      else input.value = written;
      input.removeAttribute("aria-invalid");
    }
    this.moveSlider();
    this.writeAddress();
  }

  // Reads every field, as before a start; false, and a complaint, where one cannot be read.
  read(): boolean {
    const { settings, onComplaint } = this.options;
    let sound = true;
    for (const key of shown) {
      try {
        assign(settings, key, written(this.input(key)));
      } catch (error) {
        sound = false;
        onComplaint((error as Error).message);
      }
    }
    return sound;
  }

  lock(locked: boolean): void {
    this.options.fixed.disabled = locked;
  }

  private take(key: Key): void {
    const input = this.input(key);
    try {
      assign(this.options.settings, key, written(input));
      input.removeAttribute("aria-invalid");
    } catch (error) {
      input.setAttribute("aria-invalid", "true");
      this.options.onComplaint((error as Error).message);
      return;
    }
    if (key === "lr" && document.activeElement !== this.options.slider) this.moveSlider();
    this.writeAddress();
    this.options.onChange(key);
  }

  private moveSlider(): void {
    const { slider, settings } = this.options;
    slider.value = String(Math.log10(settings.lr));
    slider.setAttribute("aria-valuetext", String(settings.lr));
  }

  writeAddress(): void {
    const { address, settings, base } = this.options;
    address.write(toAddress(settings, base(), address.read()));
  }

  private input(key: Key): Input {
    return this.options.form.elements.namedItem(key) as Input;
  }
}

type Input = HTMLInputElement | HTMLSelectElement;
const isCheckbox = (input: Input): input is HTMLInputElement => input.type === "checkbox";
const written = (input: Input) => (isCheckbox(input) ? String(input.checked) : input.value);

// The net has an editor of its own.
const shown = keys.filter((key) => key !== "net");
