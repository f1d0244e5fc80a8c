// The last run, which the browser keeps: what is kept of it, and the offer to restore it.
import * as format from "../../../ui/format";
import type { DigitsRun } from "../run/digits_run";
import type { RunStore } from "../storage/run_store";
import type { SavedRuns } from "../storage/saved_runs";
import { called, mnistIn } from "../storage/which_mnist";
import type { WhichMnist } from "../../../data/mnist";

export class LastRun {
  constructor(
    private readonly run: DigitsRun,
    private readonly store: RunStore,
    private readonly savedRuns: SavedRuns,
  ) {}

  // Says that a run is kept here, if one is.
  async offer(): Promise<void> {
    const { run, store, savedRuns } = this;
    const last = await store.last().catch(() => undefined);
    if (!last) return;
    const forget = () =>
      store.forgetLast(last).catch(({ message }: Error) => {
        run.show({ title: "The run is not forgotten by this browser", message });
      });
    const saved = { checkpoint: last.checkpoint, record: last.curves };
    const name = "The kept run";
    const other = await savedRuns.isOther(saved);
    const restore = { label: "Restore it", run: () => void savedRuns.open(saved, name) };
    run.show(
      {
        title: "A run is kept in this browser",
        message: `${last.title}, from ${new Date(last.when).toLocaleString()}.`,
        ...(other && { hint: hintFor(mnistIn(last.checkpoint)) }),
        actions: other ? await savedRuns.ways(saved, name) : [restore],
        dismissal: { label: "Forget it", run: forget },
      },
      "kept",
    );
  }

  // Keeps the current run in place of the one before; returns whether there is a run to keep.
  async keep(): Promise<boolean> {
    const saved = await this.run.snapshot();
    if (!saved) return false;
    const { checkpoint, record: curves } = saved;
    await this.store.keepLast({ checkpoint, curves, title: this.title, when: Date.now() });
    return true;
  }

  // The title of the run, for people.
  private get title(): string {
    const { trainedWith, history, sets, asked } = this.run;
    const { net, epochs } = trainedWith.settings;
    const { step, batchesPerEpoch, accuracyNow, judge, restored } = history;
    const named = asked.isName(net) ? `The network ${net}` : "Your own net";
    const done = Math.floor(step / batchesPerEpoch);
    const steps = step - done * batchesPerEpoch;
    const more = steps > 0 ? ` and ${format.counted(steps, "step")}` : "";
    const tested =
      accuracyNow === undefined
        ? `no ${judge} accuracy yet`
        : `${judge} accuracy ${format.percent(accuracyNow)}`;
    const learned = { full: "", small: ` on ${called.small}`, own: " on your own pictures" };
    const weights = restored ? `, with the weights of epoch ${restored.epoch}` : "";
    return `${named}${learned[sets?.which ?? "own"]}, ${done} of ${format.counted(epochs, "epoch")}${more}, ${tested}${weights}`;
  }
}

const hintFor = (which: WhichMnist | undefined): string =>
  which
    ? `It learned ${called[which]}: load that first, and it comes back.`
    : "It learned other pictures: choose them first, and it comes back.";
