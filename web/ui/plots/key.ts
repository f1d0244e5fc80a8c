// The key above a figure, "— training  - - test": the names of the curves, each with its value
// below, and, in a line of their own, the runs that are kept for comparison.

export type Curve = "train" | "test" | "validation";

export const lineSamples: Record<Curve, { title: string; dash: number[] }> = {
  train: { title: "training", dash: [] },
  test: { title: "test", dash: [7, 5] },
  validation: { title: "validation", dash: [2, 4] },
};

export interface KeptValues {
  name: string;
  train: number;
  test: number;
}

export class CurveKey {
  readonly element = document.createElement("div");
  private readonly line = document.createElement("p");
  private readonly keptLine = document.createElement("p");
  private readonly entries = {} as Record<Curve, { entry: HTMLElement; value: HTMLElement }>;
  private kept: { name: string; train: Text; test: Text }[] = [];

  constructor() {
    this.line.className = "key";
    this.keptLine.className = "key kept";
    this.keptLine.hidden = true;
    this.element.append(this.line, this.keptLine);
    for (const curve of ["train", "test", "validation"] as const) this.add(curve);
    this.entries.validation.entry.hidden = true;
  }

  // Shows a value; NaN where there is none yet. Validation is named only where there is one.
  show(name: Curve, value: number, write: (value: number) => string): void {
    const { entry, value: place } = this.entries[name];
    place.textContent = Number.isFinite(value) ? write(value) : "";
    if (name === "validation") entry.hidden = !Number.isFinite(value);
  }

  showKept(values: readonly KeptValues[], write: (value: number) => string): void {
    this.keptLine.hidden = values.length === 0;
    if (String(values.map(({ name }) => name)) !== String(this.kept.map(({ name }) => name))) {
      this.kept = values.map(({ name }) => ({ name, train: new Text(), test: new Text() }));
      this.keptLine.replaceChildren(
        ...this.kept.map(({ name, train, test }) => {
          const entry = document.createElement("span");
          const letter = document.createElement("strong");
          letter.textContent = name;
          entry.append(letter, " ", sample("train", 1.5), train, " ", sample("test", 1.5), test);
          return entry;
        }),
      );
    }
    const text = (value: number) => (Number.isFinite(value) ? write(value) : "–");
    this.kept.forEach(({ train, test }, i) => {
      train.data = text(values[i]!.train);
      test.data = text(values[i]!.test);
    });
  }

  private add(name: Curve): void {
    const value = document.createElement("b");
    const entry = document.createElement("span");
    entry.append(sample(name, 3), lineSamples[name].title, " ", value);
    this.line.append(entry);
    this.entries[name] = { entry, value };
  }
}

function sample(name: Curve, width: number): SVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 30 10");
  svg.setAttribute("class", name);
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", "M0 5h30");
  line.setAttribute("stroke-width", String(width));
  const { dash } = lineSamples[name];
  if (dash.length > 0) line.setAttribute("stroke-dasharray", dash.join(" "));
  svg.append(line);
  return svg;
}
