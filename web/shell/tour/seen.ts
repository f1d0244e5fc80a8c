// What is seen of the page: what it shows, and what the visitor has done since a step of the tour began.
import type { LabName } from "../../labs";

export const find = (selector: string) => document.querySelector<HTMLElement>(selector);
export const textOf = (selector: string) => find(selector)?.textContent?.trim() ?? "";
export const valueOf = (selector: string) => find(selector) as HTMLInputElement | null;
export const within = (lab: LabName, name: string) => `#${lab} [data-part="${name}"]`;

const names = new Map<string, string>();

// What a button is called, or was before it was pressed and says how far it is.
export function nameOf(selector: string): string {
  if (find(selector)?.ariaDisabled !== "true") names.set(selector, textOf(selector));
  return names.get(selector) ?? "";
}

// The first number of a text, without the commas of its thousands; NaN where there is none.
export const numberIn = (text: string) =>
  Number.parseFloat(text.replaceAll(",", "").match(/\d[\d.]*/)?.[0] ?? "");

// Whether the value has changed since the beginning.
export function changed(read: () => string): () => boolean {
  const before = read();
  return () => read() !== "" && read() !== before;
}

// Whether the value has grown by at least this much since the beginning.
export function further(read: () => number, by: number): () => boolean {
  let before = read();
  return () => {
    const now = read();
    // This is a new run.
    if (Number.isNaN(before) || now < before) before = now;
    return now >= before + by;
  };
}

// Tells of each element that the visitor uses, by hand or by keyboard, until the signal comes.
export function whenUsed(tell: (element: Element) => void, signal: AbortSignal): void {
  for (const type of ["click", "pointerup", "keyup"]) {
    const see = ({ target, key }: Event & { key?: string }) => {
      if (key !== "Tab" && key !== "Shift") tell(target as Element);
    };
    document.addEventListener(type, see as EventListener, { capture: true, signal });
  }
}

// Whether the visitor has used something within an element since the beginning.
export function touched(selector: string, signal: AbortSignal): () => boolean {
  let seen = false;
  whenUsed((element) => (seen ||= element.closest(selector) !== null), signal);
  return () => seen;
}

// Whether the element was pressed since the beginning, at a moment when that counts.
export function clicked(selector: string, signal: AbortSignal, counts = () => true): () => boolean {
  let seen = false;
  document.addEventListener(
    "click",
    ({ target }) => (seen ||= (target as Element).closest(selector) !== null && counts()),
    { capture: true, signal },
  );
  return () => seen;
}

export const isOpen = (selector: string) => find(selector)?.hasAttribute("open") ?? false;
export const visible = (selector: string): Element[] =>
  [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility());
export const isVisible = (selector: string) => find(selector)?.checkVisibility() ?? false;

const start = (lab: LabName) => find(within(lab, "start")) as HTMLButtonElement | null;

// What the button that starts is called just now, or after what the step asks for first.
export function startName(lab: LabName): string {
  const button = start(lab);
  return button && !button.disabled ? button.textContent! : "Start";
}

// Asks to let the lab's net learn: by the button, as it is called just now, or by waiting.
export function learn(lab: LabName): string {
  if (!start(lab)?.disabled) return `Press ${startName(lab)} and let it learn`;
  const isPaused = textOf(within(lab, "pause")) === "Resume";
  return isPaused ? "Press Resume and let it learn" : "Let it learn";
}
