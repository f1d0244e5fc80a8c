// Runs that outlast the page: saved to a file and opened again; and the last one, which the browser
// keeps by itself.
import { downloadBlob } from "../../../ui/download";
import { chooseFiles, part } from "../../../ui/dom";
import type { DigitsRun } from "../run/digits_run";
import { LastRunKeeper } from "./last_run_keeper";

export function mount(place: HTMLElement, run: DigitsRun): void {
  const save = part<HTMLButtonElement>(place, "save");
  const open = part<HTMLButtonElement>(place, "open");
  const keeper = new LastRunKeeper(run);

  async function toFile(): Promise<void> {
    const bytes = await run.save();
    if (!bytes) return;
    downloadBlob(
      "lanegrad.safetensors",
      new Blob([bytes as BlobPart], { type: "application/octet-stream" }),
    );
  }

  async function fromFile(file: File): Promise<void> {
    try {
      await run.restore(new Uint8Array(await file.arrayBuffer()));
    } catch (error) {
      const { message } = error as Error;
      run.show({ title: "This file cannot be read", message: `${file.name}: ${message}` });
    }
  }

  function showStatus(): void {
    const { status } = run;
    save.disabled = status === "loading" || status === "failed";
    open.disabled = status === "loading" || status === "training";
  }

  save.addEventListener("click", () => void toFile());
  chooseFiles(open, part<HTMLInputElement>(place, "file"), ([file]) => void fromFile(file!));
  run.on("status", showStatus);
  run.on("opened", () => void keeper.offer());
  showStatus();
}
