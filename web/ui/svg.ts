// Makes the elements of an SVG picture.

/** An element with these attributes; a text inside it, or other elements, may follow. */
export function shape<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Record<string, string | number> = {},
  ...children: (Node | string)[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}

/** A text at a place, with this class. */
export const text = (x: number, y: number, name: string, content: string): SVGTextElement =>
  shape("text", { x, y, class: name }, content);
