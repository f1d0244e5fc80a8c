// The page's sentences that hold in some states of a run and not in others: each is a function of that state alone.
// An element whose data-says is a sentence's name shows it; the text in the page's HTML is the sentence of a net of the
// catalog that has learned nothing.
import type { WhichMnist } from "../../data/mnist";
import * as format from "../../ui/format";
import type { Judge } from "../../ui/plots/curves";
import type { Tested } from "./run/run_record";
import { isDistorted, type Settings } from "./settings/digits_settings";

export { speakOf } from "./other_pictures";

export interface RunState {
  // Which MNIST is learned; undefined for pictures of somebody's own.
  which: WhichMnist | undefined;
  // What sentences call one of the pictures.
  noun: "digit" | "picture";
  // The settings in the form.
  chosen: Settings;
  // The settings that the net which is shown was made and trained with.
  trained: Settings;
  // That net as text, even if it has a name.
  net: string;
  // What its run is judged by, and how many pictures these are.
  judge: Judge;
  judged: number;
  // The steps that the net has learned.
  steps: number;
}

export const sentences = {
  // What its first layer's pictures are worth.
  pattern: ({ steps }) =>
    steps === 0
      ? "The pattern is random: nothing has been learned yet. Press Start and watch it change."
      : "",

  // Which net everything that is shown belongs to, where it is not the one in the form.
  inHand({ chosen, trained, steps }) {
    if (chosen.net === trained.net) return "";
    const shown = isNamed(trained.net) ? trained.net : "the net before";
    const next = isNamed(chosen.net) ? chosen.net : "the net in the form";
    return steps === 0
      ? `What you see is still of ${shown}; ${next} has not been made.`
      : `What you see is of the run so far, with ${shown}; ${next} takes its place with the next start.`;
  },

  // What the net in the form, as recommended, reaches with the small MNIST; its description says what with all of it.
  reached({ which, chosen }) {
    const accuracy = reachedWithSmall[chosen.net];
    if (which !== "small" || accuracy === undefined) return "";
    return `On the small MNIST, which is in hand, as recommended: ${(100 * accuracy).toFixed(1)}\u00a0% on average.`;
  },

  // Two sentences on the line beside that of training in the loss: what it is, and what the gap between them tells.
  loss({ trained, net, noun, judge, judged }) {
    const [line, name] = judge === "test" ? ["dashed", "the test"] : ["dotted", "validation"];
    const harder = [
      ...(isDistorted(trained) ? [`its ${noun}s are distorted`] : []),
      ...(/dropout/i.test(net) ? ["some of its neurons are switched off"] : []),
    ];
    const gap =
      harder.length > 0
        ? `Training is made harder on purpose, since ${harder.join(" and ")}: its loss may well be the larger one.`
        : "It is measured at the end of an epoch, training all along: a gap that opens late shows how much the net has memorised.";
    return `The ${line} line is ${name}: ${format.grouped(judged)} ${noun}s that it never learns from. ${gap}`;
  },

  // What the accuracy beside that of training is measured on.
  accuracy: ({ noun, judge, judged }) =>
    `${format.grouped(judged)} ${noun}s it never sees while learning (${judge})`,

  // What to do so that the test stays one, and that the page does not where nothing else judges.
  choose: ({ trained, noun }) =>
    trained.validation > 0
      ? `Choose by the ${format.grouped(trained.validation)} ${noun}s that are held back for validation, and look at the test once.`
      : "Hold some back for validation, under “Validation and early stopping”, choose by these, and look at the test once. " +
        "Nothing is held back now, so this page shows the test after each epoch: it peeks.",
} satisfies Record<string, (state: RunState) => string>;

export type SentenceName = keyof typeof sentences;

// The mean accuracies on its 1,000 test digits, by net, of the seeds 1 to 5 (best: 1 to 3), with 1,500 digits held back
// and all else as recommended.
const reachedWithSmall: Record<string, number> = {
  mlp: 0.95,
  lenet: 0.975,
  convnet: 0.982,
  fast: 0.977,
  best: 0.995,
};

// Whether a net has a name of the catalog, which is one word.
const isNamed = (net: string) => /^\w+$/.test(net);

// When the test was asked, and what it said.
export function whatTestSaid({ from, to, epoch, right, samples }: Tested): string {
  const end = epoch === undefined ? "" : `, the end of epoch ${epoch}, whose weights are back`;
  const when =
    from === to
      ? `after step ${format.grouped(to)}${end}`
      : `between the steps ${format.grouped(from)} and ${format.grouped(to)}, while it learned`;
  return `Asked ${when}: ${format.grouped(right)} of ${format.grouped(samples)} are right, ${format.percent(right / samples)}.`;
}
