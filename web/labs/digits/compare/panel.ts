// Up to three runs that are kept for comparison: their curves behind those of the current run,
// their results beside its own, and the differences of their settings in words. They outlive
// resets, new runs and reloads.
import * as format from "../../../ui/format";
import { lazy } from "../../../ui/lazy";
import type { Chart } from "../../../ui/plots/chart";
import { retriable, type Problem } from "../../../ui/problems";
import { letters, type ComparedRun, type KeptRun, type RunStore } from "../run/run_store";

type Words = typeof import("./differences");

export const loadWords = lazy(() => import("./differences"), "differences");

export interface CompareOptions {
  place: HTMLElement;
  charts: readonly Chart[];
  store: RunStore;
  // The run that is under way or has ended last; undefined before its first step.
  run(): ComparedRun | undefined;
  say(sentence: string): void;
  onProblem(problem: Problem): void;
}

export class Compare {
  private kept: KeptRun[] = [];
  // The runs that only this page has, not the browser.
  private readonly unsaved = new Set<KeptRun>();
  private readonly button: HTMLButtonElement;
  private words: Words | undefined;
  private loading = false;

  constructor(private readonly options: CompareOptions) {
    this.button = this.find<HTMLButtonElement>('[data-testid="keep-run"]');
    this.button.addEventListener("click", () => void this.keep());
    this.show();
    options.store.onCompared = () => void this.recall();
    void this.recall();
  }

  // Shows the current run anew, since it has come further or is another one.
  show(): void {
    const run = this.options.run();
    const full = this.kept.length === letters.length;
    this.button.disabled = !run || full;
    if (run || this.kept.length > 0) void this.findWords();
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

  // Loads the words when there may be something to compare, so that the page opens faster.
  private async findWords(): Promise<void> {
    if (this.words || this.loading) return;
    this.loading = true;
    try {
      this.words = await loadWords();
      this.loading = false;
      this.show();
    } catch (error) {
      const again = () => {
        this.loading = false;
        void this.findWords();
      };
      // Where nothing is compared, nobody misses the words yet.
      if (this.kept.length > 0) this.options.onProblem(retriable(error, again));
      else this.loading = false;
    }
  }

  private async keep(): Promise<void> {
    const { charts, run, say, store, onProblem } = this.options;
    const { epochs, ...settings } = run() ?? {};
    const free = letters.filter((letter) => !this.kept.some(({ name }) => name === letter));
    const [name] = free;
    if (!epochs || !name) return;
    const points = charts.map((chart) => chart.points());
    const kept = structuredClone({ name, points, epochs, ...settings } as KeptRun);
    this.unsaved.add(kept);
    this.change([...this.kept, kept]);
    try {
      const stored = await store.add(kept, free);
      this.unsaved.delete(kept);
      await this.recall();
      if (stored)
        say(`This run is kept as ${stored}. Change a setting and start again to compare.`);
      else onProblem({ title: "This run is not kept", message: full });
    } catch (error) {
      const message = `${(error as Error).message} Run ${name} can be compared with until this page is closed.`;
      onProblem({ title: "This run is not kept in this browser", message });
    }
  }

  private forgetting(name: string): HTMLElement {
    const cell = document.createElement("td");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = `Forget ${name}`;
    button.addEventListener("click", () => {
      void this.forget(name);
      this.button.focus();
    });
    cell.append(button);
    return cell;
  }

  private async forget(name: string): Promise<void> {
    const { store, onProblem } = this.options;
    this.change(this.kept.filter((each) => each.name !== name));
    try {
      await store.forget(name);
    } catch (error) {
      const { message } = error as Error;
      onProblem({ title: `Run ${name} is not forgotten by this browser`, message });
    }
  }

  private change(kept: KeptRun[]): void {
    this.kept = kept.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const run of this.unsaved) if (!kept.includes(run)) this.unsaved.delete(run);
    this.options.charts.forEach((chart, i) =>
      chart.setKept(this.kept.map(({ name, points }) => ({ name, points: points[i]! }))),
    );
    this.show();
  }

  // Shows the runs that the browser has, from whichever tab, and those that only this page has.
  private async recall(): Promise<void> {
    const stored = await this.options.store.compared().catch(() => undefined);
    if (!stored) return;
    const isStored = (name: string) => stored.some((each) => each.name === name);
    this.change([...stored, ...[...this.unsaved].filter(({ name }) => !isStored(name))]);
  }

  private find<T extends HTMLElement>(selector: string): T {
    return this.options.place.querySelector<T>(selector)!;
  }
}

const full =
  "Another tab has kept runs meanwhile: there are three. Forget one of them to make room.";

// ---- Results ----------------------------------------------------------------

function row(name: string, run: ComparedRun | undefined): HTMLTableRowElement {
  const element = document.createElement("tr");
  const head = document.createElement("th");
  head.scope = "row";
  head.textContent = name;
  const last = run && standing(run);
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

// What the run's weights answer: those after its last epoch, or those of its best epoch where they
// are back.
export function standing({ epochs, restored }: Pick<ComparedRun, "epochs" | "restored">) {
  if (!restored) return epochs.at(-1);
  const then = epochs.find(({ epoch }) => epoch === restored.epoch);
  return { trainLoss: NaN, trainAccuracy: NaN, seconds: NaN, ...then, ...restored };
}

// A sentence that compares the results, where both runs have ended an epoch.
export function results(run: ComparedRun, other: ComparedRun): string {
  const [is, was] = [standing(run), standing(other)];
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

// Replaces only the rows that have changed, so that the focus stays on its button.
function replace(place: HTMLElement, rows: HTMLElement[]): void {
  rows.forEach((row, i) => {
    const old = place.children[i];
    if (!old) place.append(row);
    else if (old.textContent !== row.textContent) old.replaceWith(row);
  });
  while (place.children.length > rows.length) place.lastElementChild!.remove();
}
