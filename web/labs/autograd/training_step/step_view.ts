// One sample's way through a net that was trained in Digits: every layer's values and gradients as
// small pictures that open, the loss worked out, and the update of one weight.
import type { TraceNode } from "lanegrad";
import type { OpenedStep } from "../../opened_step";
import { make, paragraph, scroller, table } from "../../../ui/dom";
import { grouped, percentage, percent } from "../../../ui/format";
import { withTerms } from "../../../ui/glossary/words";
import { fold, heatMap } from "./heat_map";
import { numberTable } from "./tensor_numbers";
import { long, short, size } from "../language/numbers";
import { about as general } from "../language/rules";
import { setting } from "./optimizer_lines";
import { updateSection } from "./weight_update";

// What products and sums mean in a net.
const about: Readonly<Record<string, string>> = {
  ...general,
  matmul:
    "Each {neuron} multiplies every input by a {weight} of its own and adds all up (a {matmul}).",
  reshape: "The same numbers in another shape (a {reshape}).",
  add: "Each neuron’s {bias} is added.",
};

export function stepView(opened: OpenedStep, ...ways: HTMLElement[]): HTMLElement {
  const { nodes } = opened.trace;
  const input = nodes.find(({ name }) => name === "x")!;
  const pixels = input.values.length;
  return make(
    "div",
    { className: "autograd trace", test: "trace" },
    make(
      "header",
      { className: "opening" },
      make("h1", {}, "One step, number by number"),
      paragraph("lead", summary(opened)),
    ),
    make("div", { className: "buttons" }, ...ways),
    make(
      "section",
      {},
      make("h2", {}, "Layer by layer"),
      paragraph(
        "note",
        ...withTerms(
          "Blue is above 0, orange below; the nearer to 0, the less colour. The {gradient} of a number says how fast the {loss} grows with it. Each picture opens into its numbers.",
        ),
      ),
      make(
        "ol",
        { className: "stages" },
        stage(input, "The picture", goesIn(input), [], pixels),
        ...nodes.slice(0, -1).flatMap((node) => {
          if (node.op === "") return [];
          if (node.op === "reshape") return [folded(node)];
          const leaves = node.sources
            .map((source) => nodes[source]!)
            .filter(({ op, name }) => op === "" && name !== "x");
          return [stage(node, node.layer ?? node.op, about[node.op] ?? "", leaves, pixels)];
        }),
      ),
    ),
    lossSection(opened),
    updateSection(opened),
  );
}

// Which picture and which net it is, and whether the answer is right.
export function summary({ trace, names, called, isDrawn, bestEpoch }: OpenedStep): string {
  const { probabilities, label, step } = trace;
  const best = probabilities.indexOf(Math.max(...probabilities));
  const right =
    best === label
      ? isDrawn
        ? "which is what you say it is"
        : "which is right"
      : `but ${isDrawn ? "you say " : ""}it is ${called}`;
  const steps = step === 1 ? "1 step" : `${grouped(step)} steps`;
  const weights = bestEpoch === undefined ? "" : `, with the weights of epoch ${bestEpoch} again`;
  return (
    `This picture goes through the network as it is after ${steps} of training${weights}. It answers ` +
    `${names[best]} with ${percent(probabilities[best]!)}, ${right}. ` +
    "Forward, backward, and the change the optimizer would make."
  );
}

// ---- The layers -------------------------------------------------------------

// What the net is given: ink from 0 to 1, or red, green and blue, which is below 0 only where it was scaled.
function goesIn({ values, shape }: TraceNode): string {
  const isColored = shape[1] === 3 && shape.length === 4;
  const isScaled = values.some((value) => value < 0);
  if (isColored) {
    const range = isScaled
      ? "shifted and scaled so that each colour has {mean 0|normalization} and standard deviation 1 over all training pictures"
      : "from 0 to 1";
    return `What goes in, as numbers: how much red, green and blue each pixel has, ${range}.`;
  }
  return isScaled
    ? `What goes in, as numbers: the ink of each pixel, shifted and scaled so that all training pictures together have {mean 0|normalization} and standard deviation 1. So paper is ${short(Math.min(...values), 3)}, and black is ${short(Math.max(...values), 3)} here.`
    : "What goes in, as numbers: the ink of each pixel, from 0 to 1.";
}

function stage(
  node: TraceNode,
  title: string,
  sentence: string,
  leaves: TraceNode[],
  pixels: number,
): HTMLElement {
  const tiles = [tile(node.values, node.shape, `Values of ${title}`, "values", pixels)];
  if (node.grad)
    tiles.push(tile(node.grad, node.shape, `Gradient of ${title}`, "gradient", pixels));
  for (const { name = "", values, shape, grad } of leaves) {
    tiles.push(tile(values, shape, name, name, pixels));
    if (grad) tiles.push(tile(grad, shape, `Gradient of ${name}`, "its gradient", pixels));
  }
  const kind = [node.op, size(node.shape)].filter(Boolean).join(", ");
  return make(
    "li",
    { className: "stage" },
    make("h3", {}, title, " ", make("small", {}, kind)),
    make("p", {}, ...withTerms(sentence)),
    make("div", { className: "tiles" }, ...tiles.map(({ figure }) => figure)),
    opening(tiles),
  );
}

// The numbers below the tiles, for one tile at a time.
function opening(tiles: Tile[]): HTMLElement {
  const place = make("div", { className: "opened", hidden: true });
  for (const { open, name, values, shape } of tiles) {
    open.addEventListener("click", () => {
      const opens = open.ariaExpanded !== "true";
      for (const other of tiles) other.open.ariaExpanded = String(opens && other.open === open);
      place.hidden = !opens;
      if (opens) place.replaceChildren(make("h4", {}, name), numberTable(name, values, shape));
    });
  }
  return place;
}

// A tensor with the same numbers once more, which needs no pictures.
function folded({ layer, op, shape }: TraceNode): HTMLElement {
  return make(
    "li",
    { className: "stage" },
    make("h3", {}, layer ?? op, " ", make("small", {}, `${op}, ${size(shape)}`)),
    make("p", {}, ...withTerms(about["reshape"]!)),
  );
}

function tile(
  values: Float32Array,
  shape: readonly number[],
  name: string,
  caption: string,
  pixels: number,
): Tile {
  const { least, mean, most, zeros } = aggregates(values);
  const folding = fold(shape, pixels);
  const canvas = make("canvas", { role: "img" });
  const range = `${short(least, 3)} to ${short(most, 3)}, mean ${short(mean, 3)}`;
  canvas.ariaLabel = `${name}, ${size(shape)}: ${range}`;
  // The style sheet's colours are known once the canvas stands in the page.
  requestAnimationFrame(() => heatMap(canvas, values, folding));
  const quiet = zeros > 0.2 ? `${percentage(Math.round(100 * zeros))} are 0` : "";
  const open = make("button", { type: "button", className: "unfold", ariaExpanded: "false" });
  open.textContent = values.length === 1 ? "one number" : `${size(shape)} numbers`;
  open.ariaLabel = `${open.textContent}: ${name}`;
  const figure = make(
    "figure",
    { className: "tile" },
    make("figcaption", {}, make("b", {}, caption)),
    canvas,
    make(
      "p",
      {},
      make("span", {}, range),
      make("span", {}, [quiet, folding.note].filter(Boolean).join("; ")),
    ),
    open,
  );
  return { figure, open, name, values, shape };
}

interface Tile {
  figure: HTMLElement;
  open: HTMLButtonElement;
  name: string;
  values: Float32Array;
  shape: readonly number[];
}

// Aggregates of the engine's numbers, for display.
function aggregates(values: Float32Array) {
  let [least, most, sum, zeros] = [Infinity, -Infinity, 0, 0];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
    sum += value;
    if (value === 0) zeros++;
  }
  return { least, most, mean: sum / values.length, zeros: zeros / values.length };
}

// ---- The loss ---------------------------------------------------------------

function lossSection({ trace, names, recipe }: OpenedStep): HTMLElement {
  const { nodes, probabilities, label, loss } = trace;
  const scores = nodes[nodes.at(-1)!.sources[0]!]!;
  const p = probabilities[label]!;
  const rows = Array.from(probabilities, (probability, index) => [
    index === label ? make("b", {}, `${names[index]}, the right one`) : names[index]!,
    short(scores.values[index]!, 6),
    short(probability, 6),
    short(scores.grad![index]!, 6),
  ]);
  return make(
    "section",
    { className: "loss" },
    make("h2", {}, "The loss"),
    make(
      "p",
      {},
      ...withTerms(
        "{Softmax|softmax} makes the scores into probabilities. The loss, {cross-entropy}, looks at one of them only, that of the right class: −log p is 0 for a sure right answer and grows without end for a sure wrong one.",
      ),
    ),
    make(
      "p",
      { className: "sentence", test: "loss" },
      `−log ${short(p, 7)} = ${short(-Math.log(p), 7)}; the engine’s loss is ${long(loss)}.`,
    ),
    scroller(
      "Scores and probabilities",
      table(["class", "score", "probability p", "gradient of the score"], rows, "scores"),
      { className: "scroll whole" },
    ),
    paragraph(
      "note",
      "The gradient of each score is its probability, less 1 for the right class: the right score is pulled up, the others are pushed down, each as hard as it is wrong.",
    ),
    recipe.labelSmoothing > 0 && smoothed(scores.values, label, recipe.labelSmoothing),
  );
}

// The loss as training has it where labels are smoothed: each class's target times its own −log p.
function smoothed(scores: Float32Array, label: number, smoothing: number): HTMLElement {
  const largest = Math.max(...scores);
  const sum = scores.reduce((all, score) => all + Math.exp(score - largest), 0);
  const surprises = Array.from(scores, (score) => Math.log(sum) - (score - largest));
  const other = smoothing / scores.length;
  const own = 1 - smoothing + other;
  const right = surprises[label]!;
  const others = surprises.reduce((all, each) => all + each, 0) - right;
  return make(
    "p",
    { className: "note", test: "smoothed" },
    ...withTerms(
      `The run in Digits uses {label smoothing} of ${setting(smoothing)}: the right class is to get ${setting(own)} instead of 1, each other ${setting(other)} instead of 0, so that it does not pay to be surer than that. Its loss counts all classes: ${setting(own)} × ${short(right, 6)} + ${setting(other)} × ${short(others, 6)}, the sum of the others’ −log p, = `,
    ),
    make("b", {}, short(own * right + other * others, 6)),
    ". The gradients on this page are those of the plain loss, −log p; in training the gradient of each score is its probability less what it is to get.",
  );
}
