// The words for other pictures than all of MNIST's digits: an element has those for pictures of somebody's own in
// data-other, and those for the small MNIST in data-small. What holds for some sets alone names them in data-only.
import { setText } from "../../ui/dom";
import * as format from "../../ui/format";
import type { SampleSets } from "./run/sample_sets";

const originals = new WeakMap<Element, string>();

// Lets the page's sentences speak of these pictures.
export function speakOf(place: ParentNode, { which, pictures, learned }: SampleSets): void {
  const values: Record<string, string> = {
    learned: format.grouped(learned),
    tested: format.grouped(pictures.count),
    size: format.extents(pictures.height, pictures.width),
  };
  for (const element of place.querySelectorAll<HTMLElement>("[data-only]"))
    element.hidden = !element.dataset["only"]!.split(" ").includes(which ?? "own");
  for (const element of place.querySelectorAll<HTMLElement>("[data-other], [data-small]")) {
    const original = originals.get(element) ?? element.textContent!;
    originals.set(element, original);
    const { other, small } = element.dataset;
    // What has no words for pictures of somebody's own finds them by itself.
    const usual = other === undefined ? element.textContent! : original;
    const said =
      which === undefined ? (other ?? usual) : which === "small" ? (small ?? usual) : usual;
    setText(
      element,
      said.replace(/\{(\w+)\}/g, (_, name: string) => values[name]!),
    );
  }
}
