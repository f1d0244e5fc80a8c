// The page's technical terms in plain words, each with a place where it can be tried. The HTML marks a term as
// <x-term of="learning rate">rate</x-term>, and web/markup.ts makes it a link to its entry in glossary.html, which
// web/shell/explained.ts shows beside it.
import { aboutData } from "./about_data.ts";
import { aboutLearning } from "./about_learning.ts";
import { aboutNets } from "./about_nets.ts";
import { aboutSteps } from "./about_steps.ts";
import type { Entry } from "./entry.ts";
import { linkOf } from "./link.ts";

export const glossary: Readonly<Record<string, Entry>> = {
  ...aboutNets,
  ...aboutLearning,
  ...aboutSteps,
  ...aboutData,
};

/** The terms in the order of the alphabet. */
export const terms: readonly string[] = Object.keys(glossary).sort((a, b) =>
  a.localeCompare(b, "en"),
);

/** The term that a link of `linkOf` is about. */
export const termOf = (link: string): string =>
  terms.find((term) => link.endsWith(linkOf(term).slice(1)))!;
