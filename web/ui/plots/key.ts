// The key above a figure, "— training  - - test": the names of the curves, each with its value
// below, and, in a line of their own, the runs that are kept for comparison.
import { make, setText } from "../dom";
import { shape } from "../svg";
import type { Judge } from "./curves";

export type Curve = "train" | "test" | "validation";

export const lineSamples: Record<Curve, { title: string; dash: number[] }> = {
  train: { title: "training", dash: [] },
  test: { title: "test", dash: [7, 5] },
  validation: { title: "validation", dash: [2, 4] },
};

export interface KeptValues {
  name: string;
  train: number;
  // What the run was judged by.
  judge: Judge;
  judged: number;
}

export class CurveKey {
  private readonly line = make("p", { className: "key" });
  private readonly keptLine = make("p", { className: "key kept", hidden: true });
  readonly element = make("div", {}, this.line, this.keptLine);
  private readonly entries = {} as Record<Curve, { entry: HTMLElement; value: HTMLElement }>;
  private kept: { name: string; train: Text; judged: Text }[] = [];

  constructor() {
    for (const curve of ["train", "test", "validation"] as const) this.add(curve);
  }

  // Names the curves that there are, training and what it is judged by.
  judgeBy(judge: Judge): void {
    this.entries.test.entry.hidden = judge !== "test";
    this.entries.validation.entry.hidden = judge !== "validation";
  }

  // Shows a value; NaN where there is none yet.
  show(name: Curve, value: number, write: (value: number) => string): void {
    setText(this.entries[name].value, Number.isFinite(value) ? write(value) : "");
  }

  showKept(values: readonly KeptValues[], write: (value: number) => string): void {
    this.keptLine.hidden = values.length === 0;
    if (String(values.map(({ name }) => name)) !== String(this.kept.map(({ name }) => name))) {
      this.kept = values.map(({ name }) => ({ name, train: new Text(), judged: new Text() }));
      this.keptLine.replaceChildren(
        ...this.kept.map(({ name, train, judged }, i) => {
          const letter = make("strong", {}, name);
          const [first, second] = [sample("train", 1.5), sample(values[i]!.judge, 1.5)];
          return make("span", {}, letter, " ", first, train, " ", second, judged);
        }),
      );
    }
    const text = (value: number) => (Number.isFinite(value) ? write(value) : "–");
    this.kept.forEach(({ train, judged }, i) => {
      setText(train, text(values[i]!.train));
      setText(judged, text(values[i]!.judged));
    });
  }

  private add(name: Curve): void {
    const value = make("b");
    const entry = make("span", {}, sample(name, 3), lineSamples[name].title, " ", value);
    this.line.append(entry);
    this.entries[name] = { entry, value };
  }
}

function sample(name: Curve, width: number): SVGElement {
  const { dash } = lineSamples[name];
  const line = { d: "M0 5h30", "stroke-width": width, "stroke-dasharray": dash.join(" ") };
  const box = { viewBox: "0 0 30 10", class: name, "aria-hidden": "true" };
  return shape("svg", box, shape("path", line));
}
