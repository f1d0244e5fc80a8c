// Runs that are saved to files, and runs that come back, from a file or from this browser. A run that
// learned other pictures than those in hand waits until these are chosen; MNIST's, all or the small one,
// are one press away.
import { downloadBlob } from "../../../ui/download";
import * as format from "../../../ui/format";
import { describe, type Problem } from "../../../ui/problems";
import type { DigitsRun } from "../run/digits_run";
import type { SavedRun } from "../run/run_record";
import { classSets, missing } from "./classes/class_sets";
import { readClasses } from "./classes/stored_classes";
import { recordIn, textIn, toFile } from "./run_file";
import { called, mnistIn } from "./which_mnist";

type Action = NonNullable<Problem["action"]>;

export class SavedRuns {
  // The run that comes back once other pictures are in hand.
  private waiting: { saved: SavedRun; name: string } | undefined;

  constructor(private readonly run: DigitsRun) {
    run.on("attempt", () => (this.waiting = undefined));
    run.on("pictures", () => {
      const { waiting } = this;
      this.waiting = undefined;
      if (waiting) void this.open(waiting.saved, waiting.name);
    });
  }

  async toFile(): Promise<void> {
    const saved = await this.run.save();
    if (saved) downloadBlob(this.fileName, blobOf(saved));
  }

  // Resolves with whether the run is back.
  async openFile(file: File): Promise<boolean> {
    const { run } = this;
    let checkpoint;
    try {
      checkpoint = new Uint8Array(await file.arrayBuffer());
    } catch (error) {
      const { message } = error as Error;
      run.show({ title: "This file cannot be read", message: `${file.name}: ${message}` });
      return false;
    }
    let record = {};
    try {
      record = recordIn(checkpoint);
    } catch (error) {
      const message = `${file.name}: ${(error as Error).message}. The net comes back without them.`;
      run.show({ title: "The curves in this file cannot be read", message }, "notice");
    }
    return this.open({ checkpoint, record }, file.name);
  }

  // Goes on with a run; `name` begins sentences about it. Resolves with whether it is back.
  async open(saved: SavedRun, name: string): Promise<boolean> {
    const { run } = this;
    try {
      await run.restore(saved);
    } catch (error) {
      run.show(await this.refusal(error, saved, name));
      return false;
    }
    // The names that the visitor has given stay; where there are none, those of the run come with it.
    const names = textIn(saved.checkpoint, "class-names")?.split("\n");
    const { pictures } = run;
    const unnamed = pictures?.names.every((given, label) => given === String(label));
    if (names && unnamed && String(names) !== String(pictures!.names)) run.rename(names);
    return true;
  }

  // Whether the run learned other pictures than those in hand; false where that is not known.
  async isOther({ checkpoint }: SavedRun): Promise<boolean> {
    const current = await this.run.net.snapshot();
    return current !== undefined && dataIn(current) !== dataIn(checkpoint);
  }

  // What leads to the run's pictures, after which it comes back.
  async ways(saved: SavedRun, name: string): Promise<Action[]> {
    const which = mnistIn(saved.checkpoint);
    const back = this.run.sets?.which ? "Load all of MNIST" : "Back to MNIST";
    const first = which === "small" ? "Load the small MNIST" : back;
    return [
      {
        label: which ? `${first}, and restore it` : "Choose its pictures",
        run: () => {
          this.waiting = { saved, name };
          this.run.emit("choosePictures", which ?? "choose");
        },
      },
      ...(await this.collected(saved, name)),
    ];
  }

  // The classes that were collected in this browser, where there are as many pictures to learn as the run had.
  private async collected(saved: SavedRun, name: string): Promise<Action[]> {
    const classes = await readClasses().catch(() => []);
    if (missing(classes)) return [];
    const sets = classSets(classes);
    const { learned, pictures } = sets;
    const shape = `${learned} samples of shape [1, ${pictures.height}, ${pictures.width}]`;
    if (!dataIn(saved.checkpoint)?.startsWith(`${shape} `)) return [];
    const run = () => {
      this.waiting = { saved, name };
      this.run.use(sets).catch((error: unknown) => this.run.show(describe(error)));
    };
    return [{ label: "Take the classes collected here", run }];
  }

  private async refusal(error: unknown, saved: SavedRun, name: string): Promise<Problem> {
    const problem = describe(error);
    const data = dataIn(saved.checkpoint);
    if (data === undefined) {
      const hint =
        "Open takes the files that Save makes, on this computer or another one. The run in hand is as it was.";
      return { title: `${name} is no saved run`, message: problem.message, hint };
    }
    if (!(await this.isOther(saved))) return { ...problem, hint: "The run in hand is as it was." };
    const which = mnistIn(saved.checkpoint);
    return {
      title: `${name} learned other pictures`,
      message: which
        ? `It learned ${called[which]}, which is not in hand.`
        : `It learned ${inWords(data)}, which are not those in hand.`,
      hint: `${which ? `Load ${called[which]}` : "Choose its pictures"}, and it comes back. The run in hand is as it was.`,
      actions: await this.ways(saved, name),
    };
  }

  // A name that says which run it is and how good, and that no other run of a class has.
  get fileName(): string {
    const { trainedWith, history, asked } = this.run;
    const { net, seed } = trainedWith.settings;
    const { accuracyNow, step } = history;
    const accuracy = accuracyNow === undefined ? [] : ["accuracy", (100 * accuracyNow).toFixed(2)];
    const time = new Date().toLocaleString("sv").replace(/\D/g, "-");
    const named = asked.isName(net) ? net : "own-net";
    const small = this.run.sets?.which === "small" ? ["small-mnist"] : [];
    const words = ["lanegrad", named, ...small, ...accuracy, "seed", seed, "step", step, time];
    return `${words.join("-")}.safetensors`;
  }
}

// The run as a file.
export const blobOf = (saved: SavedRun): Blob =>
  new Blob(toFile(saved) as BlobPart[], { type: "application/octet-stream" });

// What the file says of the data that were learned.
const dataIn = (checkpoint: Uint8Array) => textIn(checkpoint, "data");

// "240 pictures of 10 × 12 pixels".
function inWords(data: string): string {
  const [, count, height, width] =
    /^(\d+) samples of shape \[[13], (\d+), (\d+)\]/.exec(data) ?? [];
  if (!count) return "other pictures";
  return `${format.grouped(Number(count))} pictures of ${format.extents(height!, width!)} pixels`;
}
