// Makes elements, and finds those that a page's markup names.

export type Child = Node | string | undefined | false;

type Own<T> = Partial<Omit<T, "style" | "children" | "dataset" | "part">>;

/**
 * An element with these properties and children; `test` becomes its data-testid, which is for tests
 * alone, and `part` its data-part, by which code finds it.
 */
export function make<K extends keyof HTMLElementTagNameMap>(
  name: K,
  properties: Own<HTMLElementTagNameMap[K]> & { test?: string; part?: string } = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  const { test, part, ...rest } = properties;
  Object.assign(element, rest);
  if (test) element.dataset["testid"] = test;
  if (part) element.dataset["part"] = part;
  element.append(...children.filter((child): child is Node | string => Boolean(child)));
  return element;
}

/** A button that calls `run` when it is pressed. */
export function button(
  label: string,
  run: () => void,
  properties: Own<HTMLButtonElement> & { test?: string; part?: string } = {},
): HTMLButtonElement {
  const element = make("button", { type: "button", textContent: label, ...properties });
  element.addEventListener("click", run);
  return element;
}

/** Lets a button open a field for files; `take` gets those that are chosen, also the same ones again. */
export function chooseFiles(
  opener: HTMLElement,
  field: HTMLInputElement,
  take: (files: readonly File[]) => void,
): void {
  opener.addEventListener("click", () => field.click());
  field.addEventListener("change", () => {
    const chosen = [...(field.files ?? [])];
    field.value = "";
    if (chosen.length > 0) take(chosen);
  });
}

/** A table's row, whose first cell is its header. */
export const row = (head: string | Node, ...cells: (string | Node)[]): HTMLTableRowElement =>
  make("tr", {}, make("th", { scope: "row" }, head), ...cells.map((cell) => make("td", {}, cell)));

/** A table with a header row. The first cell of each row is its header. */
export const table = (
  heads: readonly string[],
  rows: readonly (readonly (string | Node)[])[],
  test = "",
): HTMLTableElement =>
  make(
    "table",
    { test },
    make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head)))),
    make("tbody", {}, ...rows.map(([head, ...cells]) => row(head!, ...cells))),
  );

/** A paragraph of this class. */
export const paragraph = (className: string, ...children: Child[]): HTMLElement =>
  make("p", { className }, ...children);

/** A region that scrolls; screen readers call it by this name. */
export const scroller = (
  name: string,
  content: Node,
  properties: Parameters<typeof make<"div">>[1] = {},
): HTMLElement =>
  make(
    "div",
    { className: "scroll", tabIndex: 0, role: "region", ariaLabel: name, ...properties },
    content,
  );

/** Replaces an element's text where it says something else, so that it keeps its place and the selection. */
export function setText(where: Element | Text, text: string): void {
  if (where.textContent !== text) where.textContent = text;
}

/** The first element inside `place` that matches; throws where there is none. */
export function find<T extends Element = HTMLElement>(place: ParentNode, selector: string): T {
  const element = place.querySelector<T>(selector);
  if (!element) throw new Error(`page: there is no ${selector}`);
  return element;
}

/** The element inside `place` whose data-part is `name`; throws where there is none. */
export const part = <T extends Element = HTMLElement>(place: ParentNode, name: string): T =>
  find<T>(place, `[data-part="${name}"]`);
