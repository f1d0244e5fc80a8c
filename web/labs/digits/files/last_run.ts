// The last run, which the browser keeps: what is kept of it, and the offer to go on with it.
import * as format from "../../../ui/format";
import type { DigitsRun } from "../run/digits_run";
import type { RunStore } from "../storage/run_store";

export class LastRun {
  constructor(
    private readonly run: DigitsRun,
    private readonly store: RunStore,
  ) {}

  // Says that a run is kept here, if one is.
  async offer(): Promise<void> {
    const { run, store } = this;
    const last = await store.last().catch(() => undefined);
    if (!last) return;
    const forget = () =>
      store.forgetLast(last).catch(({ message }: Error) => {
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
        dismissal: { label: "Forget it", run: forget },
      },
      "kept",
    );
  }

  // Keeps the current run in place of the one before; returns whether there is a run to keep.
  async keep(): Promise<boolean> {
    const { run, store } = this;
    const curves = run.record();
    const checkpoint = await run.net.snapshot();
    if (!checkpoint) return false;
    await store.keepLast({ checkpoint, curves, title: this.title, when: Date.now() });
    return true;
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
