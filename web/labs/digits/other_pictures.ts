// The words for pictures that are not MNIST's digits, which elements have in data-other. What holds for digits alone has
// data-digits.
import { setText } from "../../ui/dom";
import * as format from "../../ui/format";
import type { SampleSets } from "./run/sample_sets";

const originals = new WeakMap<Element, string>();

// Lets the page's sentences speak of these pictures.
export function speakOf(place: ParentNode, { pictures, learned }: SampleSets): void {
  const values: Record<string, string> = {
    learned: format.grouped(learned),
    tested: format.grouped(pictures.count),
    size: format.extents(pictures.height, pictures.width),
  };
  for (const element of place.querySelectorAll<HTMLElement>("[data-digits]"))
    element.hidden = pictures.noun !== "digit";
  for (const element of place.querySelectorAll<HTMLElement>("[data-other]")) {
    const original = originals.get(element) ?? element.textContent!;
    originals.set(element, original);
    setText(
      element,
      pictures.noun === "digit"
        ? original
        : element.dataset["other"]!.replace(/\{(\w+)\}/g, (_, name: string) => values[name]!),
    );
  }
}
