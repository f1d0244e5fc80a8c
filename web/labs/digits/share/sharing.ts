// What a link to Digits can carry beside its settings, and what comes of it where it is opened.
import type { SharedFile, SharedPart, Sharing, SharingOf } from "../../lab";
import type { DigitsRun } from "../run/digits_run";
import { pack, unpack } from "./packed";

const askAgain = "Copy the whole link once more, or ask for it again.";

export const sharing: SharingOf = (run) => new DigitsSharing(run as DigitsRun);

class DigitsSharing implements Sharing {
  constructor(private readonly run: DigitsRun) {}

  get note(): string | undefined {
    return this.run.pictures?.noun === "picture"
      ? "Your own pictures do not travel with it: whoever opens it needs the files as well."
      : undefined;
  }

  async parts(): Promise<SharedPart[]> {
    return [
      await this.drawing(),
      {
        name: "autostart",
        inQuery: true,
        label: "Start by itself",
        about: "The training starts as soon as the page is open.",
        value: "1",
      },
    ];
  }

  file(): Promise<SharedFile | undefined> {
    return Promise.resolve(undefined);
  }

  async open(parts: ReadonlyMap<string, string>): Promise<void> {
    const drawing = parts.get("drawing");
    if (drawing !== undefined) await this.lay(drawing);
  }

  // ---- The drawing ----------------------------------------------------------

  private async drawing(): Promise<SharedPart> {
    const { drawn, pictures } = this.run;
    const isTest = drawn && pictures?.find(drawn) !== undefined;
    return {
      name: "drawing",
      label: isTest ? "The picture on the pad" : "The drawing on the pad",
      about: drawn
        ? "Exactly the pixels that the network sees."
        : "The pad is empty: draw something there first.",
      value: drawn && (await pack(new Uint8Array(drawn))),
    };
  }

  // Lays the drawing on the pad once there are pictures, whose shape it has to have.
  private async lay(text: string): Promise<void> {
    const { run } = this;
    const title = "The drawing in this link cannot be shown";
    const { pixels } = run.pictures ?? (await picturesOf(run));
    try {
      const drawing = await unpack(text, pixels);
      if (drawing.length === pixels) return run.emit("laid", drawing);
    } catch {
      // It is said below.
    }
    run.show({ title, message: "That part of the link was cut or changed.", hint: askAgain });
  }
}

const picturesOf = (run: DigitsRun) =>
  new Promise<NonNullable<DigitsRun["pictures"]>>((resolve) => run.on("pictures", resolve));
