// Keeps the last run in this browser, at the ends of epochs and wherever it rests, so that a reload
// can go on with it.
import * as format from "../../../ui/format";
import type { DigitsRun } from "../run/digits_run";
import { lazyStore, mayHaveKept } from "../storage/lazy_store";

export class LastRunKeeper {
  private readonly store;
  private keeping = false;
  private again = false;
  // Whether it has been said that nothing is kept.
  private told = false;

  constructor(private readonly run: DigitsRun) {
    this.store = lazyStore(run);
    run.on("progress", ({ epochsDone = [] }) => {
      if (epochsDone.length > 0) void this.keep();
    });
    run.on("best", () => void this.keep());
    run.on("status", (status) => {
      if (status === "paused") void this.keep();
      // There will be something to keep; whoever wants to keep it says what is wrong.
      if (status === "training") void this.store().catch(() => {});
    });
    document.addEventListener("visibilitychange", () => {
      if (document.hidden && run.running) void this.keep();
    });
  }

  // Says that a run is kept here, if one is.
  async offer(): Promise<void> {
    const { run, store } = this;
    if (!(await mayHaveKept())) return;
    const kept = await store().catch(() => undefined);
    const last = await kept?.last().catch(() => undefined);
    if (!kept || !last) return;
    const forget = () =>
      kept.forgetLast(last).catch(({ message }: Error) => {
        run.show({ title: "The run is not forgotten by this browser", message });
      });
    run.show(
      {
        title: "A run is kept in this browser",
        message: `${last.title}, from ${new Date(last.when).toLocaleString()}.`,
        action: {
          label: "Go on with it",
          run: () => void run.restore(last.checkpoint, last.curves),
        },
        dismissal: { label: "Forget it", run: () => void forget() },
      },
      "kept",
    );
  }

  // Keeps the current run in place of the one before. Where that cannot be done, it is said once.
  private async keep(): Promise<void> {
    this.again = this.keeping;
    if (this.keeping) return;
    this.keeping = true;
    const { run, store } = this;
    try {
      const curves = run.record();
      const checkpoint = await run.net.snapshot();
      if (!checkpoint) return;
      const kept = await store();
      await kept.keepLast({ checkpoint, curves, title: this.title, when: Date.now() });
      this.told = false;
    } catch (error) {
      if (this.told) return;
      this.told = true;
      run.show(
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

  // The title of the run, for people.
  private get title(): string {
    const { settings, history, pictures, isCataloged } = this.run;
    const { epoch, testAccuracy, restored } = history;
    const net = isCataloged ? settings.net : "your own net";
    const tested =
      testAccuracy === undefined
        ? "not tested yet"
        : `test accuracy ${format.percent(testAccuracy)}`;
    const learned = pictures?.noun === "picture" ? " on your own pictures" : "";
    const weights = restored ? `, with the weights of epoch ${restored.epoch}` : "";
    return `The network ${net}${learned}, ${epoch} of ${settings.epochs} epochs, ${tested}${weights}`;
  }
}
