// Keeps the last run in this browser, at the ends of epochs and wherever it rests, so that a reload
// can go on with it.
import { lazy, once } from "../../../ui/lazy";
import type { DigitsRun } from "../run/digits_run";
import { lazyStore, mayHaveKept } from "../storage/lazy_store";

const loadLastRun = lazy(() => import("./last_run"), "LastRun");

export class LastRunKeeper {
  private readonly lastRun;
  private keeping = false;
  private again = false;
  // Whether it has been said that nothing is kept.
  private told = false;

  constructor(private readonly run: DigitsRun) {
    const store = lazyStore(run);
    this.lastRun = once(async () => {
      const [{ LastRun }, loaded] = await Promise.all([loadLastRun(), store()]);
      return new LastRun(run, loaded);
    });
    run.on("progress", ({ epochsDone = [] }) => {
      if (epochsDone.length > 0) void this.keep();
    });
    run.on("best", () => void this.keep());
    run.on("status", (status) => {
      if (status === "paused") void this.keep();
      // There will be something to keep; whoever wants to keep it says what is wrong.
      if (status === "training") void this.lastRun().catch(() => {});
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
    try {
      const lastRun = await this.lastRun();
      if (await lastRun.keep()) this.told = false;
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
