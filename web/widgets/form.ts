// The form of settings: keeps the settings, the page's address and the fields in step with each other.
import { assign, keys, text, toAddress, type Key, type Settings } from "../state";

export interface FormOptions {
  form: HTMLFormElement;
  slider: HTMLInputElement; // the learning rate's power of ten
  fixed: HTMLFieldSetElement; // what a run under way holds on to
  settings: Settings;
  onChange(key: Key): void;
  onComplaint(sentence: string): void;
}

export class Form {
  constructor(private readonly options: FormOptions) {
    const { form, slider, settings } = options;
    for (const key of shown) {
      const input = this.input(key);
      input.value = text(settings, key);
      input.addEventListener("change", () => this.take(key));
    }
    this.moveSlider();
    slider.addEventListener("input", () => {
      this.input("lr").value = String(Number((10 ** Number(slider.value)).toPrecision(2)));
      this.take("lr");
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    this.writeAddress();
  }

  // Reads every field, as before a start; false, and a complaint, where one cannot be read.
  read(): boolean {
    const { settings, onComplaint } = this.options;
    let sound = true;
    for (const key of shown) {
      try {
        assign(settings, key, this.input(key).value);
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
      assign(this.options.settings, key, input.value);
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

  private writeAddress(): void {
    const address = toAddress(this.options.settings, location.search);
    if (address !== location.search) history.replaceState(null, "", address + location.hash);
  }

  private input(key: Key): HTMLInputElement | HTMLSelectElement {
    return this.options.form.elements.namedItem(key) as HTMLInputElement | HTMLSelectElement;
  }
}

const shown = keys.filter((key) => key !== "net");
