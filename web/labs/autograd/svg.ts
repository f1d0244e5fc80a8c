// Makes the elements of an SVG picture.

export function element<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Record<string, string>,
): SVGElementTagNameMap[K] {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

export function text(x: number, y: number, name: string, content: string): SVGTextElement {
  const made = element("text", { x: String(x), y: String(y), class: name });
  made.textContent = content;
  return made;
}

export function span(name: string, content: string): SVGTSpanElement {
  const made = element("tspan", { class: name });
  made.textContent = content;
  return made;
}
