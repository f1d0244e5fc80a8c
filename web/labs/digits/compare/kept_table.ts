// The table of the runs that are kept, below the current one: what each has come to, its name, which can be
// changed, and whether it is drawn. Rows stay in the page as long as their runs, and with them the focus.
import { button, make, part, setText } from "../../../ui/dom";
import type { KeptRun, RunResults } from "../run/run_record";
import { longestTitle } from "../storage/stored_runs";
import { accuracyOf, resultCells } from "./results";

export interface TableActions {
  rename(name: string, title: string): void;
  draw(name: string, drawn: boolean): void;
  forget(name: string): void;
}

interface KeptRow {
  row: HTMLTableRowElement;
  cells: HTMLElement[];
  title: HTMLInputElement;
  drawn: HTMLInputElement;
}

export class KeptTable {
  private readonly rows = new Map<string, KeptRow>();
  private readonly current = make("tr", {}, make("th", { scope: "row" }, "This run"));
  private readonly currentCells: HTMLElement[];
  private readonly body: HTMLElement;
  private readonly head: HTMLElement;
  private byAccuracy = false;
  private shown: [kept: readonly KeptRun[], names: readonly string[]] = [[], []];

  constructor(
    place: HTMLElement,
    private readonly actions: TableActions,
  ) {
    this.body = part(place, "compared-rows");
    this.currentCells = resultCells(undefined).map(() => make("td"));
    this.current.append(...this.currentCells, make("td"), make("td"));
    this.body.append(this.current);
    const heads = [...part(place, "compared").querySelectorAll<HTMLElement>("thead th")];
    this.head = heads.find(({ textContent }) => textContent === "Accuracy")!;
    const sort = button("Accuracy", () => this.sort(), { className: "quiet", test: "sort-kept" });
    this.head.replaceChildren(sort);
  }

  // Shows the current run, if it has begun, and the kept ones, with the names suggested for these.
  show(current: RunResults | undefined, kept: readonly KeptRun[], names: readonly string[]): void {
    this.shown = [kept, names];
    fill(this.currentCells, resultCells(current));
    for (const [name, { row }] of this.rows) {
      if (kept.some((each) => each.name === name)) continue;
      row.remove();
      this.rows.delete(name);
    }
    kept.forEach((run, i) => {
      const { cells, title, drawn } = this.rowOf(run.name);
      fill(cells, resultCells(run));
      title.placeholder = names[i]!;
      if (document.activeElement !== title) title.value = run.title || names[i]!;
      drawn.checked = !run.hidden;
    });
    this.order(kept);
  }

  private sort(): void {
    this.byAccuracy = !this.byAccuracy;
    this.order(this.shown[0]);
  }

  private order(kept: readonly KeptRun[]): void {
    this.head.ariaSort = this.byAccuracy ? "descending" : "none";
    const best = (run: KeptRun) => accuracyOf(run) ?? -1;
    const sorted = this.byAccuracy ? kept.toSorted((a, b) => best(b) - best(a)) : kept;
    sorted.forEach(({ name }, i) => {
      const { row } = this.rowOf(name);
      const before = this.body.children[i + 1];
      if (before !== row) this.body.insertBefore(row, before ?? null);
    });
  }

  private rowOf(name: string): KeptRow {
    const found = this.rows.get(name);
    if (found) return found;
    const title = make("input", {
      className: "title",
      ariaLabel: `Name of run ${name}`,
      maxLength: longestTitle,
      autocomplete: "off",
      spellcheck: false,
      test: `title-${name}`,
    });
    title.addEventListener("change", () => {
      const given = title.value.trim();
      const suggested = this.shown[1][this.shown[0].findIndex((run) => run.name === name)];
      this.actions.rename(name, given === suggested ? "" : given);
      if (!given) title.value = title.placeholder;
    });
    const drawn = make("input", { type: "checkbox", ariaLabel: `Draw run ${name}` });
    drawn.addEventListener("change", () => this.actions.draw(name, drawn.checked));
    const forget = () => this.actions.forget(name);
    const cells = this.currentCells.map(() => make("td"));
    const row = make(
      "tr",
      {},
      make("th", { scope: "row" }, make("b", {}, name), title),
      ...cells,
      make("td", {}, drawn),
      make("td", {}, button(`Forget ${name}`, forget, { className: "quiet" })),
    );
    const made = { row, cells, title, drawn };
    this.rows.set(name, made);
    return made;
  }
}

function fill(cells: readonly HTMLElement[], texts: readonly string[]): void {
  cells.forEach((cell, i) => setText(cell, texts[i]!));
}
