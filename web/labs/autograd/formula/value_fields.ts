// The values of the leaves: for each a field, a slider where it is one number, and a box that says
// whether it requires a gradient.
import { make } from "../../../ui/dom";
import { readValue } from "../language/language";

export interface ValueFieldsOptions {
  place: HTMLElement;
  onChange(name: string, text: string): void;
  onRequire(name: string, requires: boolean): void;
}

interface Field {
  input: HTMLInputElement;
  slider: HTMLInputElement;
  requires: HTMLInputElement;
  complaint: HTMLElement;
}

export class ValueFields {
  private fields = new Map<string, Field>();

  constructor(private readonly options: ValueFieldsOptions) {}

  /** Shows fields for these names. Fields that stay keep the keyboard's focus. */
  show(names: readonly string[], values: Record<string, string>, fixed: readonly string[]): void {
    if ([...this.fields.keys()].join() !== names.join()) {
      this.fields = new Map(names.map((name) => [name, this.fields.get(name) ?? this.field(name)]));
      const nodes = [...this.fields.values()].map(({ input }) => input.closest(".value-field")!);
      this.options.place.replaceChildren(...nodes);
    }
    for (const [name, { input, slider, requires }] of this.fields) {
      if (input !== document.activeElement) input.value = values[name]!.replaceAll("-", "−");
      requires.checked = !fixed.includes(name);
      this.slide(slider, values[name]!);
    }
  }

  focus(name: string): void {
    this.fields.get(name)?.input.focus();
  }

  /** Says what is wrong with a value; an empty message says that nothing is. */
  complain(name: string, message: string): void {
    const field = this.fields.get(name);
    if (!field) return;
    field.complaint.textContent = message;
    field.input.setAttribute("aria-invalid", String(message !== ""));
  }

  private field(name: string): Field {
    const { onChange, onRequire } = this.options;
    const input = make("input", {
      id: `autograd-${name}`,
      test: `value-${name}`,
      autocomplete: "off",
      spellcheck: false,
    });
    const slider = make("input", {
      type: "range",
      ariaLabel: `${name}, slider`,
      test: `slider-${name}`,
    });
    const requires = make("input", { type: "checkbox", test: `requires-${name}` });
    const complaint = make("p", { className: "complaint", id: `autograd-${name}-complaint` });
    complaint.setAttribute("role", "alert");
    input.setAttribute("aria-describedby", complaint.id);
    input.addEventListener("input", () => onChange(name, input.value));
    slider.addEventListener("input", () => {
      const text = String(Number(Number(slider.value).toPrecision(4)));
      input.value = text.replaceAll("-", "−");
      onChange(name, text);
    });
    requires.addEventListener("change", () => onRequire(name, requires.checked));
    make(
      "div",
      { className: "value-field" },
      make("label", { htmlFor: input.id }, make("i", {}, name)),
      input,
      slider,
      make("label", { className: "check" }, requires, "requires a gradient"),
      complaint,
    );
    return { input, slider, requires, complaint };
  }

  private slide(slider: HTMLInputElement, text: string): void {
    let value: number | undefined;
    try {
      const { values, shape } = readValue("", text);
      if (shape.length === 0) value = values[0];
    } catch {
      // Nothing has changed.
      return;
    }
    slider.hidden = value === undefined;
    if (value === undefined) return;
    const reach = Math.max(
      5,
      ...[Number(slider.max)].filter((max) => max >= Math.abs(value) && max !== 100),
      Math.ceil(Math.abs(value) * 1.5),
    );
    slider.min = String(-reach);
    slider.max = String(reach);
    slider.step = reach > 50 ? "1" : "0.1";
    slider.value = String(value);
  }
}
