// Runs that outlast the page: saved to a file and opened again; and the last one, kept in this
// browser, so that a reload can go on with it.
import type { RunStore, ShownCurves } from "../run/run_store";
import type { Session } from "../run/digits_run";
import { downloadBlob } from "../../../ui/download";
import type { Problems } from "../../../ui/problems";
import type { Status } from "../../../run/status";

export interface RunsOptions {
  session: Session;
  store: RunStore;
  problems: Problems;
  save: HTMLButtonElement;
  open: HTMLButtonElement;
  file: HTMLInputElement;
  // The title of the run, for people.
  title(): string;
  curves(): ShownCurves;
  showCurves(curves: ShownCurves): void;
}

export class Runs {
  private keeping = false;
  private again = false;
  // Whether it has been said that nothing is kept.
  private told = false;

  constructor(private readonly options: RunsOptions) {
    const { save, open, file } = options;
    save.addEventListener("click", () => void this.toFile());
    open.addEventListener("click", () => file.click());
    file.addEventListener("change", () => {
      const [chosen] = file.files ?? [];
      // This lets the same file be chosen again.
      file.value = "";
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

  // Keeps the current run in place of the one before. Where that cannot be done, it is said once.
  async keep(): Promise<void> {
    this.again = this.keeping;
    if (this.keeping) return;
    this.keeping = true;
    const { session, store, title, curves, problems } = this.options;
    try {
      const shown = structuredClone(curves());
      const checkpoint = await session.snapshot();
      if (!checkpoint) return;
      await store.keepLast({ checkpoint, curves: shown, title: title(), when: Date.now() });
      this.told = false;
    } catch (error) {
      if (this.told) return;
      this.told = true;
      problems.show(
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

  // Says that a run is kept here, if one is.
  async offer(): Promise<void> {
    const { problems, session, showCurves, store } = this.options;
    const run = await store.last().catch(() => undefined);
    if (!run) return;
    const goOn = async () => {
      if (await session.restore(run.checkpoint)) showCurves(run.curves);
    };
    const forget = () =>
      store.forgetLast(run).catch(({ message }: Error) => {
        problems.show({ title: "The run is not forgotten by this browser", message });
      });
    problems.show(
      {
        title: "A run is kept in this browser",
        message: `${run.title}, from ${new Date(run.when).toLocaleString()}.`,
        action: { label: "Go on with it", run: () => void goOn() },
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
    const { problems, session } = this.options;
    try {
      await session.restore(new Uint8Array(await file.arrayBuffer()));
    } catch (error) {
      const { message } = error as Error;
      problems.show({ title: "This file cannot be read", message: `${file.name}: ${message}` });
    }
  }
}
