// One step of an optimizer for one weight, line by line. Every number that goes in is the engine's;
// the last line is compared with the weight that the engine itself has made. The formulas are those
// of engine/optimizers.
import type { Trace } from "lanegrad";
import { powerOfTen } from "../../../ui/format";
import { long } from "../language/numbers";

export type Optimizer = Trace["optimizer"];

// What the engine says about one weight.
export interface Weight {
  before: number;
  gradient: number;
  after: number;
  state: Record<string, { before: number; after: number }>;
}

export interface Line {
  name: string; // "m"
  about: string;
  rule: string; // "β₁ · m + (1 − β₁) · g"
  // The line with numbers in place of the symbols.
  working: string;
  result: number;
  // The engine's own result for this line.
  engine?: number;
}

export function workOut(optimizer: Optimizer, weight: Weight): Line[] {
  return optimizer.kind === "SGD" ? sgd(optimizer, weight) : adam(optimizer, weight);
}

/** The update as it stands in a textbook, as one line of symbols. */
export function ruleOf({ kind, momentum, nesterov, weightDecay }: Optimizer): string {
  if (kind !== "SGD") {
    const decay = kind === "AdamW" && weightDecay > 0 ? "w − η · λ · w" : "w";
    return `w ← ${decay} − η · m̂ / (√v̂ + ε)`;
  }
  if (!momentum) return "w ← w − η · g";
  return nesterov ? "w ← w − η · (g + μ · velocity)" : "w ← w − η · velocity";
}

// The number as a float32, as the engine has its settings.
const float = (value: number | undefined) => Math.fround(value ?? 0);
const n = (value: number) => (value < 0 ? `(${long(value)})` : long(value));
// A setting as it was typed, not with the digits of its float32.
const typed = (value: number) => Number(value.toPrecision(7));
export const setting = (value: number) => powerOfTen(String(typed(value)));

// What the lines are about, and their rules in symbols.
const rules = {
  g: ["the gradient: how fast the loss grows with this weight", "from the way back"],
  "g with decay": ["weight decay pulls every weight towards 0", "g + λ · w"],
  velocity: ["what is left of earlier steps, and this gradient", "μ · velocity + g"],
  "look ahead": [
    "Nesterov: the gradient as if the velocity had acted once more",
    "g + μ · velocity",
  ],
  m: ["a moving mean of the gradients: which way, lately", "β₁ · m + (1 − β₁) · g"],
  v: ["a moving mean of their squares: how large, lately", "β₂ · v + (1 − β₂) · g²"],
  m̂: ["m began at 0 and is too small at first", "m / (1 − β₁ᵗ)"],
  v̂: ["the same correction for v", "v / (1 − β₂ᵗ)"],
  step: [
    "where gradients point one way it is about η, where they disagree it is small",
    "η · m̂ / (√v̂ + ε)",
  ],
  "w, decayed": ["AdamW pulls each weight towards 0 on its own", "(1 − η · λ) · w"],
  "new w": ["against the gradient, because the loss should fall", "w − step"],
} as const;

// A line; `own` is what it says in place of the table, and the engine's result.
function line(
  name: keyof typeof rules,
  working: string,
  result: number,
  own: Partial<Line> = {},
): Line {
  const [about, rule] = rules[name];
  return { name, about, rule, working, result, ...own };
}

function decayed(optimizer: Optimizer, { before, gradient }: Weight): { g: number; lines: Line[] } {
  const decay = float(optimizer.weightDecay);
  const lines = [line("g", "", gradient, { engine: gradient })];
  if (decay === 0 || optimizer.kind === "AdamW") return { g: gradient, lines };
  const g = float(gradient + decay * before);
  lines.push(line("g with decay", `${n(gradient)} + ${setting(decay)} × ${n(before)}`, g));
  return { g, lines };
}

function sgd(optimizer: Optimizer, weight: Weight): Line[] {
  const { g, lines } = decayed(optimizer, weight);
  const { before, after, state } = weight;
  const rate = float(optimizer.learningRate);
  const momentum = float(optimizer.momentum);
  let step = g;
  if (momentum > 0) {
    const { before: old, after: engine } = state["velocity"]!;
    const velocity = float(momentum * old + g);
    const added = `${setting(momentum)} × ${n(old)} + ${n(g)}`;
    lines.push(line("velocity", added, velocity, { engine }));
    step = velocity;
    if (optimizer.nesterov) {
      step = float(g + momentum * velocity);
      lines.push(line("look ahead", `${n(g)} + ${setting(momentum)} × ${n(velocity)}`, step));
    }
  }
  const by = float(rate * step);
  const about = "the learning rate η says how far to go";
  const rule = `η · ${lines.at(-1)!.name}`;
  lines.push(line("step", `${setting(rate)} × ${n(step)}`, by, { about, rule }));
  lines.push(line("new w", `${n(before)} − ${n(by)}`, float(before - by), { engine: after }));
  return lines;
}

function adam(optimizer: Optimizer, weight: Weight): Line[] {
  const { g, lines } = decayed(optimizer, weight);
  const { before, after, state } = weight;
  const [rate, beta1, beta2, epsilon] = [
    optimizer.learningRate,
    optimizer.beta1,
    optimizer.beta2,
    optimizer.epsilon,
  ].map(float) as [number, number, number, number];
  const t = optimizer.steps + 1;
  const first = state["first_moment"]!;
  const second = state["second_moment"]!;
  const m = float(beta1 * first.before + (1 - beta1) * g);
  const v = float(beta2 * second.before + (1 - beta2) * g * g);
  const correction1 = float(1 - beta1 ** t);
  const correction2 = float(1 - beta2 ** t);
  const mean = float(m / correction1);
  const square = float(v / correction2);
  const step = float((rate * mean) / (Math.sqrt(square) + epsilon));
  const moved = (beta: number, old: number, by: string) =>
    `${setting(beta)} × ${n(old)} + ${setting(1 - typed(beta))} × ${by}`;
  lines.push(
    line("m", moved(beta1, first.before, n(g)), m, { engine: first.after }),
    line("v", moved(beta2, second.before, `${n(g)}²`), v, { engine: second.after }),
    line("m̂", `${n(m)} / ${long(correction1)}`, mean, {
      about: `${rules["m̂"][0]}; this is step t = ${t}`,
    }),
    line("v̂", `${n(v)} / ${long(correction2)}`, square),
    line("step", `${setting(rate)} × ${n(mean)} / (√${n(square)} + ${setting(epsilon)})`, step),
  );
  const decay = optimizer.kind === "AdamW" ? optimizer.learningRate * optimizer.weightDecay : 0;
  const shrunk = decay > 0 ? float(float(1 - decay) * before) : before;
  if (decay > 0) {
    lines.push(line("w, decayed", `${setting(float(1 - decay))} × ${n(before)}`, shrunk));
  }
  lines.push(
    line("new w", `${n(shrunk)} − ${n(step)}`, float(shrunk - step), {
      engine: after,
      ...(decay > 0 && { rule: "w, decayed − step" }),
    }),
  );
  return lines;
}

/** How the result worked out here compares with the engine's: "the same float32". */
export function verdict(result: number, engine: number): string {
  if (result === engine) return "the engine has the same number, to the last of its 24 bits";
  const apart = Math.abs(result - engine);
  const unit = 2 ** (Math.floor(Math.log2(Math.max(Math.abs(result), Math.abs(engine)))) - 23);
  const units = Math.round(apart / unit);
  return units <= 64
    ? `the engine’s differs by ${units === 1 ? "one unit" : `${units} units`} of its last bit, since it rounds in between`
    : `the engine’s differs by ${long(apart)}`;
}
