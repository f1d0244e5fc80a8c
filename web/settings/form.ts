// A form of settings: keeps the settings and the fields of the form that have their names in step.
// What is wrong with a field stands right below it.
import { make, setText } from "../ui/dom";
import { assign, textOf, type Fields } from "./field";

type Input = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

export interface SettingsFormOptions<S extends { lr: number }, K extends keyof S & string> {
  form: HTMLFormElement;
  /** The slider of the learning rate's power of ten. */
  slider: HTMLInputElement;
  fields: Fields<S>;
  /** The settings that have a field in the form; "lr" is one of them. */
  keys: readonly K[];
  settings: S;
  /** The learning rate, which may change while the net learns. */
  rate(): number;
  onRate(rate: number): void;
  /** Called when another setting was changed. */
  onChange(key: K): void;
}

export class SettingsForm<S extends { lr: number }, K extends keyof S & string> {
  // Whether the visitor has the slider in hand.
  private sliding = false;

  constructor(private readonly options: SettingsFormOptions<S, K>) {
    const { form, slider, keys } = options;
    for (const key of keys) this.input(key).addEventListener("change", () => void this.take(key));
    slider.addEventListener("blur", () => (this.sliding = false));
    slider.addEventListener("input", () => {
      this.sliding = true;
      const { lr } = form.elements as unknown as { lr: HTMLInputElement };
      lr.value = String(Number((10 ** Number(slider.value)).toPrecision(2)));
      this.take("lr" as K);
    });
    form.addEventListener("submit", (event) => event.preventDefault());
  }

  /** Shows the settings, which have changed elsewhere. */
  show(): void {
    for (const key of this.options.keys) {
      write(this.input(key), this.text(key));
      this.complain(key, "");
    }
    this.moveSlider();
  }

  /** Shows the rate, which has changed elsewhere; what is being typed or corrected stays. */
  showRate(): void {
    const input = this.input("lr" as K);
    if (input.ariaInvalid === "true") return;
    if (document.activeElement !== input) input.value = this.text("lr" as K);
    this.moveSlider();
  }

  /** Reads every field, as before a start; returns whether that could be. */
  read(): boolean {
    const shown = this.options.keys.filter((key) => !this.input(key).closest(hiddenRow));
    return shown.map((key) => this.assign(key)).every(Boolean);
  }

  /** Shows one sentence below a field, or none. */
  complain(key: K, sentence: string): void {
    complainAt(this.input(key), sentence);
  }

  /**
   * Moves the keyboard's focus to the first field with a complaint, and returns the complaint;
   * undefined where there is none.
   */
  toComplaint(): string | undefined {
    const all = this.options.form.querySelectorAll<Input>('[aria-invalid="true"]');
    const input = [...all].find((each) => !each.closest("[hidden]"));
    if (!input) return undefined;
    const details = input.closest("details");
    if (details) details.open = true;
    input.focus();
    return complaintOf(input)?.textContent ?? "";
  }

  input(key: K): Input {
    return this.options.form.elements.namedItem(key) as Input;
  }

  private take(key: K): void {
    if (!this.assign(key)) return;
    if (key === "lr") this.moveSlider();
    else this.options.onChange(key);
  }

  // Takes the field's text over; returns false, with a complaint, where it cannot be read.
  private assign(key: K): boolean {
    const { fields, settings, rate, onRate } = this.options;
    const given = { ...settings };
    try {
      assign(fields, given, key, read(this.input(key)));
    } catch (error) {
      this.complain(key, (error as Error).message);
      return false;
    }
    this.complain(key, "");
    if (key !== "lr") settings[key] = given[key];
    else if (given.lr !== rate()) onRate(given.lr);
    return true;
  }

  private text(key: K): string {
    const { fields, settings, rate } = this.options;
    return textOf(fields, key === "lr" ? { ...settings, lr: rate() } : settings, key);
  }

  // Moves the slider to the rate, unless the visitor moves it.
  private moveSlider(): void {
    const { slider, rate } = this.options;
    if (!this.sliding) slider.value = String(Math.log10(rate()));
    slider.setAttribute("aria-valuetext", String(rate()));
  }
}

/** Shows one sentence below an input, or none. */
export function complainAt(input: Input, sentence: string): void {
  input.ariaInvalid = sentence ? "true" : null;
  const place = complaintOf(input) ?? (sentence && makeComplaint(input));
  if (place) setText(place, sentence);
}

const complaintId = (input: Input) => `${input.id}-complaint`;
const complaintOf = (input: Input) =>
  input.form?.querySelector<HTMLElement>(`#${complaintId(input)}`);

// Makes the place for complaints below an input that the page has none for.
function makeComplaint(input: Input): HTMLElement {
  const id = complaintId(input);
  const place = make("p", { className: "complaint", id, role: "status" });
  const described = input.getAttribute("aria-describedby");
  input.setAttribute("aria-describedby", described ? `${id} ${described}` : id);
  (input.closest(".check") ?? input).after(place);
  return place;
}

// A row that is not shown is not read, since nobody could correct it.
const hiddenRow = ".field[hidden], .check[hidden]";
const isCheckbox = (input: Input): input is HTMLInputElement => input.type === "checkbox";
const read = (input: Input) => (isCheckbox(input) ? String(input.checked) : input.value);
function write(input: Input, text: string): void {
  if (isCheckbox(input)) input.checked = text === "true";
  else input.value = text;
}
