// The store of runs, loaded when there may be something to read, or soon something to keep.
import { lazy, once } from "../../../ui/lazy";
import type { DigitsRun } from "../run/digits_run";
import type { RunStore } from "./run_store";

const loadStore = lazy(() => import("./run_store"), "RunStore");

// Makes a function that loads the store. What it had to drop is told to the visitor; `channel` tells
// other tabs what has changed.
export function lazyStore(run: DigitsRun, channel?: BroadcastChannel): () => Promise<RunStore> {
  return once(async () => {
    const { RunStore } = await loadStore();
    const title = "A kept run is dropped";
    return new RunStore((message) => run.show({ title, message }, "notice"), channel);
  });
}
