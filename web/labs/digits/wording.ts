// The page's own sentences fit what is learned and how the run stands. They speak of MNIST's digits; where another set
// is learned, they speak of that, see other_pictures.ts: {learned}, {tested} and {size} are that set's. What holds in some states of the run alone is in sentences.ts, by the name in data-says; it is loaded when
// something else holds than the page's HTML says.
import { setText } from "../../ui/dom";
import { lazy } from "../../ui/lazy";
import { retriable } from "../../ui/problems";
import type { DigitsRun } from "./run/digits_run";
import type { RunState, SentenceName } from "./sentences";
import { defaults, isDistorted } from "./settings/digits_settings";

const loadSentences = lazy(() => import("./sentences"), "sentences");

export function mount(place: HTMLElement, run: DigitsRun, loading = loadSentences): void {
  const says = [...place.querySelectorAll<HTMLElement>("[data-says]")];
  let learned: boolean | undefined;
  let words: typeof import("./sentences") | undefined;
  function speak(): void {
    if (!run.ready) return;
    learned = run.history.step > 0;
    const state = stateOf(run);
    if (!words) {
      if (!isFirst(state)) void load();
      return;
    }
    words.speakOf(place, run.sets!);
    for (const element of says) {
      setText(element, words.sentences[element.dataset["says"] as SentenceName](state));
    }
  }
  async function load(): Promise<void> {
    try {
      words = await loading();
      speak();
    } catch (error) {
      run.show(retriable(error, () => void load()));
    }
  }
  run.onAny(["settings", "net"], speak);
  run.on("progress", () => learned !== run.history.step > 0 && speak());
}

const stateOf = ({ settings, trainedWith, history, sets }: DigitsRun): RunState => ({
  which: sets!.which,
  noun: sets!.pictures.noun,
  chosen: settings,
  trained: trainedWith.settings,
  net: trainedWith.net,
  judge: history.judge,
  judged: history.samples[history.judge],
  steps: history.step,
});

// Whether the page's HTML has the sentences of this state.
const isFirst = ({ which, steps, chosen, trained, net, judged }: RunState) =>
  which === "full" &&
  steps === 0 &&
  chosen.net === trained.net &&
  judged === defaults.validation &&
  !isDistorted(trained) &&
  !/dropout/i.test(net);
