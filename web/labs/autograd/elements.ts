// Makes the elements that the lab builds by itself.

type Child = Node | string | undefined | false;

export function make<K extends keyof HTMLElementTagNameMap>(
  name: K,
  properties: Partial<Omit<HTMLElementTagNameMap[K], "style" | "children">> & {
    test?: string;
  } = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  const { test, ...rest } = properties;
  Object.assign(element, rest);
  if (test) element.dataset["testid"] = test;
  element.append(...children.filter((child): child is Node | string => Boolean(child)));
  return element;
}

export function button(label: string, test: string, run: () => void, name = ""): HTMLButtonElement {
  const element = make("button", { type: "button", textContent: label, test, className: name });
  element.addEventListener("click", run);
  return element;
}

/**
 * A table with a header row. The first cell of each row is its header; numbers stand to the right.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | Node)[])[],
  test = "",
) {
  return make(
    "table",
    { test },
    make("thead", {}, make("tr", {}, ...head.map((name) => make("th", { scope: "col" }, name)))),
    make(
      "tbody",
      {},
      ...rows.map(([first, ...others]) =>
        make(
          "tr",
          {},
          make("th", { scope: "row" }, first!),
          ...others.map((cell) => make("td", {}, cell)),
        ),
      ),
    ),
  );
}
