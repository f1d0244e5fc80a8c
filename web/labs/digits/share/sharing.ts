// What a link to Digits can carry beside its settings, and what comes of it where it is opened.
import { downloadBlob } from "../../../ui/download";
import { grouped } from "../../../ui/format";
import type { SharedFile, SharedPart, Sharing, SharingOf } from "../../lab";
import type { DigitsRun } from "../run/digits_run";
import { labelOf } from "../run/selected_picture";
import { blobOf, SavedRuns } from "../storage/saved_runs";
import { pack, unpack } from "./packed";
import { longestRun, packRun, unpackRun } from "./run_link";

export const sharing: SharingOf = (run) => new DigitsSharing(run as DigitsRun);

class DigitsSharing implements Sharing {
  private readonly savedRuns: SavedRuns;

  constructor(private readonly run: DigitsRun) {
    this.savedRuns = new SavedRuns(run);
  }

  get note(): string | undefined {
    const { which } = this.run.sets ?? {};
    if (which === "small")
      return "Whoever opens it learns the small MNIST, as you do: 1.6 MB to load instead of 11.2.";
    return this.isOwn
      ? "Your own pictures do not travel with it: whoever opens it needs the files as well."
      : undefined;
  }

  async parts(): Promise<SharedPart[]> {
    return [await this.drawing(), await this.trained(), this.step(), this.autostart()];
  }

  async file(): Promise<SharedFile | undefined> {
    const saved = this.hasLearned ? await this.run.snapshot() : undefined;
    if (!saved) return undefined;
    const name = this.savedRuns.fileName;
    const blob = blobOf(saved);
    return { name, bytes: blob.size, save: () => downloadBlob(name, blob) };
  }

  async open(parts: ReadonlyMap<string, string>, forget: (part: string) => void): Promise<void> {
    const [run, drawing, step] = ["run", "drawing", "step"].map((name) => parts.get(name));
    const [isBack, isLaid] = [
      run !== undefined && (await this.bringBack(run, forget)),
      drawing !== undefined && (await this.lay(drawing)),
    ];
    if (isBack && isLaid && step !== undefined) this.openStep(step);
  }

  private get isOwn(): boolean {
    return this.run.pictures?.noun === "picture";
  }

  private get hasLearned(): boolean {
    return this.run.ready && this.run.history.step > 0;
  }

  // ---- What there is to carry -----------------------------------------------

  // What lies on the pad.
  private get thing(): string {
    const { drawn, selected, pictures } = this.run;
    return drawn && pictures && selected?.label !== undefined ? pictures.noun : "drawing";
  }

  private async drawing(): Promise<SharedPart> {
    const { drawn } = this.run;
    return {
      name: "drawing",
      label: `The ${this.thing} on the pad`,
      about: drawn
        ? "Exactly the pixels that the network sees."
        : "The pad is empty: draw something there first.",
      value: drawn && (await pack(new Uint8Array(drawn))),
    };
  }

  private async trained(): Promise<SharedPart> {
    const saved = this.hasLearned ? await this.run.snapshot() : undefined;
    const packed = saved && (await packRun(saved));
    const about = () => {
      if (!saved) return "It has learned nothing yet.";
      if (!packed)
        return `It is too large for a link, which may have ${grouped(longestRun)} characters and so about 10,000 weights: share it as a file.`;
      const whole = `${grouped(packed.text.length)} characters: it comes with its weights and curves and answers exactly as here, without training.`;
      return packed.isWhole
        ? whole
        : `${whole} Left out are what the optimizer remembers, so that learning on goes a little differently, and the finest detail of the curves.`;
    };
    return { name: "run", label: "The trained network", about: about(), value: packed?.text };
  }

  private step(): SharedPart {
    const { drawn } = this.run;
    const label = labelOf(this.run);
    const value = drawn && label !== undefined ? String(label) : undefined;
    return {
      name: "step",
      label: `The ${this.thing}’s step, number by number`,
      about:
        drawn && value === undefined
          ? "Say beside the pad what your drawing really is, then a link can open the step."
          : `Autograd opens with it. It needs the ${this.thing} and the trained network.`,
      value,
      needs: ["drawing", "run"],
    };
  }

  private autostart(): SharedPart {
    return {
      name: "autostart",
      inQuery: true,
      label: "Start by itself",
      about: "The training starts as soon as the page is open.",
      value: "1",
      excludes: ["run"],
    };
  }

  // ---- What comes of it -----------------------------------------------------

  // Goes on with the link's run as with a file; resolves with whether it is back.
  private async bringBack(text: string, forget: (part: string) => void): Promise<boolean> {
    const { run, savedRuns } = this;
    let bytes;
    try {
      bytes = await unpackRun(text);
    } catch {
      this.refuse("run");
      return false;
    }
    if (!(await savedRuns.openFile(new File([bytes], "The run in this link")))) return false;
    // The address no longer holds when the run goes on, or there is another one.
    let isThere = true;
    const leave = () => {
      if (isThere) forget("run");
      isThere = false;
    };
    run.on("net", leave);
    run.on("progress", ({ steps }) => steps.length > 0 && leave());
    return true;
  }

  // Lays the drawing on the pad once there are pictures, whose shape it has to have; resolves with
  // whether it lies there.
  private async lay(text: string): Promise<boolean> {
    const { run } = this;
    const { pixels } = run.pictures ?? (await picturesOf(run));
    const drawing = await unpack(text, pixels).catch(() => undefined);
    if (drawing?.length === pixels) {
      run.emit("laid", drawing);
      return true;
    }
    this.refuse("drawing");
    return false;
  }

  private openStep(text: string): void {
    const { run } = this;
    const isLabel = /^\d+$/.test(text) && Number(text) < (run.pictures?.classes ?? 0);
    if (!isLabel) return this.refuse("step");
    // The label of a test picture is known.
    if (run.selected?.label === undefined) run.drawnLabel = text;
    run.emit("openPicture");
  }

  private refuse(part: string): void {
    this.run.show({
      title: `The ${part} in this link cannot be opened`,
      message: "That part of the link was cut or changed on its way here.",
      hint: "Copy the whole link once more, or ask for it again, or for the file.",
    });
  }
}

const picturesOf = (run: DigitsRun) =>
  new Promise<NonNullable<DigitsRun["pictures"]>>((resolve) => run.on("pictures", resolve));
