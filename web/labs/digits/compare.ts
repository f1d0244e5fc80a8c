// Runs kept to compare with, up to three: their curves behind those of the run under way, their results beside
// its own, and what is different about them in words. They outlive resets, new runs and reloads.
import type { EpochResult } from "lanegrad";
import * as format from "../../format";
import type { Chart, ChartPoints } from "../../plots/chart";
import type { RunSettings } from "./differences";
import { keepCompared, keptCompared } from "./keep";

type Words = typeof import("./differences");

const letters = ["A", "B", "C"];

export interface ComparedRun extends RunSettings {
  epochs: readonly EpochResult[];
}

interface KeptRun extends ComparedRun {
  name: string;
  points: ChartPoints[]; // of each chart
}

export interface CompareOptions {
  place: HTMLElement;
  charts: readonly Chart[];
  // The run under way or just over; undefined before its first step.
  run(): ComparedRun | undefined;
  say(sentence: string): void;
}

export class Compare {
  private kept: KeptRun[] = [];
  private readonly button: HTMLButtonElement;
  private words: Words | undefined;
  private loading: Promise<void> | undefined;

  constructor(private readonly options: CompareOptions) {
    this.button = this.find<HTMLButtonElement>('[data-testid="keep-run"]');
    this.button.addEventListener("click", () => this.keep());
    this.show();
    void this.recall();
  }

  // The run has come further, or is another one.
  show(): void {
    const run = this.options.run();
    const full = this.kept.length === letters.length;
    this.button.disabled = !run || full;
    if (run || this.kept.length > 0) this.loadWords();
    this.find(".full").hidden = !full;
    this.find(".compared").hidden = this.kept.length === 0;
    if (this.kept.length === 0) return;

    const rows = [row("This run", run), ...this.kept.map((each) => row(each.name, each))];
    for (const [i, { name }] of this.kept.entries()) rows[i + 1]!.append(this.forgetting(name));
    rows[0]!.append(document.createElement("td"));
    replace(this.find("tbody"), rows);
    if (this.words) replace(this.find(".words"), this.describe(run, this.words.differences));
  }

  private describe(run: ComparedRun | undefined, say: Words["differences"]): HTMLElement[] {
    return this.kept.map((kept) => {
      const item = document.createElement("li");
      const title = document.createElement("b");
      title.textContent = `This run, compared with ${kept.name}: `;
      const sentence = run ? `${say(run, kept)}.${results(run, kept)}` : "it has not begun yet.";
      item.append(title, sentence);
      return item;
    });
  }

  // Not before there may be something to compare; the page opens faster without.
  private loadWords(): void {
    this.loading ??= import("./differences").then(
      (words) => {
        this.words = words;
        this.show();
      },
      () => (this.loading = undefined), // The next run may find the connection back.
    );
  }

  private keep(): void {
    const { charts, run, say } = this.options;
    const { epochs, ...settings } = run() ?? {};
    const name = letters.find((letter) => !this.kept.some((each) => each.name === letter));
    if (!epochs || !name) return;
    const points = charts.map((chart) => chart.points());
    this.change([...this.kept, structuredClone({ name, points, epochs, ...settings } as KeptRun)]);
    say(`This run is kept as ${name}. Change a setting and start again to compare.`);
  }

  private forgetting(name: string): HTMLElement {
    const cell = document.createElement("td");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = `Forget ${name}`;
    button.addEventListener("click", () => {
      this.change(this.kept.filter((each) => each.name !== name));
      this.button.focus();
    });
    cell.append(button);
    return cell;
  }

  private change(kept: KeptRun[]): void {
    this.kept = kept.sort((a, b) => (a.name < b.name ? -1 : 1));
    this.draw();
    void keepCompared(this.kept);
  }

  private draw(): void {
    this.options.charts.forEach((chart, i) =>
      chart.setKept(this.kept.map(({ name, points }) => ({ name, points: points[i]! }))),
    );
    this.show();
  }

  private async recall(): Promise<void> {
    const kept = (await keptCompared()) as KeptRun[] | undefined;
    // What was kept meanwhile is newer.
    if (!kept || kept.length === 0 || this.kept.length > 0) return;
    this.kept = kept;
    this.draw();
  }

  private find<T extends HTMLElement>(selector: string): T {
    return this.options.place.querySelector<T>(selector)!;
  }
}

// ---- Results ----

function row(name: string, run: ComparedRun | undefined): HTMLTableRowElement {
  const element = document.createElement("tr");
  const head = document.createElement("th");
  head.scope = "row";
  head.textContent = name;
  const last = run?.epochs.at(-1);
  const cells = [
    String(run?.epochs.length ?? "–"),
    last ? format.percent(last.testAccuracy) : "–",
    format.loss(last?.testLoss ?? NaN),
    format.loss(last?.trainLoss ?? NaN),
    last ? `${seconds(run!).toFixed(1)} s` : "–",
  ].map((text) => {
    const cell = document.createElement("td");
    cell.textContent = text;
    return cell;
  });
  element.append(head, ...cells);
  return element;
}

const seconds = ({ epochs }: ComparedRun) => epochs.reduce((sum, each) => sum + each.seconds, 0);

// What the settings have come to, where both have ended an epoch.
export function results(run: ComparedRun, other: ComparedRun): string {
  const [is, was] = [run.epochs.at(-1), other.epochs.at(-1)];
  if (!is || !was) return "";
  const points = 100 * (is.testAccuracy - was.testAccuracy);
  const accuracy = compared(points, 2, (size) => `${size} points`, "higher", "lower");
  const loss = compared(is.testLoss - was.testLoss, 4, (size) => size, "higher", "lower");
  const time = compared(seconds(run) - seconds(other), 1, (size) => `${size} s`, "more", "less");
  const after = is.epoch === was.epoch ? "" : ` after ${is.epoch} against ${was.epoch} epochs`;
  return ` Its test accuracy is ${accuracy}, its test loss ${loss}${after}; it took ${time === "the same" ? "the same time" : time}.`;
}

function compared(
  difference: number,
  digits: number,
  write: (size: string) => string,
  above: string,
  below: string,
): string {
  const size = Math.abs(difference).toFixed(digits);
  if (!Number.isFinite(difference)) return "not to be compared";
  if (Number(size) === 0) return "the same";
  return `${write(size)} ${difference > 0 ? above : below}`;
}

// Only what has changed, so that whoever is on a button stays there.
function replace(place: HTMLElement, rows: HTMLElement[]): void {
  rows.forEach((row, i) => {
    const old = place.children[i];
    if (!old) place.append(row);
    else if (old.textContent !== row.textContent) old.replaceWith(row);
  });
  while (place.children.length > rows.length) place.lastElementChild!.remove();
}
