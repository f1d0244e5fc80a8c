// Runs that outlast the page: saved to a file and opened again; and the last one, which the browser
// keeps by itself. What reads and writes them is loaded when it is needed.
import { chooseFiles, part } from "../../../ui/dom";
import { lazy, once } from "../../../ui/lazy";
import { retriable } from "../../../ui/problems";
import type { DigitsRun } from "../run/digits_run";
import { LastRunKeeper } from "./last_run_keeper";
import type { SavedRuns } from "../storage/saved_runs";

const loadSavedRuns = lazy(() => import("../storage/saved_runs"), "SavedRuns");

export function mount(place: HTMLElement, run: DigitsRun): void {
  const save = part<HTMLButtonElement>(place, "save");
  const open = part<HTMLButtonElement>(place, "open");
  const savedRuns = once(async () => new (await loadSavedRuns()).SavedRuns(run));
  // A page in a frame of another one begins anew each time: its run is that page's, and not the visitor's last.
  if (!place.closest("[data-embed]")) {
    const keeper = new LastRunKeeper(run, savedRuns);
    run.on("opened", () => void keeper.offer());
  }

  async function attempt(work: (savedRuns: SavedRuns) => Promise<unknown>): Promise<void> {
    try {
      await work(await savedRuns());
    } catch (error) {
      run.show(retriable(error, () => void attempt(work)));
    }
  }

  function showStatus(): void {
    const { status } = run;
    save.disabled = status === "loading" || status === "failed";
    open.disabled = status === "loading" || status === "training";
  }

  save.addEventListener("click", () => void attempt((runs) => runs.toFile()));
  chooseFiles(open, part<HTMLInputElement>(place, "file"), ([file]) => {
    void attempt((runs) => runs.openFile(file!));
  });
  run.on("status", showStatus);
  showStatus();
}
