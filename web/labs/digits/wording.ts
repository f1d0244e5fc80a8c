// The page's own sentences speak of MNIST's digits. Where another set is learned, they speak of
// pictures: data-other of an element says how, and {learned}, {tested} and {size} are that set's.
import * as format from "../../ui/format";
import type { DigitsRun } from "./run/digits_run";
import type { SampleSets } from "./run/sample_sets";

const originals = new WeakMap<Element, string>();

export function mount(place: HTMLElement, run: DigitsRun): void {
  run.on("pictures", () => speakOf(place, run.sets!));
}

function speakOf(place: ParentNode, { pictures, learned }: SampleSets): void {
  const values: Record<string, string> = {
    learned: format.grouped(learned),
    tested: format.grouped(pictures.count),
    size: format.extents(pictures.height, pictures.width),
  };
  for (const element of place.querySelectorAll<HTMLElement>("[data-other]")) {
    const original = originals.get(element) ?? element.textContent!;
    originals.set(element, original);
    element.textContent =
      pictures.noun === "digit"
        ? original
        : element.dataset["other"]!.replace(/\{(\w+)\}/g, (_, name: string) => values[name]!);
  }
}
