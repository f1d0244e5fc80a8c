// Where examples come from: a sheet to draw on, or the camera in its place.
import { fit } from "../../../data/fit_drawing";
import { button, make, paragraph, setText } from "../../../ui/dom";
import { paint } from "../../../ui/ink";
import { Sheet } from "../../../ui/sheet";
import { side } from "../storage/classes/stored_classes";
import { Camera } from "./camera";
import { paintGrey } from "./grey_square";

const help =
  "Enter adds what is on the sheet; arrow keys move the pen, Space lowers or lifts it, Delete clears.";
const cameraNote = `The net gets ${side} × ${side} grey pixels from the middle. Nothing leaves this page.`;
// The milliseconds between two looks at what the camera sees.
const cameraRest = 200;

export interface SourceEvents {
  // There is another picture, or none.
  seen(): void;
  // Enter was pressed on the sheet.
  entered(): void;
  refused(error: unknown): void;
}

export class ExampleSource {
  // The sheet or the camera's picture, the buttons that belong to it, and a hint.
  readonly parts: readonly HTMLElement[];
  // The picture as the net gets it.
  readonly small = make("canvas", {
    className: "small-picture",
    width: side,
    height: side,
    role: "img",
    ariaLabel: "The picture as the network gets it",
    test: "collect-seen",
  });
  /** [side · side] from 0 to 255; undefined while there is none. */
  pixels: Uint8Array | undefined;
  private readonly sheet: Sheet;
  private readonly camera: Camera;
  private readonly canvas = make("canvas", {
    className: "drawing",
    tabIndex: 0,
    role: "application",
    ariaLabel: "Sheet for an example",
    test: "collect-sheet",
  });
  private readonly video = make("video", {
    muted: true,
    playsInline: true,
    hidden: true,
    ariaLabel: "What the camera sees",
    test: "collect-video",
  });
  private readonly help = paragraph("note", help);
  private readonly wipe = button("Clear", () => this.sheet.clear(), { test: "collect-clear" });
  private readonly photograph = button("Use the camera", () => void this.switch(), {
    test: "collect-camera",
  });

  constructor(
    add: HTMLElement,
    private readonly events: SourceEvents,
  ) {
    const pen = make("span", { className: "pen", ariaHidden: "true" });
    const whispered = make("p", { className: "hidden", ariaLive: "polite" });
    this.camera = new Camera(this.video);
    this.sheet = new Sheet({
      canvas: this.canvas,
      pen,
      onDrawn: (drawing) => this.see(drawing && Uint8Array.from(fit(drawing).seen)),
      say: (sentence) => setText(whispered, sentence),
    });
    this.canvas.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      events.entered();
    });
    this.parts = [
      make("div", { className: "sheet" }, this.canvas, pen, this.video),
      make("div", { className: "buttons" }, add, this.wipe, this.photograph),
      this.help,
      whispered,
    ];
    this.see(undefined, false);
  }

  /** The picture to be kept now; the sheet is empty then. */
  take(): Uint8Array | undefined {
    if (this.camera.isOn) return this.camera.take();
    const { pixels } = this;
    if (!pixels) return undefined;
    this.sheet.clear();
    // A button that cannot be pressed would lose the focus.
    this.canvas.focus({ preventScroll: true });
    return pixels;
  }

  /** Lets the camera go, and gives the sheet back. */
  closeCamera(): void {
    if (!this.camera.isOn) return;
    this.camera.close();
    this.showCamera();
  }

  private see(pixels: Uint8Array | undefined, isNew = true): void {
    this.pixels = pixels;
    const { isOn } = this.camera;
    this.small.classList.toggle("ink", !isOn);
    if (isOn && pixels) paintGrey(this.small, pixels);
    else paint(this.small, pixels ?? new Uint8Array(side * side));
    if (isNew) this.events.seen();
  }

  private async switch(): Promise<void> {
    if (this.camera.isOn) return this.closeCamera();
    this.photograph.disabled = true;
    try {
      await this.camera.open();
      this.showCamera();
      this.watch();
    } catch (error) {
      this.events.refused(error);
    }
    this.photograph.disabled = false;
    this.photograph.focus();
  }

  private showCamera(): void {
    const { isOn } = this.camera;
    this.video.hidden = !isOn;
    this.canvas.hidden = this.wipe.hidden = isOn;
    setText(this.photograph, isOn ? "Draw instead" : "Use the camera");
    setText(this.help, isOn ? cameraNote : help);
    this.sheet.clear();
  }

  // Looks at what the camera sees, as long as anybody can see that it does.
  private watch(): void {
    const isThere = this.video.isConnected && this.video.offsetParent !== null;
    // It may have been unplugged.
    if (!this.camera.isOn || !isThere) {
      this.camera.close();
      if (!this.video.hidden) this.showCamera();
      return;
    }
    this.see(this.camera.take());
    setTimeout(() => this.watch(), cameraRest);
  }
}
