// The update of one weight as the optimizer computes it.
import type { OpenedStep } from "../../opened_step";
import { make, paragraph, scroller, table } from "../../../ui/dom";
import { withTerms } from "../../../ui/glossary/words";
import { long } from "../language/numbers";
import { ruleOf, setting, verdict, workOut, type Optimizer, type Weight } from "./optimizer_lines";
import { WeightChoice, type Chosen, type Update } from "./weight_choice";

export function updateSection({ trace, recipe }: OpenedStep): HTMLElement {
  // Where the schedule has reached the rate 0, the engine's step changes nothing.
  const ended = trace.optimizer.learningRate === 0 && recipe.lr > 0;
  const optimizer = ended ? { ...trace.optimizer, learningRate: recipe.lr } : trace.optimizer;
  const result = make("div", { test: "update" });
  const choice: WeightChoice = new WeightChoice(trace.updates, () =>
    result.replaceChildren(...worked(choice.chosen, optimizer, ended)),
  );
  const section = make(
    "section",
    { className: "update" },
    make("h2", {}, "The update of one weight"),
    make(
      "p",
      {},
      ...withTerms(`{${optimizer.kind}} does to every {weight} what it does to this one: `),
      make("i", {}, ruleOf(optimizer)),
      `, with ${settingsOf(optimizer)}. This is what a step with this picture alone would do; training takes the mean over a batch${also(recipe)}.`,
    ),
    ended &&
      make(
        "p",
        { test: "ended" },
        `The schedule’s rate is 0 now: one more step would move nothing. So that there is something to see, this is the update with the schedule’s highest rate, η = ${setting(recipe.lr)}.`,
      ),
    choice.element,
    result,
  );
  choice.chooseLargest();
  return section;
}

// The update of the chosen weight, line by line; `ended` says that the engine's rate is 0.
function worked(chosen: Chosen, optimizer: Optimizer, ended: boolean): HTMLElement[] {
  if ("complaint" in chosen) {
    return [make("p", { className: "complaint", role: "alert" }, chosen.complaint)];
  }
  const { update, at, index } = chosen;
  const weight = weightAt(update, index);
  const lines = workOut(optimizer, weight);
  const last = lines.at(-1)!;
  // At rate 0 the engine's weight is another one.
  if (ended) delete last.engine;
  const { before, after } = weight;
  return [
    paragraph("sentence", `${update.name}[${at.join(", ")}] is ${long(before)} before the step.`),
    scroller(
      "The update, line by line",
      table(
        ["what", "rule", "with numbers", "the engine has"],
        lines.map(({ name, about, rule, working, result, engine }) => [
          make("span", {}, make("b", {}, name), make("small", {}, about)),
          make("span", { className: "law" }, rule),
          make("span", {}, working && `${working} = `, make("b", {}, long(result))),
          engine === undefined ? "" : long(engine),
        ]),
        "lines",
      ),
    ),
    make(
      "p",
      { className: "verdict", test: "update-verdict" },
      ended
        ? `With that rate the weight would go from ${long(before)} to ${long(last.result)}. The schedule is at its end, so it stays where it is.`
        : `The weight goes from ${long(before)} to ${long(after)}: ${verdict(last.result, last.engine!)}.`,
    ),
    paragraph(
      "note",
      "The page works each line out in double precision and rounds it once; the engine computes in single precision, about seven digits, and rounds in between. So the last two digits may differ.",
    ),
  ];
}

const weightAt = ({ before, after, gradient, state }: Update, index: number): Weight => ({
  before: before[index]!,
  after: after[index]!,
  gradient: gradient[index]!,
  state: Object.fromEntries(
    Object.entries(state).map(([key, value]) => [
      key,
      { before: value.before[index]!, after: value.after[index]! },
    ]),
  ),
});

function settingsOf(optimizer: Optimizer): string {
  const settings = [
    ["η", optimizer.learningRate],
    ["β₁", optimizer.beta1],
    ["β₂", optimizer.beta2],
    ["ε", optimizer.epsilon],
    ["μ", optimizer.momentum || undefined],
    ["λ", optimizer.weightDecay || undefined],
  ] as const;
  const said = settings.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name} = ${setting(value)}`],
  );
  return said.join(", ");
}

// What else training does to a gradient, in sentences.
function also({ clipNorm, labelSmoothing }: OpenedStep["recipe"]): string {
  const smooth = labelSmoothing > 0 ? ", of the smoothed loss" : "";
  return clipNorm > 0 ? `${smooth}, and shortens it to a norm of ${setting(clipNorm)}` : smooth;
}
