// Up to three runs that are kept for comparison: their curves behind those of the current run,
// their results beside its own, and the differences of their settings in words. They outlive
// resets, new runs and reloads.
import { lazy } from "../../../ui/lazy";
import { button, make, part } from "../../../ui/dom";
import { retriable } from "../../../ui/problems";
import type { DigitsRun } from "../run/digits_run";
import type { ComparedRun, KeptRun } from "../run/run_record";
import { lazyStore, mayHaveKept } from "../storage/lazy_store";
import { completed } from "../settings/digits_settings";
import { channelName, letters } from "../storage/names";
import type { RunStore } from "../storage/run_store";
import { resultRow, results } from "./results";

type Differences = typeof import("../settings/differences");

const loadDifferences = lazy(() => import("../settings/differences"), "differences");

export class Comparison {
  private kept: KeptRun[] = [];
  // The runs that only this page has, not the browser.
  private readonly unsaved = new Set<KeptRun>();
  // What the browser keeps; undefined until there is something to keep or to read.
  private store: RunStore | undefined;
  private preparing: Promise<void> | undefined;
  private readonly load;
  private readonly button: HTMLButtonElement;
  // The module that says how settings differ.
  private module: Differences | undefined;
  private loading = false;
  private prepared = false;
  // Whether the current run is shown as begun.
  private begun = false;

  constructor(
    private readonly place: HTMLElement,
    private readonly run: DigitsRun,
  ) {
    this.button = part<HTMLButtonElement>(place, "keep-run");
    this.button.addEventListener("click", () => void this.keep());
    // Other tabs say here that they have kept or forgotten a run.
    const channel = new BroadcastChannel(channelName);
    channel.onmessage = () => void this.recall();
    this.load = lazyStore(run, channel);
    run.onAny(["net", "best"], () => this.show());
    run.on("progress", ({ epochsDone = [] }) => {
      if (!this.begun || epochsDone.length > 0) this.show();
    });
    this.show();
    void this.begin();
  }

  private async begin(): Promise<void> {
    if (await mayHaveKept()) await this.prepare();
  }

  // Loads the store before the first click that keeps a run, which a reload may follow at once.
  private prepare(): Promise<void> {
    return (this.preparing ??= this.recall().then(() => {
      this.prepared = true;
      this.show();
    }));
  }

  // The run that is under way or has ended last; undefined before its first step.
  private get current(): ComparedRun | undefined {
    const { history, trainedWith } = this.run;
    const { step, epochs, restored } = history;
    return step > 0 ? { ...trainedWith, epochs, restored } : undefined;
  }

  // Shows the current run anew, since it has come further or is another one.
  private show(): void {
    const { current, place } = this;
    const full = this.kept.length === letters.length;
    this.begun = current !== undefined;
    this.button.disabled = !current || full || !this.prepared;
    if (current) void this.prepare();
    if (current || this.kept.length > 0) void this.loadModule();
    part(place, "full").hidden = !full;
    part(place, "compared").hidden = this.kept.length === 0;
    if (this.kept.length === 0) return;

    const rows = [
      resultRow("This run", current),
      ...this.kept.map((each) => resultRow(each.name, each)),
    ];
    for (const [i, { name }] of this.kept.entries()) rows[i + 1]!.append(this.forgetting(name));
    rows[0]!.append(make("td"));
    replace(part(place, "compared-rows"), rows);
    if (this.module) replace(part(place, "differences"), this.describe(current, this.module));
  }

  private describe(run: ComparedRun | undefined, { differences }: Differences): HTMLElement[] {
    return this.kept.map((kept) => {
      const title = make("b", {}, `This run, compared with ${kept.name}: `);
      const settings = completed({ validation: 0, ...kept.settings }, this.run.asked.recipes);
      const sentence = run
        ? `${differences(run, { ...kept, settings })}.${results(run, kept)}`
        : "it has not begun yet.";
      return make("li", {}, title, sentence);
    });
  }

  // Loads the module when there may be something to compare, so that the page opens faster.
  private async loadModule(): Promise<void> {
    if (this.module || this.loading) return;
    this.loading = true;
    try {
      this.module = await loadDifferences();
      this.loading = false;
      this.show();
    } catch (error) {
      const again = () => {
        this.loading = false;
        void this.loadModule();
      };
      // Where nothing is compared, nobody misses it yet.
      if (this.kept.length > 0) this.run.show(retriable(error, again));
      else this.loading = false;
    }
  }

  private async keep(): Promise<void> {
    const { run, current } = this;
    const free = letters.filter((letter) => !this.kept.some(({ name }) => name === letter));
    const [name] = free;
    if (!current || !name) return;
    const points = run.record().charts;
    const kept: KeptRun = structuredClone({ name, points, ...current });
    this.unsaved.add(kept);
    this.change([...this.kept, kept]);
    try {
      const store = this.store ?? (await this.load());
      const stored = await store.add(kept, free);
      this.unsaved.delete(kept);
      await this.recall();
      if (stored)
        run.emit(
          "say",
          `This run is kept as ${stored}. Change a setting and start again to compare.`,
        );
      else run.show({ title: "This run is not kept", message: full });
    } catch (error) {
      const message = `${(error as Error).message} Run ${name} can be compared with until this page is closed.`;
      run.show({ title: "This run is not kept in this browser", message });
    }
  }

  private forgetting(name: string): HTMLElement {
    const forget = () => {
      void this.forget(name);
      this.button.focus();
    };
    return make("td", {}, button(`Forget ${name}`, forget, { className: "quiet" }));
  }

  private async forget(name: string): Promise<void> {
    const { run } = this;
    this.change(this.kept.filter((each) => each.name !== name));
    try {
      const store = this.store ?? (await this.load());
      await store.forget(name);
    } catch (error) {
      const { message } = error as Error;
      run.show({ title: `Run ${name} is not forgotten by this browser`, message });
    }
  }

  private change(kept: KeptRun[]): void {
    this.kept = kept.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const run of this.unsaved) if (!kept.includes(run)) this.unsaved.delete(run);
    this.run.emit("compared", this.kept);
    this.show();
  }

  // Shows the runs that the browser has, from whichever tab, and those that only this page has.
  private async recall(): Promise<void> {
    try {
      this.store ??= await this.load();
      this.showStored(await this.store.compared());
    } catch {
      // This browser keeps nothing, which whoever keeps a run is told.
    }
  }

  private showStored(stored: readonly KeptRun[]): void {
    const isStored = (name: string) => stored.some((each) => each.name === name);
    this.change([...stored, ...[...this.unsaved].filter(({ name }) => !isStored(name))]);
  }
}

const full =
  "Another tab has kept runs meanwhile: there are three. Forget one of them to make room.";

// Replaces only the rows that have changed, so that the focus stays on its button.
function replace(place: HTMLElement, rows: HTMLElement[]): void {
  rows.forEach((row, i) => {
    const old = place.children[i];
    if (!old) place.append(row);
    else if (old.textContent !== row.textContent) old.replaceWith(row);
  });
  while (place.children.length > rows.length) place.lastElementChild!.remove();
}
