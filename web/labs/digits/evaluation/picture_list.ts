// Test pictures as buttons, each with a caption, and a button for more of them. Tab stops at
// them once; the arrow keys go from picture to picture.
import { button, make } from "../../../ui/dom";
import { paint, resize } from "../../../ui/ink";
import type { PictureSet } from "../run/picture_set";
import { RovingFocus } from "../../../ui/roving_focus";

export interface PictureListOptions {
  list: HTMLElement;
  // The button for more, hidden where there are no more.
  more: HTMLButtonElement;
  // How many pictures are shown at first, and added at a time.
  page: number;
  // The lines below a picture, and the name of its button.
  caption(index: number): { lines: string[]; label: string };
  onChoose(index: number): void;
}

export class PictureList {
  private pictures: PictureSet | undefined;
  private indices: readonly number[] = [];
  private buttons: HTMLButtonElement[] = [];
  private readonly focus: RovingFocus;

  constructor(private readonly options: PictureListOptions) {
    const { list, more, page } = options;
    this.focus = new RovingFocus(list, () => {
      const columns = getComputedStyle(list).gridTemplateColumns.split(" ").length;
      return { buttons: this.buttons, columns, wraps: true };
    });
    more.addEventListener("click", () => {
      const first = this.buttons.length;
      this.add(page);
      this.buttons[first]?.focus();
    });
  }

  // Shows the pictures with these numbers in the test set. A focus among them stays on the same
  // picture, or else at the same place.
  show(pictures: PictureSet, indices: readonly number[]): void {
    const at = this.buttons.findIndex((button) => button === document.activeElement);
    const held = this.indices[at];
    this.pictures = pictures;
    this.indices = indices;
    this.buttons = [];
    // Long names of classes need wider cells.
    const longest = Math.max(...pictures.names.map((name) => name.length));
    this.options.list.style.setProperty("--cell", longest > 3 ? "6rem" : "3.6rem");
    this.options.list.replaceChildren();
    this.add(this.options.page);
    if (held === undefined) return;
    const same = indices.indexOf(held);
    (this.buttons[same] ?? this.buttons[at] ?? this.buttons.at(-1))?.focus({ preventScroll: true });
  }

  private add(count: number): void {
    const { list, more, caption, onChoose } = this.options;
    const pictures = this.pictures!;
    const begin = this.buttons.length;
    for (const index of this.indices.slice(begin, begin + count)) {
      const canvas = make("canvas", { className: "ink" });
      resize(canvas, pictures);
      paint(canvas, pictures.image(index));
      const { lines, label: ariaLabel } = caption(index);
      const picture = button("", () => onChoose(index), { className: "cell", ariaLabel });
      picture.append(canvas, ...lines.flatMap((line) => [make("span", {}, line), " "]));
      list.append(make("li", {}, picture));
      this.buttons.push(picture);
    }
    more.hidden = this.buttons.length >= this.indices.length;
    this.focus.renew();
  }
}
