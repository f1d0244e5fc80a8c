// The key above a figure, "— training 0.123  - - test 0.234": names the two curves and has their values.

export class CurveKey {
  readonly element = document.createElement("p");
  private readonly values: Record<"train" | "test", HTMLElement>;

  constructor() {
    this.element.className = "key";
    this.values = {
      train: this.entry("train", "training", ""),
      test: this.entry("test", "test", "7 5"),
    };
  }

  // NaN where there is no value yet.
  show(name: "train" | "test", value: number, write: (value: number) => string): void {
    this.values[name].textContent = Number.isFinite(value) ? write(value) : "";
  }

  private entry(name: string, title: string, dash: string): HTMLElement {
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
    return value;
  }
}
