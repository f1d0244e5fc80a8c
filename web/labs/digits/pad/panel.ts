// The pad to draw a picture on, and what the net reads there, at once and as it learns.
import { Refresher } from "../../../run/refresher";
import { paint, resize, type Size } from "../../../ui/ink";
import { part, setText } from "../../../ui/dom";
import type { DigitsRun } from "../run/digits_run";
import { shares } from "../run/selected_picture";
import { AnswerBars } from "./answer_bars";
import { OpenStep } from "./open_step";
import { Pad } from "./pad";

export function mount(place: HTMLElement, run: DigitsRun): void {
  const seenCanvas = part<HTMLCanvasElement>(place, "seen");
  const bars = new AnswerBars(place);
  // What the net sees of the pad; undefined where that is empty.
  let pixels: Float32Array | undefined;
  // The answer that was said last.
  let said = "";

  const answers = new Refresher({
    place,
    // While the net learns, only who looks sees how.
    wanted: (seen) => pixels !== undefined && (seen || run.status !== "training"),
    async ask() {
      const { pictures } = run;
      const found = await run.net.predict(pixels!, 1);
      // The pad may be empty by now, and the pictures may be others.
      if (!found || !pixels || run.pictures !== pictures) return 200;
      bars.show(found);
      // While the net learns, the answers may change several times a second, so only drawings are
      // announced.
      if (run.status !== "training" && bars.text !== said) {
        said = bars.text;
        run.emit("say", `It reads ${said}`);
      }
      return 200;
    },
  });

  function show(seen: Uint8ClampedArray | undefined, size: Size, done: string): void {
    pixels = seen && shares(seen);
    resize(seenCanvas, size);
    paint(seenCanvas, seen ?? []);
    setText(part(place, "seen-how"), done);
    const noun = run.pictures?.noun ?? "digit";
    const what = seen ? `a ${noun} of ${size.width} by ${size.height} pixels` : "nothing yet";
    seenCanvas.ariaLabel = `What the network sees: ${what}`;
    if (!seen) bars.show(undefined);
    run.selectDrawn(seen);
    answers.hurry();
  }

  const canvas = part<HTMLCanvasElement>(place, "draw-pad");
  const pad = new Pad({
    canvas,
    pen: part(place, "pen"),
    onChange: show,
    say: (sentence) => (part(place, "pad-announcements").textContent = sentence),
  });
  new OpenStep(place, run);
  bars.use(Array.from({ length: 10 }, (_, i) => String(i)));

  run.on("pictures", (pictures) => {
    pad.use(pictures);
    bars.use(pictures.names);
    answers.hurry();
  });
  run.on("names", ({ names }) => {
    bars.use(names);
    answers.hurry();
  });
  run.onAny(["status", "net", "progress", "best"], () => answers.renew());
  run.on("chosen", ({ index, far }) => {
    pad.show(run.pictures!.image(index));
    if (far) canvas.scrollIntoView({ block: "center" });
  });
  run.on("laid", (picture) => pad.show(picture));
  part(place, "clear").addEventListener("click", () => pad.clear());
  part(place, "pick").addEventListener("click", () => {
    const { pictures } = run;
    if (pictures) pad.show(pictures.image(Math.floor(Math.random() * pictures.count)));
  });
}
