// A grid of test pictures, each with the net's answer: ✓ and a thin frame where it is right, ✗ and
// a dashed frame where it is wrong. Tab stops at it once; arrow keys go from picture to picture.
import { button, make } from "../../../ui/dom";
import { RovingFocus } from "../../../ui/roving_focus";
import { paint, resize, type Digits } from "../run/picture_set";

const size = 40;

export interface GridOptions {
  list: HTMLElement;
  score: HTMLElement;
  onChoose(index: number): void;
}

interface Cell {
  button: HTMLButtonElement;
  canvas: HTMLCanvasElement;
  text: HTMLElement;
  index: number;
}

export class Grid {
  private readonly focus: RovingFocus;
  private readonly cells: Cell[] = [];
  private readonly items: HTMLElement[] = [];
  private shown: Digits | undefined;
  private page = 0;

  constructor(private readonly options: GridOptions) {
    this.focus = new RovingFocus(options.list, () => ({
      buttons: this.cells.map(({ button }) => button),
      columns: getComputedStyle(options.list).gridTemplateColumns.split(" ").length,
      wraps: true,
    }));
  }

  // Shows the first pictures of the test set, or the next ones at each further call.
  show(digits: Digits): void {
    this.page = this.shown === digits ? this.page + 1 : 0;
    if (this.shown !== digits) this.build(digits);
    this.shown = digits;
    this.cells.forEach((cell, i) => {
      cell.index = (this.page * size + i) % digits.count;
      paint(cell.canvas, digits.image(cell.index));
    });
    this.answer(undefined);
  }

  get digits(): Digits | undefined {
    return this.shown;
  }

  // What sentences call one of the pictures.
  get noun(): string {
    return this.shown?.noun ?? "digit";
  }

  // The pixels of the pictures, from 0 to 1, as the net takes them: [count, height · width].
  inputs(): Float32Array {
    const pixels = this.shown?.pixels ?? 0;
    const inputs = new Float32Array(this.cells.length * pixels);
    this.cells.forEach(({ index }, i) => {
      const image = this.shown!.image(index);
      for (let p = 0; p < pixels; p++) inputs[i * pixels + p] = image[p]! / 255;
    });
    return inputs;
  }

  // The number of the first picture in the test set.
  get first(): number | undefined {
    return this.cells[0]?.index;
  }

  get count(): number {
    return this.cells.length;
  }

  // Shows the probabilities [count, classes]; undefined before the net was asked.
  answer(probabilities: Float32Array | undefined): void {
    const digits = this.shown!;
    const { classes, names, noun } = digits;
    // Names need wider cells than numbers.
    this.options.list.classList.toggle(
      "named",
      names.some((name) => name.length > 3),
    );
    let right = 0;
    let answered = 0;
    this.cells.forEach(({ button, text, index }, i) => {
      const label = digits.label(index);
      const answer =
        probabilities && largest(probabilities.subarray(classes * i, classes * (i + 1)));
      const correct = answer === label;
      if (correct) right++;
      if (answer !== undefined) answered++;
      const verdict =
        answer === undefined ? "" : `, read as ${names[answer]}, ${correct ? "right" : "wrong"}`;
      const sentence = `Test ${noun} ${index + 1}, ${digits.called(label)}${verdict}`;
      if (button.ariaLabel === sentence) return;
      button.ariaLabel = sentence;
      text.textContent = answer === undefined ? "?" : `${names[answer]} ${correct ? "✓" : "✗"}`;
      button.className = `cell ${answer === undefined ? "" : correct ? "right" : "wrong"}`;
    });
    this.options.score.textContent = answered > 0 ? `${right} of ${this.count} are right.` : "";
  }

  // Makes as many cells as the page has room for, or fewer where there are no more pictures.
  private build(digits: Digits): void {
    const wanted = Math.min(size, digits.count);
    for (const item of this.items.splice(wanted)) item.remove();
    this.cells.length = Math.min(this.cells.length, wanted);
    for (const { canvas } of this.cells) resize(canvas, digits);
    for (let i = this.cells.length; i < wanted; i++) {
      const canvas = make("canvas", { className: "ink" });
      const text = make("span");
      const choose = () => this.options.onChoose(this.cells[i]!.index);
      const picture = button("", choose);
      resize(canvas, digits);
      picture.append(canvas, text);
      const item = make("li", {}, picture);
      this.options.list.append(item);
      this.items.push(item);
      this.cells.push({ button: picture, canvas, text, index: i });
    }
    this.focus.renew();
  }
}

// The index of the largest value; undefined for a net that has diverged and answers NaN.
function largest(values: Float32Array): number | undefined {
  if (!values.every(Number.isFinite)) return undefined;
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
