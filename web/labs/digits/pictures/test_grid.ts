// A grid of test pictures, each with the net's answer: ✓ and a thin frame where it is right, ✗ and
// a dashed frame where it is wrong. Tab stops at it once; arrow keys go from picture to picture.
import { nextTask } from "../../../run/next_task";
import { button, make, part } from "../../../ui/dom";
import { RovingFocus } from "../../../ui/roving_focus";
import { paint, resize } from "../../../ui/ink";
import { mostProbable } from "../run/current_net";
import type { PictureSet } from "../run/picture_set";

const size = 40;

interface Cell {
  button: HTMLButtonElement;
  canvas: HTMLCanvasElement;
  text: HTMLElement;
  index: number;
}

export class TestGrid {
  private readonly focus: RovingFocus;
  private readonly cells: Cell[] = [];
  private readonly items: HTMLElement[] = [];
  private shown: PictureSet | undefined;
  private page = 0;
  private readonly list: HTMLElement;

  constructor(
    private readonly place: HTMLElement,
    private readonly onChoose: (index: number) => void,
  ) {
    const list = part(place, "grid");
    this.list = list;
    this.focus = new RovingFocus(list, () => ({
      buttons: this.cells.map(({ button }) => button),
      get columns() {
        return getComputedStyle(list).gridTemplateColumns.split(" ").length;
      },
      wraps: true,
    }));
  }

  // Shows the first pictures of the test set, or the next ones at each further call.
  show(pictures: PictureSet): void {
    this.page = this.shown === pictures ? this.page + 1 : 0;
    if (this.shown !== pictures) this.build(pictures);
    this.shown = pictures;
    this.cells.forEach((cell, i) => (cell.index = (this.page * size + i) % pictures.count));
    this.answer(undefined);
    void this.paint(pictures);
  }

  // Paints the pictures, a row of them in a task.
  private async paint(pictures: PictureSet): Promise<void> {
    for (const [i, { canvas, index }] of this.cells.entries()) {
      if (i % 10 === 0) await nextTask();
      if (this.shown !== pictures) return;
      paint(canvas, pictures.image(index));
    }
  }

  // The numbers of the pictures in the test set.
  get indices(): number[] {
    return this.cells.map(({ index }) => index);
  }

  // Shows the probabilities [count, classes]; undefined before the net was asked.
  answer(probabilities: Float32Array | undefined): void {
    const pictures = this.shown!;
    const { classes, names, noun } = pictures;
    // Names need wider cells than numbers.
    this.list.classList.toggle(
      "named",
      names.some((name) => name.length > 3),
    );
    let right = 0;
    let answered = 0;
    this.cells.forEach(({ button, text, index }, i) => {
      const label = pictures.label(index);
      const answer =
        probabilities && mostProbable(probabilities.subarray(classes * i, classes * (i + 1)));
      const correct = answer === label;
      if (correct) right++;
      if (answer !== undefined) answered++;
      const verdict =
        answer === undefined ? "" : `, read as ${names[answer]}, ${correct ? "right" : "wrong"}`;
      const sentence = `Test ${noun} ${index + 1}, ${pictures.called(label)}${verdict}`;
      if (button.ariaLabel === sentence) return;
      button.ariaLabel = sentence;
      text.textContent = answer === undefined ? "?" : `${names[answer]} ${correct ? "✓" : "✗"}`;
      button.className = `cell ${answer === undefined ? "" : correct ? "right" : "wrong"}`;
    });
    part(this.place, "score").textContent =
      answered > 0 ? `${right} of ${this.cells.length} are right.` : "";
  }

  // Makes as many cells as the page has room for, or fewer where there are no more pictures.
  private build(pictures: PictureSet): void {
    const wanted = Math.min(size, pictures.count);
    for (const item of this.items.splice(wanted)) item.remove();
    this.cells.length = Math.min(this.cells.length, wanted);
    for (const { canvas } of this.cells) resize(canvas, pictures);
    for (let i = this.cells.length; i < wanted; i++) {
      const canvas = make("canvas", { className: "ink" });
      const text = make("span");
      const picture = button("", () => this.onChoose(this.cells[i]!.index));
      resize(canvas, pictures);
      picture.append(canvas, text);
      const item = make("li", {}, picture);
      this.list.append(item);
      this.items.push(item);
      this.cells.push({ button: picture, canvas, text, index: i });
    }
    this.focus.renew();
  }
}
