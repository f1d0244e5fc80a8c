// The steps of the tour: what each says and asks for, and how it is seen that it was done: by what
// the page shows, which comes from the engine.
import type { LabName } from "../../labs";

export interface Step {
  lab: LabName;
  // The element that the step is about; it is marked.
  target: string;
  // What its task asks for, in order: each of these elements is kept in sight until it was used.
  use: readonly string[];
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

const find = (selector: string) => document.querySelector<HTMLElement>(selector);
const textOf = (selector: string) => find(selector)?.textContent?.trim() ?? "";
const valueOf = (selector: string) => find(selector) as HTMLInputElement | null;
const within = (lab: LabName, name: string) => `#${lab} [data-part="${name}"]`;

// The first number of a text, without the commas of its thousands; NaN where there is none.
const numberIn = (text: string) =>
  Number.parseFloat(text.replaceAll(",", "").match(/\d[\d.]*/)?.[0] ?? "");

// Whether the value has changed since the beginning.
function changed(read: () => string): () => boolean {
  const before = read();
  return () => read() !== "" && read() !== before;
}

// Whether the value has grown by at least this much since the beginning.
function further(read: () => number, by: number): () => boolean {
  let before = read();
  return () => {
    const now = read();
    // This is a new run.
    if (Number.isNaN(before) || now < before) before = now;
    return now >= before + by;
  };
}

// Tells of each element that the visitor uses, by hand or by keyboard, until the signal comes.
export function whenUsed(tell: (element: Element) => void, signal: AbortSignal): void {
  for (const type of ["click", "pointerup", "keyup"]) {
    const see = ({ target, key }: Event & { key?: string }) => {
      if (key !== "Tab" && key !== "Shift") tell(target as Element);
    };
    document.addEventListener(type, see as EventListener, { capture: true, signal });
  }
}

// Whether the visitor has used something within an element since the beginning.
function touched(selector: string, signal: AbortSignal): () => boolean {
  let seen = false;
  whenUsed((element) => (seen ||= element.closest(selector) !== null), signal);
  return () => seen;
}

// Whether the element was pressed since the beginning, at a moment when that counts.
function clicked(selector: string, signal: AbortSignal, counts = () => true): () => boolean {
  let seen = false;
  document.addEventListener(
    "click",
    ({ target }) => (seen ||= (target as Element).closest(selector) !== null && counts()),
    { capture: true, signal },
  );
  return () => seen;
}

const isOpen = (selector: string) => find(selector)?.hasAttribute("open") ?? false;
const isVisible = (selector: string) => find(selector)?.checkVisibility() ?? false;

const start = (lab: LabName) => find(within(lab, "start")) as HTMLButtonElement | null;

// What the button that starts is called just now, or after what the step asks for first.
function startName(lab: LabName): string {
  const button = start(lab);
  return button && !button.disabled ? button.textContent! : "Start";
}

// Asks to let the lab's net learn: by the button, as it is called just now, or by waiting.
function learn(lab: LabName): string {
  if (!start(lab)?.disabled) return `Press ${startName(lab)} and let it learn`;
  const isPaused = textOf(within(lab, "pause")) === "Resume";
  return isPaused ? "Press Resume and let it learn" : "Let it learn";
}

const tooLong = '#functions .fn-try a[href*="lr=1.5"]';

const reading = () => textOf(within("digits", "prediction")).replace("–", "");

export const steps: readonly Step[] = [
  {
    lab: "digits",
    target: "#grid",
    use: ["#grid button"],
    title: "What goes in",
    text: "To you each of these is a digit. To the network it is 784 numbers, one for the ink at each of 28\u00a0×\u00a028 places. It sees nothing else: no strokes, no loops, no idea of up and down.",
    task: () =>
      "Choose one of the digits. It appears on the pad, and beside it what the network gets to see.",
    begin(signal) {
      const chosen = clicked("#grid button", signal);
      return () => chosen() && reading() !== "";
    },
  },
  {
    lab: "digits",
    target: ".reading",
    use: [".sheet"],
    title: "What comes out, and the goal",
    text: "Ten numbers come out, one for each digit; together they make 100\u00a0%. The largest is its answer. The goal is that the right one comes out on top, even for digits it has never met. A network that has learned nothing only guesses.",
    task: () =>
      "Draw a digit of your own on the pad, or choose another one, and read its ten numbers.",
    begin(signal) {
      const chosen = touched("#grid button, .sheet, #pick", signal);
      const other = changed(() => reading() && textOf("#bars"));
      return () => chosen() && other();
    },
  },
  {
    lab: "digits",
    target: "#digits .run",
    use: [within("digits", "step")],
    title: "One step of learning",
    text: "In one step it looks at a batch of digits, compares its answers with their labels, and changes each of its weights, the numbers it computes with, a tiny bit, so that these answers would have been less wrong. Nobody describes a digit to it.",
    task: () => "Press One step three times.",
    begin: () => further(() => numberIn(textOf("#way-text")), 3),
  },
  {
    lab: "digits",
    target: "#loss-figure",
    watch: true,
    use: [within("digits", "start")],
    title: "Why the loss falls",
    text: "The loss is one number for how wrong the answers were and how sure it was of them. Each step tries to go a little downhill on it: hundreds of small steps, and the answers get better and better.",
    task: () => `${learn("digits")} until the loss of this epoch is below 1.`,
    begin() {
      const goesOn = further(() => numberIn(textOf("#way-text")), 1);
      let gone = false;
      return () => (gone ||= goesOn()) && numberIn(textOf(within("digits", "train-loss"))) < 1;
    },
  },
  {
    lab: "digits",
    target: "#inspector",
    use: ["#inspector > summary"],
    title: "What a weight is",
    text: "A weight is a number: how strongly one value counts in the sum for another. The first layer of the net called mlp has one for every pair of pixel and neuron: ink on a blue pixel raises the neuron’s value, ink on an orange one lowers it. All that a network learns are such numbers.",
    task: () =>
      "Open “Look inside while it learns” and see what the layers make of the digit on the pad.",
    begin: () => () => isOpen("#inspector"),
    already: () =>
      isOpen("#inspector") ? "It is open already: have a look, and go on." : undefined,
  },
  {
    lab: "digits",
    target: "#evaluation",
    use: [within("digits", "ask"), within("digits", "confusion")],
    title: "Why the test is what counts",
    text: "It could memorise the training digits and read no others. So 10,000 digits are kept apart for a test at the end, and what it has come to is judged by these alone. What it knows of the training digits’ own oddities does not help there. Settings are chosen by other digits that are held back, for validation, so that the test stays new.",
    task: () =>
      "Press “Ask it now” when an epoch is done, then click a number off the diagonal: digits it takes for others.",
    begin: () => () => isVisible(within("digits", "opened")),
    already: () =>
      isVisible(within("digits", "opened"))
        ? "Such digits are open already: have a look, and go on."
        : undefined,
  },
  {
    lab: "autograd",
    target: "#autograd .walking",
    use: [within("autograd", "first"), within("autograd", "next")],
    title: "What a gradient says",
    text: "How does a step know which way is downhill? A gradient of 8 says: move this number up a little, and the result moves 8 times as far. It is found backward through the formula, one operation at a time.",
    task: () =>
      "Press First, then Next until the walk is at its end, and read how each gradient comes about.",
    begin() {
      let left = false;
      return () => {
        const walk = valueOf(within("autograd", "walk"));
        if (!walk) return false;
        const atEnd = Number(walk.value) >= Number(walk.max);
        left ||= !atEnd;
        return left && atEnd;
      };
    },
  },
  {
    lab: "autograd",
    target: within("autograd", "values"),
    use: [within("autograd", "values"), within("autograd", "check")],
    title: "Is the gradient true?",
    text: "A gradient is a promise that can be checked: move the value a little up and down and see how much the result moves. Engines like this one are tested that way.",
    task: () => "Change one of the values, then press Check numerically.",
    begin(signal) {
      const values = () =>
        [...document.querySelectorAll<HTMLInputElement>(`${within("autograd", "values")} input`)]
          .map(({ value }) => value)
          .join();
      const other = changed(values);
      const pressed = clicked(within("autograd", "check"), signal, other);
      return () => pressed() && textOf(within("autograd", "differences")) !== "";
    },
  },
  {
    lab: "functions",
    target: "#functions figure",
    watch: true,
    use: [within("functions", "start")],
    title: "A network is a function",
    text: "Reading digits is a function with 784 inputs and ten outputs. Here is one with a single input, so that all of it can be drawn. Each hidden neuron adds one simple curve, and learning bends their sum towards the points.",
    task: () => `${learn("functions")} for 300 steps.`,
    begin: () => further(() => numberIn(textOf(within("functions", "steps-done"))), 300),
  },
  {
    lab: "functions",
    target: "#functions .field:has(#fn-lr)",
    use: [tooLong, within("functions", "start")],
    title: "Now break it",
    text: "The most important choice is the learning rate: how far each step goes. Too small, and it crawls. Too large, and each step may overshoot further than the one before, until the numbers overflow.",
    task: () =>
      `Pick “Steps that are too long” among the things to try, and guess what will happen. Then press ${startName("functions")}.`,
    begin(signal) {
      const picked = clicked(tooLong, signal);
      return () => picked() && textOf(within("functions", "status")) === "failed";
    },
  },
];
