// Keeps the last run in this browser, at the ends of epochs, every few seconds and wherever it rests,
// so that a reload can go on with it.
import { mayHaveKept } from "../../../data/database_name";
import { lazy, once } from "../../../ui/lazy";
import type { DigitsRun } from "../run/digits_run";
import { lazyStore } from "../storage/lazy_store";
import type { SavedRuns } from "../storage/saved_runs";

const loadLastRun = lazy(() => import("./last_run"), "LastRun");

// The milliseconds of training that a reload may lose.
const patience = 5000;
// Training takes this many times as long as keeping takes.
const costShare = 20;

export class LastRunKeeper {
  private readonly lastRun;
  private keeping = false;
  private again = false;
  // Whether the run has come further since it was made or came back.
  private changed = false;
  // When the run is kept next, unless an epoch ends or it rests before.
  private due = Infinity;
  // Whether it has been said that nothing is kept.
  private told = false;

  constructor(
    private readonly run: DigitsRun,
    savedRuns: () => Promise<SavedRuns>,
  ) {
    const store = lazyStore(run);
    this.lastRun = once(async () => {
      const [{ LastRun }, ...others] = await Promise.all([loadLastRun(), store(), savedRuns()]);
      return new LastRun(run, ...others);
    });
    run.on("net", () => (this.changed = false));
    run.on("progress", ({ epochsDone = [], steps }) => {
      this.changed ||= steps.length > 0 || epochsDone.length > 0;
      const { status } = run;
      const isDue = status === "training" && performance.now() > this.due && !this.keeping;
      const wasKept = status === "paused" || status === "stopped";
      if (epochsDone.length > 0 || isDue || (wasKept && steps.length > 0)) void this.keep();
    });
    run.on("best", () => void this.keep());
    run.on("examined", (found) => {
      // While it trains, it is kept soon anyway.
      if (found && this.changed && run.status !== "training") void this.keep();
    });
    run.on("settings", (key) => {
      if (key === "rates") void this.keep();
    });
    run.on("status", (status) => {
      const rests = status === "paused" || status === "stopped" || status === "finished";
      if (rests && this.changed) void this.keep();
      if (status !== "training") return;
      this.due = performance.now() + patience;
      // There will be something to keep; whoever wants to keep it says what is wrong.
      void this.lastRun().catch(() => {});
    });
    document.addEventListener("visibilitychange", () => {
      if (document.hidden && run.running) void this.keep();
    });
  }

  // Says that a run is kept here, if one is.
  async offer(): Promise<void> {
    if (!(await mayHaveKept())) return;
    const lastRun = await this.lastRun().catch(() => undefined);
    await lastRun?.offer();
  }

  // Keeps the current run in place of the one before. Where that cannot be done, it is said once.
  private async keep(): Promise<void> {
    this.again = this.keeping;
    if (this.keeping) return;
    this.keeping = true;
    this.due = Infinity;
    const begin = performance.now();
    try {
      const lastRun = await this.lastRun();
      if (await lastRun.keep()) {
        this.told = false;
        const now = performance.now();
        this.due = now + Math.max(patience, costShare * (now - begin));
      }
    } catch (error) {
      if (this.told) return;
      this.told = true;
      this.run.show(
        {
          title: "This run is not kept in this browser",
          message: `${(error as Error).message} A reload would lose it: save it to a file to go on with it later.`,
        },
        "notice",
      );
    } finally {
      this.keeping = false;
      // The run has come further meanwhile.
      if (this.again) void this.keep();
    }
  }
}
