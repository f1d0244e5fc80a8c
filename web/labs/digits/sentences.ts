// The page's sentences that hold in some states of a run and not in others: each is a function of that state alone.
// An element whose data-says is a sentence's name shows it; the text in the page's HTML is the sentence of a net of the
// catalog that has learned nothing.
import * as format from "../../ui/format";
import type { Settings } from "./settings/digits_settings";

export interface RunState {
  // What sentences call one of the pictures.
  noun: "digit" | "picture";
  classes: number;
  // The settings in the form.
  chosen: Settings;
  // The settings that the net which is shown was made and trained with.
  trained: Settings;
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

  // Why the loss of training is larger than that of the test, where it is made so.
  harder({ trained, noun, classes }) {
    const reasons = [
      ...(isDistorted(trained) ? [`its ${noun}s are distorted`] : []),
      ...(trained.labelSmoothing > 0
        ? [`its target is ${target(trained, classes)}, not 100 %`]
        : []),
    ];
    return reasons.length === 0
      ? ""
      : `Here training is made harder on purpose: ${reasons.join(" and ")}. That alone makes its loss larger.`;
  },

  // What to do so that the test stays one.
  choose: ({ trained, noun }) =>
    trained.validation > 0
      ? `Choose by the ${format.grouped(trained.validation)} ${noun}s that are held back for validation, and look at the test once.`
      : "Hold some back for validation, under “Validation and early stopping”, choose by these, and look at the test once.",
} satisfies Record<string, (state: RunState) => string>;

export type SentenceName = keyof typeof sentences;

// Whether a net has a name of the catalog, which is one word.
const isNamed = (net: string) => /^\w+$/.test(net);

const isDistorted = ({ shift, rotation, scale, shear }: Settings) =>
  shift > 0 || rotation > 0 || scale > 0 || shear > 0;

// What the right class is to get where labels are smoothed: 0.1 spread over ten classes leaves 91 %.
const target = ({ labelSmoothing }: Settings, classes: number) =>
  `${Number((100 * (1 - labelSmoothing + labelSmoothing / classes)).toPrecision(3))} %`;
