// The key above a figure, "— training  - - test": names the curves, each with its value below.

export type Curve = "train" | "test" | "validation";

export class CurveKey {
  readonly element = document.createElement("p");
  private readonly entries = {} as Record<Curve, { entry: HTMLElement; value: HTMLElement }>;

  constructor() {
    this.element.className = "key";
    this.add("train", "training", "");
    this.add("test", "test", "7 5");
    this.add("validation", "validation", "2 4");
    this.entries.validation.entry.hidden = true;
  }

  // NaN where there is no value yet. Validation is named where there is one.
  show(name: Curve, value: number, write: (value: number) => string): void {
    const { entry, value: place } = this.entries[name];
    place.textContent = Number.isFinite(value) ? write(value) : "";
    if (name === "validation") entry.hidden = !Number.isFinite(value);
  }

  private add(name: Curve, title: string, dash: string): void {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 30 10");
    svg.setAttribute("class", name);
    svg.setAttribute("aria-hidden", "true");
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    line.setAttribute("d", "M0 5h30");
    line.setAttribute("stroke-width", "3");
    if (dash) line.setAttribute("stroke-dasharray", dash);
    svg.append(line);
    const value = document.createElement("b");
    const entry = document.createElement("span");
    entry.append(svg, title, " ", value);
    this.element.append(entry);
    this.entries[name] = { entry, value };
  }
}
