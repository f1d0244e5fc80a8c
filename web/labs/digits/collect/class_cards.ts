// The collected classes as cards: the name, how many pictures there are, each of them, which a press removes, and what the
// net makes of the picture on the sheet.
import { button, make, setText } from "../../../ui/dom";
import * as format from "../../../ui/format";
import { paint } from "../../../ui/ink";
import { side, type CollectedClass, type Example } from "../storage/classes/stored_classes";
import type { Collection } from "./collection";
import { paintGrey } from "./grey_square";

// So many of a class are shown at first.
const shown = 40;

export interface CardEvents {
  chosen(): void;
  // Something was removed from these classes.
  removed(sentence: string, before: readonly CollectedClass[]): void;
}

class Card {
  readonly element: HTMLElement;
  readonly radio: HTMLInputElement;
  readonly name: HTMLInputElement;
  private readonly count = make("span", { className: "count", test: "collect-count" });
  private readonly bar = make("span");
  private readonly share = make("span", { className: "share" });
  private readonly complaint = make("p", { className: "complaint", role: "status" });
  private readonly list = make("ul", { className: "examples" });
  private readonly all = button("Show all", () => this.showAll(), { className: "quiet" });
  private readonly remove: HTMLButtonElement;
  private cells = new Map<string, HTMLElement>();
  private limit = shown;
  private shownClass: CollectedClass | undefined;

  constructor(
    readonly id: string,
    private readonly collection: Collection,
    private readonly events: CardEvents,
  ) {
    this.radio = make("input", { type: "radio", name: "collect-class", value: id });
    this.radio.addEventListener("change", () => events.chosen());
    this.name = make("input", {
      autocomplete: "off",
      maxLength: 40,
      spellcheck: false,
      test: "collect-name",
    });
    this.name.addEventListener("change", () => this.rename());
    this.name.addEventListener("focus", () => this.choose());
    this.name.addEventListener("keydown", ({ key }) => key === "Enter" && this.rename());
    this.remove = button("Remove", () => this.removeClass(), { className: "quiet" });
    this.complaint.id = `collect-complaint-${id}`;
    this.name.setAttribute("aria-describedby", this.complaint.id);
    this.element = make(
      "li",
      { className: "card", test: "collect-card" },
      make("div", { className: "head" }, this.radio, this.name, this.count, this.remove),
      this.complaint,
      make(
        "div",
        { className: "guess", ariaHidden: "true" },
        make("span", { className: "bar" }, this.bar),
        this.share,
      ),
      this.list,
      this.all,
    );
    this.element.addEventListener("click", ({ target }) => {
      if (target === this.element || target === this.list) this.choose();
    });
  }

  choose(): void {
    if (this.radio.checked) return;
    this.radio.checked = true;
    this.events.chosen();
  }

  show(own: CollectedClass, canRemove: boolean): void {
    const { examples, name } = own;
    if (this.shownClass?.name !== name) {
      this.name.value = name;
      this.complain("");
    }
    this.shownClass = own;
    this.radio.ariaLabel = `Add to “${name}”`;
    this.name.ariaLabel = `Name of “${name}”`;
    this.remove.ariaLabel = `Remove the class “${name}”`;
    this.remove.hidden = !canRemove && examples.length === 0;
    setText(this.count, format.counted(examples.length, "picture"));
    const visible = examples.slice(-this.limit);
    this.all.hidden = visible.length === examples.length;
    this.all.textContent = `Show all ${examples.length}`;
    const cells = new Map(
      visible.map((example) => [example.id, this.cells.get(example.id) ?? this.cell(example)]),
    );
    this.cells = cells;
    // Pictures that are there already keep the focus.
    for (const item of [...this.list.children])
      if (![...cells.values()].includes(item as HTMLElement)) item.remove();
    [...cells.values()].forEach((item, i) => {
      if (this.list.children[i] !== item)
        this.list.insertBefore(item, this.list.children[i] ?? null);
      const first = examples.length - visible.length;
      (item.firstChild as HTMLElement).ariaLabel = `Remove picture ${first + i + 1} of “${name}”`;
    });
  }

  // What the net makes of the picture on the sheet, as a share of 1; undefined for nothing.
  guess(share: number | undefined, isBest: boolean): void {
    this.element.classList.toggle("best", isBest);
    this.bar.style.scale = `${share ?? 0} 1`;
    setText(this.share, share === undefined ? "" : format.coarsePercent(share));
  }

  private cell(example: Example): HTMLElement {
    const canvas = make("canvas", { width: side, height: side });
    if (isInk(example.pixels)) {
      canvas.className = "ink";
      paint(canvas, example.pixels);
    } else paintGrey(canvas, example.pixels);
    const press = button("", () => this.removeExample(example.id), { test: "collect-example" });
    press.append(canvas);
    return make("li", {}, press);
  }

  private removeExample(id: string): void {
    const places = [...this.cells.keys()];
    const next = places[places.indexOf(id) + 1] ?? places.at(-2);
    const { name } = this.shownClass!;
    const before = this.collection.classes;
    this.collection.removeExample(this.id, id);
    const cell = next === undefined ? undefined : this.cells.get(next);
    ((cell?.firstChild as HTMLElement | undefined) ?? this.radio).focus();
    this.events.removed(`A picture of “${name}” is removed.`, before);
  }

  private removeClass(): void {
    const { name } = this.shownClass!;
    const before = this.collection.classes;
    this.collection.removeClass(this.id);
    this.events.removed(`“${name}” is removed.`, before);
  }

  private rename(): void {
    const result = this.collection.rename(this.id, this.name.value);
    if ("complaint" in result) return this.complain(result.complaint);
    this.name.value = result.name;
    this.complain("");
  }

  private complain(sentence: string): void {
    setText(this.complaint, sentence);
    this.name.ariaInvalid = sentence ? "true" : null;
  }

  private showAll(): void {
    this.limit = Infinity;
    this.show(this.shownClass!, true);
    (this.list.firstElementChild?.firstChild as HTMLElement | null)?.focus();
  }
}

export class ClassCards {
  readonly element = make("ul", { className: "cards" });
  private readonly cards = new Map<string, Card>();

  constructor(
    private readonly collection: Collection,
    private readonly events: CardEvents,
  ) {}

  /** The class to which pictures are added. */
  get chosen(): CollectedClass | undefined {
    return this.collection.classes.find(({ id }) => this.cards.get(id)?.radio.checked);
  }

  show(): void {
    const { classes } = this.collection;
    for (const [id, card] of this.cards) {
      if (classes.some((own) => own.id === id)) continue;
      const had = card.element.contains(document.activeElement);
      card.element.remove();
      this.cards.delete(id);
      if (had) [...this.cards.values()].at(-1)?.name.focus();
    }
    classes.forEach((own, i) => {
      let card = this.cards.get(own.id);
      if (!card) this.cards.set(own.id, (card = new Card(own.id, this.collection, this.events)));
      card.show(own, classes.length > 2);
      const { children } = this.element;
      if (children[i] !== card.element)
        this.element.insertBefore(card.element, children[i] ?? null);
    });
    if (!this.chosen && classes[0]) this.cards.get(classes[0].id)!.radio.checked = true;
    this.events.chosen();
  }

  /** Chooses a class and lets its name be typed. */
  nameIt(id: string): void {
    const card = this.cards.get(id)!;
    card.choose();
    card.name.focus();
    card.name.select();
  }

  /** Shows the probabilities by the classes' names; undefined for none. */
  guess(shares: ReadonlyMap<string, number> | undefined): void {
    const best = shares && Math.max(...shares.values());
    for (const { id, name } of this.collection.classes) {
      const share = shares?.get(name);
      this.cards.get(id)?.guess(share, share !== undefined && share === best);
    }
  }
}

// Whether a picture is ink on paper: much of it is quite black then, which no photograph is.
function isInk(pixels: Uint8Array): boolean {
  return pixels.filter((value) => value < 8).length > pixels.length * 0.4;
}
