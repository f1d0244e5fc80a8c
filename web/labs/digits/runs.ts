// Runs that outlast the page: saved to a file and opened again, and the last one kept in this browser, so
// that a reload can go on with it.
import { forget, keep, kept } from "./keep";
import type { Session } from "./session";
import { downloadBlob } from "../../widgets/download";
import type { Problems } from "../../widgets/problems";
import type { Status } from "../../widgets/run_buttons";

export interface RunsOptions {
  session: Session;
  problems: Problems;
  save: HTMLButtonElement;
  open: HTMLButtonElement;
  file: HTMLInputElement;
  title(): string; // of the run, for people
  curves(): unknown; // what the figures and the table show
  showCurves(curves: unknown): void;
}

export class Runs {
  private keeping = false;

  constructor(private readonly options: RunsOptions) {
    const { save, open, file } = options;
    save.addEventListener("click", () => void this.toFile());
    open.addEventListener("click", () => file.click());
    file.addEventListener("change", () => {
      const [chosen] = file.files ?? [];
      file.value = ""; // The same file can be chosen again.
      if (chosen) void this.fromFile(chosen);
    });
    document.addEventListener("visibilitychange", () => {
      if (document.hidden && options.session.running) void this.keep();
    });
  }

  show(status: Status): void {
    const { save, open } = this.options;
    save.disabled = status === "loading" || status === "failed";
    open.disabled = status === "loading" || status === "training";
  }

  // Keeps the run as it stands, in place of the one before.
  async keep(): Promise<void> {
    if (this.keeping) return;
    this.keeping = true;
    const { session, title, curves } = this.options;
    const shown = structuredClone(curves());
    const checkpoint = await session.snapshot();
    if (checkpoint) await keep({ checkpoint, curves: shown, title: title(), when: Date.now() });
    this.keeping = false;
  }

  // Says that a run is kept here, if one is.
  async offer(): Promise<void> {
    const run = await kept();
    if (!run) return;
    const { problems, session, showCurves } = this.options;
    problems.show(
      {
        title: "A run is kept in this browser",
        message: `${run.title}, from ${new Date(run.when).toLocaleString()}.`,
        action: {
          label: "Go on with it",
          run: () =>
            void session.restore(run.checkpoint).then((done) => done && showCurves(run.curves)),
        },
        dismissal: { label: "Forget it", run: () => void forget() },
      },
      "kept",
    );
  }

  private async toFile(): Promise<void> {
    const bytes = await this.options.session.save();
    if (!bytes) return;
    downloadBlob(
      "lanegrad.safetensors",
      new Blob([bytes as BlobPart], { type: "application/octet-stream" }),
    );
  }

  private async fromFile(file: File): Promise<void> {
    await this.options.session.restore(new Uint8Array(await file.arrayBuffer()));
  }
}
