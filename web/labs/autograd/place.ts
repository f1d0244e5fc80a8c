// The lab's elements, from top to bottom.
import { button, make } from "./elements";
import { functions, presets } from "./formula/language";
import { toAddress } from "./address";

export type Parts = ReturnType<typeof build>;

export function build(place: HTMLElement) {
  const problems = make("div", { className: "autograd-problems" });
  const formula = make("input", {
    id: "autograd-formula",
    test: "formula",
    autocomplete: "off",
    spellcheck: false,
  });
  formula.setAttribute("autocapitalize", "off");
  const complaint = make("p", {
    className: "complaint",
    id: "autograd-complaint",
    test: "complaint",
  });
  complaint.setAttribute("role", "alert");
  formula.setAttribute("aria-describedby", "autograd-complaint autograd-about");
  const about = make("p", { className: "note", id: "autograd-about" });
  const presetLinks = make(
    "nav",
    { className: "presets", ariaLabel: "Examples" },
    ...presets.map(({ title, formula }) => {
      const own = toAddress({
        formula,
        values: presetValues(formula),
        fixed: presetFixed(formula),
        at: undefined,
      });
      const link = make("a", { href: `?lab=autograd${own.replace("?", "&")}` }, title);
      link.dataset["formula"] = formula;
      return link;
    }),
  );
  const values = make("div", { className: "values", test: "values" });

  const buttons = {
    first: button("First", "first", () => {}),
    back: button("Back", "back", () => {}),
    next: button("Next", "next", () => {}, "primary"),
    play: button("Play", "play", () => {}, "play"),
    all: button("All", "all", () => {}),
    check: button("Check numerically", "check", () => {}),
    csv: button("Gradients as CSV", "csv", () => {}),
    svg: button("Graph as SVG", "svg", () => {}),
    png: button("Graph as PNG", "png", () => {}),
  };
  const slider = make("input", { type: "range", min: "0", max: "1", step: "1", test: "walk" });
  const where = make("label", { className: "where", htmlFor: "autograd-walk", test: "where" });
  slider.id = "autograd-walk";

  const hand = make("section", { className: "hand", ariaLabel: "The step in hand", test: "hand" });
  hand.setAttribute("aria-live", "polite");
  hand.append(make("p", { className: "sentence" }, "The engine is being loaded."));
  const region = make("div", {
    className: "graph",
    tabIndex: 0,
    role: "region",
    ariaLabel: "The graph, scrolls sideways where it is wide",
    test: "graph",
  });
  const numbers = make("div", {
    className: "scroll",
    tabIndex: 0,
    role: "region",
    ariaLabel: "All numbers of the graph",
  });
  const figure = make(
    "figure",
    { className: "graph-figure" },
    region,
    make(
      "figcaption",
      {},
      make("b", {}, "The graph. "),
      "Square cards are leaves, whose values are given; round ones were computed. Full arrows go forward with values. Dashed arrows go backward with gradients, and on them stands what the gradient is multiplied by.",
    ),
    make("div", { className: "buttons small" }, buttons.svg, buttons.png, buttons.csv),
    make("details", {}, make("summary", {}, "All numbers as a table"), numbers),
  );
  const check = make("div", { hidden: true, test: "check-result" });

  place.replaceChildren(
    make(
      "header",
      { className: "opening" },
      make("h1", {}, "How a gradient is made"),
      make(
        "p",
        { className: "lead" },
        "Type a formula. The engine computes it, remembers every step, and goes the same way back to find how much each value moves the result. Walk with it, one node at a time.",
      ),
    ),
    problems,
    make(
      "div",
      { className: "autograd" },
      make(
        "section",
        { className: "formula" },
        make("h2", { className: "hidden" }, "The formula"),
        make(
          "div",
          { className: "formula-line" },
          make("label", { htmlFor: formula.id }, make("i", {}, "f"), " ="),
          formula,
        ),
        complaint,
        presetLinks,
        about,
        make(
          "details",
          { className: "grammar" },
          make("summary", {}, "What a formula may say"),
          make(
            "p",
            {},
            "Values are called by a letter, or a letter and a digit: a, W, x1. Between them stand + − * / ^ and parentheses. A value is a number, or a matrix: its rows with commas, and a semicolon between rows, like 1, 2; 3, 4. The result must be one number.",
          ),
          make(
            "p",
            {},
            `Functions: ${Object.keys(functions).join(", ")}. cross_entropy(z, 0) takes scores and the number of the right class, from 0.`,
          ),
        ),
      ),
      make(
        "div",
        { className: "work" },
        make("section", {}, make("h2", { className: "hidden" }, "Its values"), values),
        make(
          "div",
          { className: "walking" },
          make(
            "section",
            { className: "walk" },
            make("h2", { className: "hidden" }, "The walk"),
            make(
              "div",
              { className: "buttons" },
              buttons.first,
              buttons.back,
              buttons.next,
              buttons.play,
              buttons.all,
            ),
            make("div", { className: "way-field" }, where, slider),
          ),
          hand,
          figure,
        ),
      ),
      make(
        "section",
        { className: "checking" },
        make("h2", {}, "Is that true?"),
        make(
          "p",
          {},
          "A gradient is a promise: move this value a little, and the result moves so many times as much. It can be checked without any derivative. Compute f just below the value and just above it, and divide the difference by the distance.",
        ),
        make("div", { className: "buttons" }, buttons.check),
        check,
        make(
          "p",
          { className: "note" },
          "The engine keeps about seven digits of every number (float32). The two results agree in most of theirs, so their difference has only a few left: a smaller distance makes that worse, a larger one leaves the straight line. At about 1/256 both errors are small; four equal digits are a good result.",
        ),
      ),
      make(
        "section",
        { className: "why" },
        paragraph(
          "Why multiply?",
          "If b moves twice as fast as a, and f moves five times as fast as b, then f moves ten times as fast as a. That is the whole chain rule: along a path, rates are multiplied. Each node needs only its own rate, the local derivative, and the gradient that came in.",
        ),
        paragraph(
          "Why add?",
          "A tensor that is used twice moves the result in two ways at once. Each way contributes its part, and what comes back along all of them is added. This is why a node waits until all that use it have sent their part.",
        ),
        paragraph(
          "What is a leaf?",
          "A tensor that was not computed from others: a weight, an input, a target. One that requires a gradient gets it when the engine goes backward, and training then moves it. Inputs and targets require none, so nothing is computed for them; what is made of such tensors alone is not even remembered.",
        ),
      ),
    ),
  );

  return {
    problems,
    formula,
    complaint,
    about,
    presets: presetLinks,
    values,
    buttons,
    slider,
    where,
    hand,
    region,
    figure,
    numbers,
    check,
  };
}

const presetOf = (formula: string) => presets.find((each) => each.formula === formula)!;
const presetValues = (formula: string) => presetOf(formula).values;
const presetFixed = (formula: string) => presetOf(formula).fixed;

const paragraph = (title: string, text: string) =>
  make("div", {}, make("h2", {}, title), make("p", {}, text));
