// The page's own sentences fit what is learned and how the run stands. They speak of MNIST's digits; where another set
// is learned, they speak of pictures: data-other of an element says how, and {learned}, {tested} and {size} are that
// set's. What holds in some states of the run alone is in sentences.ts, by the name in data-says.
import { setText } from "../../ui/dom";
import * as format from "../../ui/format";
import type { DigitsRun } from "./run/digits_run";
import type { SampleSets } from "./run/sample_sets";
import { sentences, type RunState, type SentenceName } from "./sentences";

const originals = new WeakMap<Element, string>();

export function mount(place: HTMLElement, run: DigitsRun): void {
  run.on("pictures", () => speakOf(place, run.sets!));
  const says = [...place.querySelectorAll<HTMLElement>("[data-says]")];
  let learned: boolean | undefined;
  const speak = () => {
    if (!run.ready) return;
    learned = run.history.step > 0;
    const state = stateOf(run);
    for (const element of says) {
      setText(element, sentences[element.dataset["says"] as SentenceName](state));
    }
  };
  run.onAny(["settings", "net"], speak);
  run.on("progress", () => learned !== run.history.step > 0 && speak());
}

const stateOf = ({ settings, trainedWith, history, sets }: DigitsRun): RunState => ({
  noun: sets!.pictures.noun,
  classes: sets!.pictures.classes,
  chosen: settings,
  trained: trainedWith.settings,
  net: trainedWith.net,
  judge: history.judge,
  judged: history.samples[history.judge],
  steps: history.step,
});

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
