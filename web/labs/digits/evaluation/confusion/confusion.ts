// The confusion matrix: a row for what a picture is, a column for what it was read as. Every cell
// is a button that opens its pictures.
import "./confusion.css";
import type { PictureSet } from "../../run/picture_set";
import { button, make, part, row } from "../../../../ui/dom";
import { RovingFocus } from "../../../../ui/roving_focus";

// With more classes than this there would be too many cells for a page; then only the classes with
// the most mistakes are shown.
const mostClasses = 48;

export class Confusion {
  // The classes that are shown, in order.
  private shown: number[] = [];
  private names: readonly string[] = [];
  private buttons: HTMLButtonElement[] = [];
  private opened: [number, number] | undefined;
  private readonly focus: RovingFocus;

  constructor(
    private readonly place: HTMLElement,
    private readonly onOpen: (label: number, answer: number) => void,
  ) {
    this.focus = new RovingFocus(part(place, "confusion"), () => {
      return { buttons: this.buttons, columns: this.shown.length, wraps: false };
    });
  }

  // Shows counts: classes × classes, a row per label.
  show(pictures: PictureSet, counts: Int32Array): void {
    const { classes, names } = pictures;
    const shown = mostMistaken(counts, classes);
    if (String(shown) !== String(this.shown) || String(names) !== String(this.names)) {
      this.shown = shown;
      this.names = [...names];
      this.build();
    }
    part(this.place, "confusion-note").textContent =
      shown.length < classes
        ? `Of ${classes} classes, the ${shown.length} with the most mistakes are shown.`
        : "";

    const at = (label: number, answer: number) => counts[label * classes + answer]!;
    const wrong = shown.flatMap((label) =>
      shown.filter((answer) => answer !== label).map((answer) => at(label, answer)),
    );
    const mostWrong = Math.max(1, ...wrong);
    this.buttons.forEach((button, i) => {
      const label = shown[Math.floor(i / shown.length)]!;
      const answer = shown[i % shown.length]!;
      const count = at(label, answer);
      const all = counts
        .subarray(label * classes, (label + 1) * classes)
        .reduce((sum, each) => sum + each, 0);
      // Shades grow with the square root; otherwise one frequent mistake would leave all others
      // white.
      const share = label === answer ? count / Math.max(1, all) : count / mostWrong;
      button.style.setProperty("--share", Math.sqrt(share).toFixed(3));
      button.textContent = count > 0 ? String(count) : "·";
      const named = (number: number) => names[number]!;
      button.ariaLabel = `${named(label)} read as ${named(answer)}: ${count}`;
    });
    this.mark(this.opened);
  }

  // Marks the open cell.
  mark(cell: [number, number] | undefined): void {
    this.opened = cell;
    this.buttons.forEach((button, i) => {
      const label = this.shown[Math.floor(i / this.shown.length)];
      const answer = this.shown[i % this.shown.length];
      button.setAttribute("aria-pressed", String(label === cell?.[0] && answer === cell?.[1]));
    });
  }

  private build(): void {
    const { shown, names, onOpen } = this;
    const columns = shown.map((answer) => make("th", { scope: "col" }, names[answer]));
    const rows = shown.map((label) =>
      shown.map((answer) =>
        button("", () => onOpen(label, answer), {
          className: label === answer ? "right" : "wrong",
        }),
      ),
    );
    this.buttons = rows.flat();
    part(this.place, "confusion").replaceChildren(
      make("thead", {}, make("tr", {}, make("td"), ...columns)),
      make("tbody", {}, ...rows.map((buttons, i) => row(names[shown[i]!]!, ...buttons))),
    );
    this.focus.renew();
  }
}

// The classes to show, in order: all, or those that are most often misread or mistaken for.
function mostMistaken(counts: Int32Array, classes: number): number[] {
  const all = Array.from({ length: classes }, (_, i) => i);
  if (classes <= mostClasses) return all;
  const mistakes = all.map((i) =>
    all.reduce((sum, j) => {
      return j === i ? sum : sum + counts[i * classes + j]! + counts[j * classes + i]!;
    }, 0),
  );
  const ranked = [...all].sort((a, b) => mistakes[b]! - mistakes[a]! || a - b);
  return ranked.slice(0, mostClasses).sort((a, b) => a - b);
}
