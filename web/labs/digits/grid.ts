// A grid of test digits, each with the net's answer: ✓ and a thin frame where it is right, ✗ and a
// dashed frame where it is wrong. One stop for Tab; arrow keys go from digit to digit.
import { paint, pixels, side, type Digits } from "./digits";

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
  private readonly cells: Cell[] = [];
  private digits: Digits | undefined;
  private page = 0;

  constructor(private readonly options: GridOptions) {
    options.list.addEventListener("keydown", (event) => this.walk(event));
  }

  // The first digits of the test set, or the next ones at each further call.
  show(digits: Digits): void {
    this.page = this.digits === digits ? this.page + 1 : 0;
    this.digits = digits;
    if (this.cells.length === 0) this.build();
    this.cells.forEach((cell, i) => {
      cell.index = (this.page * size + i) % digits.count;
      paint(cell.canvas, digits.image(cell.index));
    });
    this.answer(undefined);
  }

  // Their pixels in 0 to 1, as the net takes them: [count, 784].
  inputs(): Float32Array {
    const inputs = new Float32Array(this.cells.length * pixels);
    this.cells.forEach(({ index }, i) => {
      const image = this.digits!.image(index);
      for (let p = 0; p < pixels; p++) inputs[i * pixels + p] = image[p]! / 255;
    });
    return inputs;
  }

  get count(): number {
    return this.cells.length;
  }

  // Probabilities [count, 10], or undefined before the net was asked.
  answer(probabilities: Float32Array | undefined): void {
    let right = 0;
    let answered = 0;
    this.cells.forEach(({ button, text, index }, i) => {
      const label = this.digits!.label(index);
      const answer = probabilities && largest(probabilities.subarray(10 * i, 10 * i + 10));
      const correct = answer === label;
      if (correct) right++;
      if (answer !== undefined) answered++;
      const shown = answer === undefined ? "" : `${answer} ${correct ? "✓" : "✗"}`;
      if (text.textContent === shown && button.ariaLabel?.includes(`a ${label}`)) return;
      text.textContent = shown || "?";
      button.className = `cell ${answer === undefined ? "" : correct ? "right" : "wrong"}`;
      const verdict =
        answer === undefined ? "" : `, read as ${answer}, ${correct ? "right" : "wrong"}`;
      button.ariaLabel = `Test digit ${index + 1}, a ${label}${verdict}`;
    });
    this.options.score.textContent = answered > 0 ? `${right} of ${this.count} are right.` : "";
  }

  private build(): void {
    for (let i = 0; i < size; i++) {
      const item = document.createElement("li");
      const button = document.createElement("button");
      const canvas = document.createElement("canvas");
      const text = document.createElement("span");
      button.type = "button";
      button.tabIndex = i === 0 ? 0 : -1;
      canvas.width = canvas.height = side;
      canvas.className = "ink";
      button.append(canvas, text);
      item.append(button);
      this.options.list.append(item);
      const cell = { button, canvas, text, index: i };
      this.cells.push(cell);
      button.addEventListener("click", () => {
        this.reach(i);
        this.options.onChoose(cell.index);
      });
    }
  }

  private walk(event: KeyboardEvent): void {
    const columns = getComputedStyle(this.options.list).gridTemplateColumns.split(" ").length;
    const leaps: Record<string, number> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -columns,
      ArrowDown: columns,
      Home: -size,
      End: size,
    };
    const leap = leaps[event.key];
    if (leap === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const at = this.cells.findIndex(({ button }) => button === event.target);
    const to = at + leap;
    const within = Math.abs(leap) === size ? Math.min(Math.max(to, 0), size - 1) : to;
    if (this.cells[within]) this.reach(within);
  }

  private reach(position: number): void {
    this.cells.forEach(({ button }, i) => (button.tabIndex = i === position ? 0 : -1));
    this.cells[position]!.button.focus();
  }
}

// Undefined for a net that has run away and answers NaN.
function largest(values: Float32Array): number | undefined {
  if (!values.every(Number.isFinite)) return undefined;
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
