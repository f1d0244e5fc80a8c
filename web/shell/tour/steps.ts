// The steps of the tour: what each says and asks for, and how it is seen that it was done: by what
// the page shows, which comes from the engine. They follow one digit that the visitor has drawn.
import type { LabName } from "../../labs";
import {
  changed,
  clicked,
  find,
  further,
  isOpen,
  isVisible,
  learn,
  nameOf,
  numberIn,
  startName,
  textOf,
  touched,
  valueOf,
  within,
} from "./seen";

export interface Step {
  lab: LabName;
  // The lab to which its task leads, where that is another one.
  leadsTo?: LabName;
  // The element that the step is about; it is marked.
  target: string;
  // What its task asks for, in order, when the step begins: each of these elements is kept in sight until it was used.
  use(): readonly string[];
  // What its task asks to read, where that is but a part of what the step is about.
  reads?: string;
  // Whether to look at what the step is about once that was used.
  watch?: boolean;
  title: string;
  text: string;
  // What to do, with buttons named as they are called just now.
  task(): string;
  // Called when the step begins. The result is asked again and again whether the step is done; what
  // was done before does not count. The signal comes when the step is left.
  begin(signal: AbortSignal): () => boolean;
  // What is said instead where there is nothing left to do, so that the visitor may go on at once.
  already?(): string | undefined;
}

const tooLong = '#functions .try a[href*="lr=1.5"]';
// Whether that was picked; before, nobody knows what the button that starts will be called.
const isTooLong = () => valueOf("#fn-lr")?.value === "1.5";
const openStep = within("digits", "open-step");
const label = within("digits", "open-step-label");
const opened = "#autograd .trace";
const largest = within("autograd", "largest");
const toFormulas = within("autograd", "to-formulas");
const why = "#why > summary";
// The walk through a formula; a step that is open takes its place.
const walking = '#autograd [data-part="formulas"]:not([hidden]) .walking';

const reading = () => textOf(within("digits", "prediction")).replace("–", "");
const isLabelled = () => (valueOf(label)?.value ?? "") !== "";
// Whether the picture on the pad is the visitor's own; what another one is need not be said.
const isDrawn = () => valueOf(label)?.disabled === false;

export const steps: readonly Step[] = [
  {
    lab: "digits",
    target: "#digits .draw",
    use: () => [".sheet"],
    reads: "#bars",
    title: "What goes in, and what comes out",
    text: "To you what you draw is a digit. To the network it is 784 numbers, one for the ink at each of 28\u00a0×\u00a028 places: no strokes, no loops, no idea of up and down. Ten numbers come out, one for each digit; together they make 100\u00a0%, and the largest is its answer. A network that has learned nothing only guesses.",
    task: () => "Draw a digit on the pad, a 7 perhaps, and read the ten numbers beside it.",
    begin(signal) {
      const drawn = touched(".sheet", signal);
      const other = changed(() => reading() && textOf("#bars"));
      return () => drawn() && other();
    },
  },
  {
    lab: "digits",
    target: "#digits .open-step",
    use: () => (isDrawn() ? [label] : [".sheet", label]),
    title: "The goal",
    text: "Only you know what you drew. The goal is that the right one of the ten numbers is the largest, for this digit and for every other that the network has never met. It learns from digits whose labels are known; yours is not among them.",
    task: () =>
      `${isDrawn() ? "Say what your digit is" : "Draw a digit, then say what it is"}: choose it beside “What is it really?”`,
    begin: () => () => isDrawn() && isLabelled(),
    already: () =>
      isDrawn() && isLabelled()
        ? `It is said already: a ${valueOf(label)!.value}. Go on.`
        : undefined,
  },
  {
    lab: "digits",
    target: "#digits .run",
    use: () => [within("digits", "step")],
    title: "One step of learning",
    text: "In one {step} it looks at a {batch} of digits, compares its answers with their labels, and changes each of its {weights|weight}, the numbers it computes with, a tiny bit, so that these answers would have been less wrong. Nobody describes a digit to it.",
    task: () => "Press One step three times.",
    begin: () => further(() => numberIn(textOf("#way-text")), 3),
  },
  {
    lab: "digits",
    target: "#loss-figure",
    watch: true,
    use: () => [within("digits", "start")],
    title: "The loss falls",
    text: "The {loss} is one number for how wrong the answers were and how sure it was of them. Each step tries to go a little downhill on it: hundreds of small steps, and the answers get better and better. Why that works you see soon.",
    task: () => `${learn("digits")} until the loss of this epoch is below 1.`,
    begin() {
      const goesOn = further(() => numberIn(textOf("#way-text")), 1);
      let gone = false;
      return () => (gone ||= goesOn()) && numberIn(textOf(within("digits", "train-loss"))) < 1;
    },
  },
  {
    lab: "digits",
    leadsTo: "autograd",
    target: "#digits .reading",
    use: () => (isLabelled() ? [openStep] : [label, openStep]),
    title: "Right or wrong?",
    text: "It has learned for a while: does it read your digit now? It often does, and sometimes not, since yours looks like none that it met. Either way you can see how it comes to its answer, and what it would learn from your digit.",
    task: () =>
      `${isLabelled() ? "Press" : "Say what your digit is, then press"} “${textOf(openStep)}”.`,
    begin(signal) {
      const pressed = clicked(openStep, signal);
      return () => pressed() && isVisible(opened);
    },
  },
  {
    lab: "autograd",
    target: `${opened} .update, ${walking}`,
    use: () => [largest],
    reads: `${opened} .update tbody tr:last-child, ${opened} .update .verdict`,
    watch: true,
    title: "One weight",
    text: "A {weight} says how strongly one number counts in the sum for another. Its {gradient} says how fast the loss grows with it: with a gradient of 0.2, the loss grows by a fifth of what is added to the weight. So the {optimizer} moves the weight the other way, and does the same with every weight at once.",
    task: () =>
      isVisible(opened)
        ? `Press “${textOf(largest)}”, then read in the last line where that weight goes.`
        : "No step is open: press Back, and open one.",
    begin(signal) {
      const pressed = clicked(largest, signal);
      return () => pressed() && isVisible(opened);
    },
  },
  {
    lab: "autograd",
    target: `${walking}, ${opened} > .buttons`,
    use: () => [
      ...(isVisible(toFormulas) ? [toFormulas] : []),
      within("autograd", "first"),
      within("autograd", "next"),
    ],
    reads: `${walking} .hand, ${walking} .graph`,
    title: "Where a gradient comes from",
    text: "How does a step know which way is downhill? It is found {backward through the formula|backpropagation}, one operation at a time, for a net as for this formula: a gradient of 8 says that the result moves 8 times as far as the number does.",
    task: () =>
      `Press ${isVisible(toFormulas) ? `“${textOf(toFormulas)}”, ` : ""}First, then Next until the walk is at its end, and read how each gradient comes about.`,
    begin() {
      let left = false;
      return () => {
        const walk = valueOf(within("autograd", "walk"));
        if (!walk?.checkVisibility()) return false;
        const atEnd = Number(walk.value) >= Number(walk.max);
        left ||= !atEnd;
        return left && atEnd;
      };
    },
  },
  {
    lab: "functions",
    target: "#functions figure",
    watch: true,
    use: () => [within("functions", "start")],
    title: "A network is a function",
    text: "Reading digits is a function with 784 inputs and ten outputs. Here is one with a single input, so that all of it can be drawn. Each neuron of its {hidden layer} adds one simple curve, and learning bends their sum towards the points.",
    task: () => `${learn("functions")} for 300 steps.`,
    begin: () => further(() => numberIn(textOf(within("functions", "steps-done"))), 300),
  },
  {
    lab: "functions",
    target: "#fn-landscape",
    watch: true,
    use: () => [within("functions", "draw-landscape")],
    title: "Why the loss falls",
    text: "All weights together are one place, and the loss there is its height. Learning is a walk downhill in that landscape: the gradients of all weights point uphill, and each step goes the other way. This is a slice through the landscape of the net that has just learned, with the path it took.",
    task: () => `Press “${nameOf(within("functions", "draw-landscape"))}”.`,
    begin(signal) {
      const pressed = clicked(within("functions", "draw-landscape"), signal);
      return () => pressed() && find(within("functions", "landscape-plot"))!.matches(".drawn");
    },
  },
  {
    lab: "functions",
    target: "#functions .field:has(#fn-lr)",
    use: () => [tooLong, within("functions", "start")],
    title: "Now break it",
    text: "The most important choice is the {learning rate}: how far each step goes. Too small, and it crawls. Too large, and each step may overshoot further than the one before, until the numbers overflow.",
    task: () =>
      `Pick “Steps that are too long” among the things to try, and guess what will happen. Then ${isTooLong() ? `press ${startName("functions")}` : "start it"}.`,
    begin(signal) {
      const picked = clicked(tooLong, signal);
      return () => picked() && textOf(within("functions", "status")) === "failed";
    },
  },
  {
    lab: "digits",
    target: "#evaluation",
    use: () => [within("digits", "ask"), within("digits", "confusion")],
    title: "Why the test is what counts",
    text: "It could {memorise|overfitting} the {training} digits and read no others. So some digits are kept apart for a {test} at the end, and only these say how good it has become. What it knows of the training digits’ own oddities does not help there. Settings are chosen by other digits that are held back, for {validation}, so that the test stays new.",
    task: () =>
      "Press “Ask it now” when an epoch is done, then click a number off the diagonal: digits it takes for others.",
    begin: () => () => isVisible(within("digits", "opened")),
    already: () =>
      isVisible(within("digits", "opened"))
        ? "Such digits are open already: have a look, and go on."
        : undefined,
  },
  {
    lab: "digits",
    target: "#digits .draw",
    use: () => (reading() ? [why] : [".sheet", why]),
    reads: `${why}, #why .reasons > section:first-of-type`,
    watch: true,
    title: "And why does it read that?",
    text: "Back to your digit. The gradient that moves weights can be asked about the picture as well: which ink speaks for the answer and which against it, which of the digits it learned from look like yours to it, and what would have to change for another answer. Change your digit, until it answers otherwise. With a table of your own, the fourth lab, Tables, does the same as with pictures.",
    task: () =>
      `${reading() ? "Open" : "Draw a digit, then open"} “${textOf(why)}”, and read what speaks for its answer.`,
    begin: () => () => isOpen("#why") && reading() !== "",
    already: () => (isOpen("#why") && reading() ? "It is open already: have a look." : undefined),
  },
];
