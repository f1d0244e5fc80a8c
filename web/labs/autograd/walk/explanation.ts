// The current step in words and numbers: what is computed forward, and what is multiplied and added
// backward.
import { numel } from "../../../data/numel";
import { make, scroller, table } from "../../../ui/dom";
import type { Graph, Part } from "../engine/graph";
import { equals, inline, labels, mostWritten, short } from "../language/numbers";
import { about, formula, rule } from "../language/rules";
import type { Step } from "../run/walk_steps";

export class Explanation {
  constructor(private readonly place: HTMLElement) {}

  show(graph: Graph, steps: readonly Step[], at: number): void {
    const step = steps[at]!;
    const names = labels(graph.nodes);
    // The names of large matrices stand for their numbers.
    const value = (i: number) => {
      const { values, shape } = graph.nodes[i]!;
      return values.length > mostWritten ? names[i]! : inline(values, shape);
    };
    if (step.kind === "leaves") {
      this.set(
        "The leaves",
        "These values are given. All others are computed from them.",
        "Press Next: each operation takes the values that arrow into it and makes a new one.",
      );
    } else if (step.kind === "forward") {
      const { op, sources, values, shape } = graph.nodes[step.node]!;
      const sign = equals(values, ...sources.map((source) => graph.nodes[source]!.values));
      this.set(
        `Forward: ${names[step.node]}`,
        `${op}: ${formula(op, sources.map(value))} ${sign} ${inline(values, shape)}`,
        op === "add" ? "" : (about[op] ?? ""),
      );
    } else if (step.kind === "seed") {
      this.set(
        "The way back begins",
        "The gradient of the result is 1.",
        "A gradient says how many times as fast the result changes as this tensor does. The result changes just as fast as itself.",
      );
    } else {
      this.backward(graph, step.node, names);
    }
  }

  private backward({ nodes }: Graph, index: number, names: string[]): void {
    const { op, sources, parts, grad, shape } = nodes[index]!;
    const incoming = inline(grad!, shape);
    const own = names[index]!;
    const rows = parts.map((part) => {
      const { source } = part;
      const to = nodes[source]!.shape;
      const place = placeOf(part, parts, sources);
      const of = sources.map((i) => names[i]!);
      return [
        names[source]!,
        law(rule(op, of, own, place)),
        product(part, shape, to, grad!),
        sum(part, to),
      ];
    });
    const without = [...new Set(sources)].filter((i) => !nodes[i]!.requiresGrad);
    this.set(
      `Backward: ${own}`,
      `${own} has the gradient ${incoming} and passes it on to ${list(parts.map(({ source }) => names[source]!))}.`,
      meaning(own, grad!) + withoutGradient(without.map((i) => names[i]!)),
      scroller(
        "What is passed on",
        table(
          ["to", "local derivative", `×\u00a0gradient of\u00a0${own}`, "gradient so far"],
          rows,
          "contributions",
        ),
      ),
    );
  }

  private set(title: string, sentence: string, note: string, ...more: Node[]): void {
    this.place.replaceChildren(
      make("h2", {}, title),
      make("p", { className: "sentence", test: "sentence" }, sentence),
      ...more,
      make("p", { className: "note" }, note),
    );
  }
}

// A derivative is not broken into lines; its explanation may be.
function law(text: string): Node {
  const at = text.indexOf(" = ");
  if (at < 0) return make("span", { className: "law" }, text);
  return make("span", { className: "law" }, make("span", {}, text.slice(0, at)), text.slice(at));
}

// A sentence on what one gradient says about f.
function meaning(name: string, gradient: Float32Array): string {
  const rate = gradient[0]!;
  if (gradient.length > 1 || !Number.isFinite(rate)) return "";
  if (rate === 0) return `f does not change when ${name} does. `;
  const times = Math.abs(rate) === 1 ? "" : `${short(Math.abs(rate))} times `;
  const way = rate < 0 ? ", in the other direction" : "";
  return `f changes ${times}as fast as ${name} does${way}. `;
}

const withoutGradient = (names: string[]) =>
  names.length === 0
    ? ""
    : names.length === 1
      ? `${names[0]} requires no gradient and gets none.`
      : `${list(names)} require no gradient and get none.`;

// Which operand of the operation this contribution belongs to; those of a·a both go to the same
// source.
function placeOf(part: Part, parts: readonly Part[], sources: readonly number[]): number {
  const earlier = parts
    .slice(0, parts.indexOf(part))
    .filter(({ source }) => source === part.source);
  const places = sources.flatMap((source, i) => (source === part.source ? [i] : []));
  return places[earlier.length]!;
}

// A contribution as a product: "−3 × 8 = −24".
function product(part: Part, shape: number[], to: number[], incoming: Float32Array): Node {
  const { local, contribution } = part;
  const result = make("b", {}, inline(contribution, to));
  if (!local) return make("span", {}, result);
  const isOfSource = local.length !== numel(shape) || local.length === numel(to);
  const factor = inline(local, isOfSource ? to : shape);
  const isSame = [local, incoming].some((factors) => factors.every((value) => value === 1));
  const sign = isSame ? "=" : equals(local, incoming, contribution);
  return make("span", {}, `${factor} × ${inline(incoming, shape)} ${sign} `, result);
}

function sum({ before, contribution, after }: Part, shape: number[]): Node {
  const total = inline(after, shape);
  if (!before) return make("span", {}, total);
  const sign = equals(before, contribution, after);
  const added = `${inline(before, shape)} + ${inline(contribution, shape)} ${sign} `;
  return make("span", {}, added, make("b", {}, total));
}

const list = (words: string[]) => {
  const once = [...new Set(words)];
  return once.length > 1
    ? `${once.slice(0, -1).join(", ")} and ${once.at(-1)}`
    : (once[0] ?? "nobody");
};
