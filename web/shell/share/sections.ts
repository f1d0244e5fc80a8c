// The places of a lab that a link can open at: elements with data-section.
import { find } from "../../ui/dom";

export interface Section {
  name: string;
  title: string;
}

// Until then the lab may still be making its parts, which moves the others.
const settled = 5000;

/** The sections of the lab that are there just now, in their order. */
export const sectionsIn = (lab: HTMLElement): Section[] =>
  [...lab.querySelectorAll<HTMLElement>("[data-section]")]
    .filter((element) => element.getClientRects().length > 0)
    .map((element) => ({ name: element.dataset["section"]!, title: titleOf(element) }));

const titleOf = (element: HTMLElement) =>
  element.dataset["called"] ?? headingOf(element).textContent.replace(/\s+/g, " ").trim();

function headingOf(element: HTMLElement): HTMLElement {
  if (element.matches("details")) return find(element, "summary");
  return element.querySelector<HTMLElement>("h2, h3") ?? element;
}

/** Scrolls to the section of this name, if there is one, opens it, and moves the focus to its heading. */
export function goTo(lab: HTMLElement, name: string): void {
  const element = lab.querySelector<HTMLElement>(`[data-section="${CSS.escape(name)}"]`);
  if (!element) return;
  if (element instanceof HTMLDetailsElement) element.open = true;
  const heading = headingOf(element);
  if (heading.localName !== "summary") heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  const scroll = () => element.scrollIntoView();
  scroll();
  const over = new AbortController();
  const grown = new ResizeObserver(scroll);
  grown.observe(document.body);
  over.signal.addEventListener("abort", () => grown.disconnect());
  for (const type of ["wheel", "touchmove", "keydown", "pointerdown"])
    addEventListener(type, () => over.abort(), { signal: over.signal, passive: true });
  setTimeout(() => over.abort(), settled);
}
