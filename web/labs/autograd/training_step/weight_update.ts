// The update of one weight as the optimizer computes it. Fields choose the weight; at first it is
// the one with the largest gradient.
import type { OpenedStep } from "../../opened_step";
import { button, make, table } from "../elements";
import { long } from "../formula/numbers";
import { ruleOf, setting, verdict, workOut } from "./optimizer_lines";

export function updateSection({ trace, recipe }: OpenedStep): HTMLElement {
  const { updates } = trace;
  // Where the schedule has reached the rate 0, the engine's step changes nothing.
  const ended = trace.optimizer.learningRate === 0 && recipe.lr > 0;
  const optimizer = ended ? { ...trace.optimizer, learningRate: recipe.lr } : trace.optimizer;
  const choice = make("select", { id: "autograd-tensor", test: "tensor" });
  choice.append(
    ...updates.map(({ name, shape }) =>
      make("option", { value: name }, `${name} [${shape.join(", ")}]`),
    ),
  );
  const indices = make("div", { className: "indices" });
  const result = make("div", { test: "update" });
  let fields: HTMLInputElement[] = [];
  const chosen = () => updates.find(({ name }) => name === choice.value)!;

  function largest(): void {
    let most = -1;
    let where = { name: updates[0]!.name, index: 0 };
    for (const { name, gradient } of updates) {
      gradient.forEach((value, index) => {
        if (Math.abs(value) > most) {
          most = Math.abs(value);
          where = { name, index };
        }
      });
    }
    choice.value = where.name;
    largestIn(where.index);
  }

  // Makes the fields for the element's place in the chosen tensor, and chooses its largest
  // gradient.
  function largestIn(index: number): void {
    const { shape } = chosen();
    let rest = index;
    const at = [...shape].reverse().map((extent) => {
      const own = rest % extent;
      rest = Math.floor(rest / extent);
      return own;
    });
    at.reverse();
    fields = shape.map((extent, axis) => {
      const input = make("input", {
        type: "number",
        min: "0",
        max: String(extent - 1),
        value: String(at[axis]),
        test: `index-${axis}`,
      });
      input.addEventListener("input", show);
      return input;
    });
    const words = shape.length === 2 ? ["row", "column"] : ["place", "channel", "row", "column"];
    if (shape.length === 4) words[0] = "filter";
    indices.replaceChildren(
      ...fields.map((input, axis) =>
        make("label", { className: "from" }, `${words[axis]}`, input, `to ${shape[axis]! - 1}`),
      ),
    );
    show();
  }

  function show(): void {
    const { name, shape, before, after, gradient, state } = chosen();
    const at = fields.map((input, axis) => {
      const value = Number(input.value);
      return input.value !== "" && Number.isInteger(value) && value >= 0 && value < shape[axis]!
        ? value
        : undefined;
    });
    const wrong = at.indexOf(undefined);
    fields.forEach((input, axis) => input.setAttribute("aria-invalid", String(axis === wrong)));
    if (wrong >= 0) {
      const sentence = `${name}: index “${fields[wrong]!.value}”, expected a whole number from 0 to ${shape[wrong]! - 1}`;
      const told = make("p", { className: "complaint" }, sentence);
      told.setAttribute("role", "alert");
      result.replaceChildren(told);
      return;
    }
    const index = at.reduce<number>((sum, own, axis) => sum * shape[axis]! + own!, 0);
    const weight = {
      before: before[index]!,
      after: after[index]!,
      gradient: gradient[index]!,
      state: Object.fromEntries(
        Object.entries(state).map(([key, value]) => [
          key,
          { before: value.before[index]!, after: value.after[index]! },
        ]),
      ),
    };
    const lines = workOut(optimizer, weight);
    const last = lines.at(-1)!;
    // At rate 0 the engine's weight is another one.
    if (ended) delete last.engine;
    result.replaceChildren(
      make(
        "p",
        { className: "sentence" },
        `${name}[${at.join(", ")}] is ${long(weight.before)} before the step.`,
      ),
      make(
        "div",
        { className: "scroll", tabIndex: 0, role: "region", ariaLabel: "The update, line by line" },
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
          ? `The weight would go from ${long(weight.before)} to ${long(last.result)}. At rate 0 the engine leaves it at ${long(weight.after)}.`
          : `The weight goes from ${long(weight.before)} to ${long(weight.after)}: ${verdict(last.result, last.engine!)}.`,
      ),
      make(
        "p",
        { className: "note" },
        "The page works each line out in double precision and rounds it once; the engine computes in single precision, about seven digits, and rounds in between. So the last two digits may differ.",
      ),
    );
  }

  choice.addEventListener("change", () => {
    const { gradient } = chosen();
    let index = 0;
    gradient.forEach((value, i) => {
      if (Math.abs(value) > Math.abs(gradient[index]!)) index = i;
    });
    largestIn(index);
  });

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
  const section = make(
    "section",
    { className: "update" },
    make("h2", {}, "The update of one weight"),
    make(
      "p",
      {},
      `${optimizer.kind} does to every weight what it does to this one: `,
      make("i", {}, ruleOf(optimizer)),
      `, with ${said.join(", ")}. This is what a step with this sample alone would do; training takes the mean over a batch${also(recipe)}.`,
    ),
    ended &&
      make(
        "p",
        { test: "ended" },
        `The schedule has come to its end at rate 0: one more step would move nothing. So that there is something to see, this is the update with the schedule’s highest rate, η = ${setting(recipe.lr)}.`,
      ),
    make(
      "div",
      { className: "choose" },
      make("label", { className: "from", htmlFor: choice.id }, "Tensor", choice),
      indices,
      button("Largest gradient", "largest", largest),
    ),
    result,
  );
  largest();
  return section;
}

// What else training does to a gradient, in sentences.
function also({ clipNorm, labelSmoothing }: OpenedStep["recipe"]): string {
  const smooth = labelSmoothing > 0 ? ", of the smoothed loss" : "";
  return clipNorm > 0 ? `${smooth}, and shortens it to a norm of ${setting(clipNorm)}` : smooth;
}
