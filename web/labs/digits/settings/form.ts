// The form of settings: keeps the settings, the page's address and the fields in step with each
// other.
import type { Address } from "../../lab";
import { assign, fields, keys, text, toAddress, type Key, type Settings } from "./digits_settings";

export interface FormOptions {
  form: HTMLFormElement;
  slider: HTMLInputElement; // the learning rate's power of ten
  // The fields that cannot change during a run.
  fixed: HTMLFieldSetElement;
  settings: Settings;
  address: Address;
  // The recipe for the net, whose settings an address need not say.
  base(): Settings;
  // The current learning rate, which may change while the net learns.
  rate(): number;
  onRate(rate: number): void;
  onChange(key: Exclude<Key, "lr">): void;
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

  // Shows the settings, which have changed elsewhere.
  show(): void {
    for (const key of shown) {
      const input = this.input(key);
      const written = this.written(key);
      if (isCheckbox(input)) input.checked = written === "true";
      else input.value = written;
      input.removeAttribute("aria-invalid");
    }
    this.moveSlider();
    this.writeAddress();
  }

  // Shows the rate of the settings, which has changed elsewhere; what is being typed stays.
  showRate(): void {
    const input = this.input("lr");
    if (document.activeElement !== input) input.value = this.written("lr");
    this.moveSlider();
  }

  // Reads every field, as before a start. Returns false, with a complaint, where one cannot be
  // read.
  read(): boolean {
    const { onComplaint } = this.options;
    let sound = true;
    for (const key of shown) {
      try {
        this.assign(key);
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
      this.assign(key);
      input.removeAttribute("aria-invalid");
    } catch (error) {
      input.setAttribute("aria-invalid", "true");
      this.options.onComplaint((error as Error).message);
      return;
    }
    if (key !== "lr") this.options.onChange(key);
    else if (document.activeElement !== this.options.slider) this.moveSlider();
    this.writeAddress();
  }

  private assign(key: Key): void {
    const { settings, rate, onRate } = this.options;
    const given = written(this.input(key));
    if (key !== "lr") return assign(settings, key, given);
    const asked = { ...settings };
    assign(asked, "lr", given);
    if (asked.lr !== rate()) onRate(asked.lr);
  }

  private written(key: Key): string {
    return key === "lr" ? fields.lr.write(this.options.rate()) : text(this.options.settings, key);
  }

  private moveSlider(): void {
    const { slider, rate } = this.options;
    slider.value = String(Math.log10(rate()));
    slider.setAttribute("aria-valuetext", String(rate()));
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

// The net has an editor of its own, and changes of the rate are made by changing the rate.
const shown = keys.filter((key) => key !== "net" && key !== "rates");
