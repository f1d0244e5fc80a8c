// Up to twelve runs that are kept for comparison: their curves behind those of the current run,
// their results beside its own, and the differences of their settings in words. They outlive
// resets, new runs and reloads.
import { mayHaveKept } from "../../../data/database_name";
import { lazy } from "../../../ui/lazy";
import { make, part } from "../../../ui/dom";
import { retriable } from "../../../ui/problems";
import type { DigitsRun } from "../run/digits_run";
import type { ComparedRun, KeptRun } from "../run/run_record";
import { lazyStore } from "../storage/lazy_store";
import { completed, type Settings } from "../settings/digits_settings";
import { channelName, letters } from "../storage/names";
import type { RunStore } from "../storage/run_store";
import { suggestedNames } from "../settings/run_names";
import { KeptTable } from "./kept_table";
import { results } from "./results";

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
  private readonly forgetAllButton: HTMLButtonElement;
  private readonly table: KeptTable;
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
    this.forgetAllButton = part<HTMLButtonElement>(place, "forget-all");
    this.forgetAllButton.addEventListener("click", () => void this.forgetAll());
    // One press more is needed, and not asked for any longer once something else is done.
    this.forgetAllButton.addEventListener("blur", () => this.askedToForget(false));
    this.table = new KeptTable(place, {
      rename: (name, title) => void this.alter(name, { title: title || undefined }),
      draw: (name, drawn) => void this.alter(name, { hidden: !drawn }),
      forget: (name) => {
        void this.forget(name);
        this.button.focus();
      },
    });
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

    const { recipes } = this.run.asked;
    const completedRuns = this.kept.map((kept) => ({ ...kept, settings: this.settingsOf(kept) }));
    this.table.show(current, this.kept, suggestedNames(completedRuns, recipes));
    this.forgetAllButton.hidden = this.kept.length < 2;
    if (this.module) replace(part(place, "differences"), this.describe(current, this.module));
  }

  private describe(run: ComparedRun | undefined, { differences }: Differences): HTMLElement[] {
    const drawn = this.kept.filter(({ hidden }) => !hidden);
    return drawn.map((kept) => {
      const title = make("b", {}, `This run, compared with ${kept.name}: `);
      const settings = this.settingsOf(kept);
      const sentence = run
        ? `${differences(run, { ...kept, settings })}.${results(run, kept)}`
        : "it has not begun yet.";
      return make("li", {}, title, sentence);
    });
  }

  // All settings of a kept run, also those that the build which kept it did not have.
  private settingsOf({ settings }: KeptRun): Settings {
    return completed({ validation: 0, ...settings }, this.run.asked.recipes);
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

  private askedToForget(asked: boolean): void {
    this.forgetAllButton.textContent = asked ? `Yes, forget all ${this.kept.length}` : forgetAll;
  }

  private async forgetAll(): Promise<void> {
    const { run } = this;
    if (this.forgetAllButton.textContent === forgetAll) return this.askedToForget(true);
    this.change([]);
    this.button.focus();
    try {
      const store = this.store ?? (await this.load());
      await store.forgetAll();
    } catch (error) {
      const { message } = error as Error;
      run.show({ title: "The runs are not forgotten by this browser", message });
    }
  }

  // Changes what a run is called, or whether it is drawn.
  private async alter(name: string, changes: Pick<KeptRun, "title" | "hidden">): Promise<void> {
    const { run } = this;
    const kept = this.kept.find((each) => each.name === name);
    if (!kept) return;
    Object.assign(kept, changes);
    this.change(this.kept);
    try {
      const store = this.store ?? (await this.load());
      await store.change(name, changes);
    } catch (error) {
      // It holds until the page is closed, as the run itself does where nothing is kept.
      if (this.unsaved.has(kept)) return;
      const { message } = error as Error;
      run.show({ title: `What was changed of run ${name} is not kept`, message });
    }
  }

  private change(kept: KeptRun[]): void {
    this.kept = kept.toSorted((a, b) => (a.name < b.name ? -1 : 1));
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

const forgetAll = "Forget them all";
const full =
  "Another tab has kept runs meanwhile: there are twelve. Forget one of them to make room.";

// Replaces only the rows that have changed, so that the focus stays on its button.
function replace(place: HTMLElement, rows: HTMLElement[]): void {
  rows.forEach((row, i) => {
    const old = place.children[i];
    if (!old) place.append(row);
    else if (old.textContent !== row.textContent) old.replaceWith(row);
  });
  while (place.children.length > rows.length) place.lastElementChild!.remove();
}
