// The page's own sentences speak of MNIST's digits. Where another set is learned, they speak of
// pictures: data-other of an element says how, and {learned}, {tested} and {size} are that set's.
import * as format from "../../ui/format";
import type { Digits } from "./run/picture_set";

const originals = new WeakMap<Element, string>();

export function speakOf(place: ParentNode, digits: Digits, learned: number): void {
  const values: Record<string, string> = {
    learned: format.grouped(learned),
    tested: format.grouped(digits.count),
    size: format.extents(digits.height, digits.width),
  };
  for (const element of place.querySelectorAll<HTMLElement>("[data-other]")) {
    const original = originals.get(element) ?? element.textContent!;
    originals.set(element, original);
    element.textContent =
      digits.noun === "digit"
        ? original
        : element.dataset["other"]!.replace(/\{(\w+)\}/g, (_, name: string) => values[name]!);
  }
}
