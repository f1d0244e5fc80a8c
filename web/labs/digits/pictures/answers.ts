// Keeps the net's answers up to date, for the grid's pictures and for the one on the pad. It asks
// at once when the pad changes, a few times a second while the net learns, and not at all while the
// page is hidden.
import { paint, resize, type Size } from "../run/picture_set";
import type { Session } from "../run/digits_run";
import type { Bars } from "../pad/answer_bars";
import type { Grid } from "./test_grid";

// The milliseconds between two questions during training.
const rest = 200;

export interface AnswersOptions {
  session: Session;
  grid: Grid;
  bars: Bars;
  seen: HTMLCanvasElement;
  onPadAnswer(answer: string): void;
}

export class Answers {
  private pad: Float32Array | undefined;
  private asking = false;
  private again = false;
  private askedAt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: AnswersOptions) {
    document.addEventListener("visibilitychange", () => void this.ask());
  }

  // Takes what is drawn on the pad, as brightnesses from 0 to 255, and its size.
  setPad(seen: Uint8ClampedArray | undefined, size: Size): void {
    this.pad = seen && Float32Array.from(seen, (value) => value / 255);
    resize(this.options.seen, size);
    paint(this.options.seen, seen ?? []);
    const { noun } = this.options.grid;
    const what = seen ? `a ${noun} of ${size.width} by ${size.height} pixels` : "nothing yet";
    this.options.seen.ariaLabel = `What the network sees: ${what}`;
    if (!seen) this.options.bars.show(undefined);
    void this.ask();
  }

  // Asks again, since the net has changed.
  renew(): void {
    if (document.hidden || this.timer !== undefined) return;
    const wait = Math.max(0, this.askedAt + rest - performance.now());
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.ask();
    }, wait);
  }

  async ask(): Promise<void> {
    if (document.hidden) return;
    if (this.asking) {
      this.again = true;
      return;
    }
    this.asking = true;
    do {
      this.again = false;
      this.askedAt = performance.now();
      await this.askOnce();
    } while (this.again);
    this.asking = false;
  }

  private async askOnce(): Promise<void> {
    const { session, grid, bars } = this.options;
    const { pad } = this;
    const shown = grid.inputs();
    const count = grid.count + (pad ? 1 : 0);
    if (count === 0) return;
    const inputs = new Float32Array(shown.length + (pad?.length ?? 0));
    inputs.set(shown);
    if (pad) inputs.set(pad, shown.length);
    const { digits } = grid;
    const answers = await session.predict(inputs, count);
    // Other pictures may have come meanwhile.
    if (!answers || grid.digits !== digits) return;
    const classes = answers.length / count;
    if (grid.count > 0) grid.answer(answers.subarray(0, classes * grid.count));
    if (pad && this.pad) {
      bars.show(answers.subarray(classes * grid.count));
      this.options.onPadAnswer(bars.text);
    }
  }
}
