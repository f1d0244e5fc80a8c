// The runs that are kept for comparison. comparison.ts shows them, and is loaded when some may be kept, or
// soon one can be.
import "./compare.css";
import { mayHaveKept } from "../../../data/database_name";
import { lazy } from "../../../ui/lazy";
import { retriable } from "../../../ui/problems";
import type { DigitsRun } from "../run/digits_run";
import { channelName } from "../storage/names";

const loadComparison = lazy(() => import("./comparison"), "Comparison");

export function mount(place: HTMLElement, run: DigitsRun): void {
  let begun = false;

  async function load(): Promise<void> {
    try {
      const { Comparison } = await loadComparison();
      new Comparison(place, run);
    } catch (error) {
      run.show(retriable(error, () => void load()));
    }
  }
  function begin(): void {
    if (!begun) void load();
    begun = true;
  }
  run.onAny(["net", "progress"], () => run.history.step > 0 && begin());
  new BroadcastChannel(channelName).onmessage = begin;
  void mayHaveKept().then((may) => may && begin());
}
