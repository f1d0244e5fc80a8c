// The parts of the labs, by the words with which an address chooses them: "show=plots,pad".
import type { LabName } from "../../labs";

interface Parts {
  /** What is shown where the address does not say. */
  usual: string;
  /** Elements of the lab, and the words of which one must be chosen for these to be seen. */
  rows: readonly (readonly [selector: string, words: string])[];
  /** Other names for these words. */
  synonyms: Readonly<Record<string, string>>;
}

const start = { run: "start", buttons: "start", controls: "start", readouts: "start" };
const plots = { plot: "plots", curves: "plots", curve: "plots", charts: "plots" };
const settings = { setting: "settings", form: "settings", options: "settings" };
const net = { network: "net", layers: "net", model: "net" };
const words = { text: "words", texts: "words", captions: "words", explanations: "words" };

export const parts: Readonly<Record<LabName, Parts>> = {
  digits: {
    usual: "start plots pad",
    rows: [
      [
        ".upper",
        "start files plots loss accuracy table compare sweep board export net inside settings",
      ],
      [".run", "start files"],
      [".run > :not(.buttons), .run .buttons > :not(.files)", "start"],
      [".files", "files"],
      [".curves", "plots loss accuracy table compare sweep board export"],
      ["#loss-figure", "plots loss"],
      ["#accuracy-figure", "plots accuracy"],
      [".epochs", "table"],
      [".compare", "compare"],
      [".sweep", "sweep"],
      [".board", "board"],
      [".take-out", "export"],
      [".net", "net inside"],
      [".net > :not(.inspector)", "net"],
      [".filters", "filters"],
      [".inspector", "inside"],
      [".settings", "settings"],
      [".lower", "filters digits pad step why"],
      [".examples", "digits"],
      [".draw", "pad step why"],
      [".open-step", "step"],
      [".draw > .why", "why"],
      [".evaluation", "evaluation"],
      [".try", "try"],
      [".own", "own"],
      [":is(.curves, .filters) figcaption, :is(.curves, .run) .saves", "words"],
      [":is(.net, .draw, .examples) > p:not(.note, :has(.score))", "words"],
      [".run > .note, .reading > .note:not([data-says])", "words"],
    ],
    synonyms: {
      ...{ ...start, ...plots, ...settings, ...net, ...words },
      ...{ draw: "pad", drawing: "pad", canvas: "pad", weights: "filters", inspector: "inside" },
      ...{ examples: "digits", pictures: "digits", test: "digits", save: "files", print: "files" },
      ...{ confusion: "evaluation", runs: "compare", epochs: "table", data: "own", ownData: "own" },
    },
  },
  functions: {
    usual: "start plots",
    rows: [
      [".run", "start"],
      [".fn-plots", "plots loss neurons landscape"],
      [".fn-plots figure:has([data-part='loss-plot'])", "plots loss"],
      [".fn-plots figure:has([data-part$='units'])", "neurons"],
      [".fn-plots figure:has([data-part='landscape-plot'])", "landscape"],
      [
        ".fn-plots figure:not(:has([data-part='loss-plot'], [data-part$='units'], [data-part='landscape-plot']))",
        "plots",
      ],
      [".settings", "settings points net"],
      [".settings > :not(fieldset)", "settings"],
      [".settings fieldset > :has(#fn-optimizer, #fn-seed)", "settings"],
      [
        ".settings fieldset > :has(#fn-task, #fn-f, #fn-points, #fn-low, #fn-samples)",
        "settings points",
      ],
      [".settings fieldset > :has(#fn-preset, #fn-net)", "settings net"],
      [".try", "try"],
      [".fn-plots :is(figcaption, .saves)", "words"],
    ],
    synonyms: {
      ...{ ...start, ...plots, ...settings, ...net, ...words },
      ...{ units: "neurons", hidden: "neurons", maps: "neurons", function: "points" },
      ...{ formula: "points", f: "points", data: "points", own: "points", examples: "try" },
    },
  },
  autograd: {
    usual: "formula values walk graph",
    rows: [
      [".formula", "formula"],
      [".work", "values walk graph"],
      [".work > section", "values"],
      [".walking", "walk graph"],
      [".walk, .hand", "walk"],
      ["[data-part='figure']", "graph"],
      [".checking", "check"],
      [".why", "why"],
      [".try", "try"],
      [".walking figcaption, .walking .small, .grammar, #autograd-about", "words"],
    ],
    synonyms: {
      ...words,
      ...{ f: "formula", form: "formula", settings: "formula", presets: "formula" },
      ...{ plots: "graph", plot: "graph", picture: "graph", steps: "walk", start: "walk" },
      ...{ run: "walk", buttons: "walk", hand: "walk", numbers: "values", points: "values" },
      ...{ differences: "check", numerically: "check", questions: "why" },
    },
  },
  tables: {
    usual: "start plots scores",
    rows: [
      [".tb-data", "table columns"],
      [".tb-source", "table"],
      [".upper", "start plots loss settings scores matters"],
      [".run", "start"],
      [".tb-plots", "plots loss"],
      [".tb-plots figure:not(.tb-loss)", "plots"],
      [".settings", "settings"],
      [".tb-scores", "scores matters"],
      [".tb-beside, .tb-views figure:not(.tb-matters)", "scores"],
      [".tb-matters", "matters"],
      [".tb-predict", "predict"],
      [".try", "try"],
      ["figcaption, .tb-becomes, .tb-scores > .tb-intro, .tb-plots .saves", "words"],
    ],
    synonyms: {
      ...{ ...start, ...plots, ...settings, ...words },
      ...{ data: "table", csv: "table", own: "table", kinds: "columns", target: "columns" },
      ...{ evaluation: "scores", confusion: "scores", residuals: "scores", linear: "scores" },
      ...{ importance: "matters", row: "predict", form: "predict", file: "predict" },
    },
  },
};

/** The words of a lab's parts. */
export const wordsOf = ({ rows }: Parts): string[] => [
  ...new Set(rows.flatMap(([, words]) => words.split(" "))),
];
