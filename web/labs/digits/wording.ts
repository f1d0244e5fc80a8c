// The page's own sentences fit what is learned and how the run stands. They speak of MNIST's digits; where another set
// is learned, they speak of pictures: data-other of an element says how, and {learned}, {tested} and {size} are that
// set's. What holds in some states of the run alone is in sentences.ts, by the name in data-says; it is loaded when
// something else holds than the page's HTML says.
import { setText } from "../../ui/dom";
import * as format from "../../ui/format";
import { lazy } from "../../ui/lazy";
import { retriable } from "../../ui/problems";
import type { DigitsRun } from "./run/digits_run";
import type { SampleSets } from "./run/sample_sets";
import type { RunState, SentenceName } from "./sentences";
import { defaults, isDistorted } from "./settings/digits_settings";

const loadSentences = lazy(() => import("./sentences"), "sentences");

const originals = new WeakMap<Element, string>();

export function mount(place: HTMLElement, run: DigitsRun, loading = loadSentences): void {
  run.on("pictures", () => speakOf(place, run.sets!));
  const says = [...place.querySelectorAll<HTMLElement>("[data-says]")];
  let learned: boolean | undefined;
  let sentences: typeof import("./sentences").sentences | undefined;
  function speak(): void {
    if (!run.ready) return;
    learned = run.history.step > 0;
    const state = stateOf(run);
    if (!sentences) {
      if (!isFirst(state)) void load();
      return;
    }
    for (const element of says) {
      setText(element, sentences[element.dataset["says"] as SentenceName](state));
    }
  }
  async function load(): Promise<void> {
    try {
      ({ sentences } = await loading());
      speak();
    } catch (error) {
      run.show(retriable(error, () => void load()));
    }
  }
  run.onAny(["settings", "net"], speak);
  run.on("progress", () => learned !== run.history.step > 0 && speak());
}

const stateOf = ({ settings, trainedWith, history, sets }: DigitsRun): RunState => ({
  noun: sets!.pictures.noun,
  chosen: settings,
  trained: trainedWith.settings,
  net: trainedWith.net,
  judge: history.judge,
  judged: history.samples[history.judge],
  steps: history.step,
});

// Whether the page's HTML has the sentences of this state.
const isFirst = ({ noun, steps, chosen, trained, net, judged }: RunState) =>
  noun === "digit" &&
  steps === 0 &&
  chosen.net === trained.net &&
  judged === defaults.validation &&
  !isDistorted(trained) &&
  !/dropout/i.test(net);

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
