// The confusion matrix: a row for what is true, a column for what the net says.
import { make, row, setText } from "../../../ui/dom";
import { grouped } from "../../../ui/format";

// With more classes there would be too many cells for a page.
const mostClasses = 24;

export class Confusion {
  private names: readonly string[] = [];
  private cells: HTMLTableCellElement[] = [];

  constructor(
    private readonly place: HTMLElement,
    private readonly note: HTMLElement,
  ) {}

  /** Shows counts, classes × classes; without them the matrix is empty. */
  show(all: readonly string[], counts: Int32Array | undefined): void {
    const names = all.slice(0, mostClasses);
    if (String(names) !== String(this.names)) this.build(names);
    setText(
      this.note,
      names.length < all.length
        ? `Of ${grouped(all.length)} classes, the first ${mostClasses} are shown.`
        : "",
    );
    const size = names.length;
    const at = (i: number) => counts?.[Math.floor(i / size) * all.length + (i % size)] ?? 0;
    const most = this.cells.reduce((most, _, i) => Math.max(most, at(i)), 1);
    this.cells.forEach((cell, i) => {
      setText(cell, at(i) > 0 ? grouped(at(i)) : "·");
      // Shades grow with the square root, so that rare mistakes can be seen.
      cell.style.setProperty("--share", Math.sqrt(at(i) / most).toFixed(3));
    });
  }

  private build(names: readonly string[]): void {
    this.names = names;
    const rows = names.map((_, label) =>
      names.map((_, answer) => make("td", { className: label === answer ? "right" : "wrong" })),
    );
    this.cells = rows.flat();
    const heads = names.map((name) => make("th", { scope: "col" }, name));
    this.place.replaceChildren(
      make("thead", {}, make("tr", {}, make("td"), ...heads)),
      make(
        "tbody",
        {},
        ...rows.map((cells, i) => {
          const line = row(names[i]!);
          line.append(...cells);
          return line;
        }),
      ),
    );
  }
}
