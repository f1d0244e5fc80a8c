// The cards of the graph. What is not known yet at a step has its place already, so that nothing
// moves.
import type { Graph, GraphNode } from "../engine/graph";
import type { Point, Size } from "./layout";
import { short, size } from "../language/numbers";
import type { Known, Step } from "../run/walk_steps";
import { shape, text } from "../../../ui/svg";

const digit = 7.4; // widths in the picture's own pixels
const letter = 8.2;
const line = 20;
const side = 11;
const head = 27;
// Matrices with at most this many rows and columns are written out; larger ones are drawn as tiles.
const most = 5;

const signs: Record<string, string> = { add: "+", sub: "−", mul: "×", div: "÷", neg: "−" };

export interface Card extends Size {
  node: GraphNode;
  label: string;
  lead: string; // "f =" of the result
  // The size of one element of a matrix.
  cell: Size;
  rows: number;
  columns: number;
}

export function cardOf(node: GraphNode, label: string, isResult: boolean): Card {
  const lead = isResult ? "f =" : "";
  const rows = node.shape.length === 0 ? 1 : node.shape.length === 1 ? 1 : node.shape[0]!;
  const columns = node.values.length / rows;
  const tiles = rows > most || columns > most;
  const texts = [...node.values, ...(node.grad ?? [])].map((value) => short(value).length);
  const cell = tiles
    ? { width: 12, height: 12 }
    : { width: Math.max(4, ...texts) * digit + 9, height: line };
  if (node.kind === "number") {
    const width = Math.max(34, 2 * side + label.length * digit);
    return { node, label, lead, cell, rows, columns, width, height: 30 };
  }
  const title = 2 * side + (label.length + (lead ? 4 : 0)) * letter;
  if (node.values.length === 1) {
    const number = Math.max(6, ...texts) * digit;
    const width = Math.max(title, 2 * side + 54 + number);
    return { node, label, lead, cell, rows, columns, width, height: head + 2 * line + 12 };
  }
  const width = Math.max(title, 2 * side + columns * cell.width + 6, 118);
  const height = node.requiresGrad
    ? head + 2 * (17 + rows * cell.height) + 20
    : head + 2 * 17 + rows * cell.height + 16;
  return { node, label, lead, cell, rows, columns, width, height };
}

/** The card as it is after the step. */
export function drawn(
  card: Card,
  index: number,
  place: Point,
  now: Known,
  step: Step,
  graph: Graph,
): SVGElement {
  const { node, width, height, label, lead } = card;
  const inHand = "node" in step ? step.node === index : step.kind === "seed" && lead !== "";
  const beside = "node" in step && graph.nodes[step.node]!.sources.includes(index);
  const names = ["card", node.kind, inHand && "in-hand", beside && "beside", lead && "result"];
  const group = shape("g", {
    class: names.filter(Boolean).join(" "),
    transform: `translate(${place.x} ${place.y})`,
    "data-node": String(index),
    "data-label": label,
  });
  const frame = { width, height, rx: node.op === "" ? 3 : 9 };
  // The ring is four pixels larger on each side.
  const ring = { x: -4, y: -4, width: width + 8, height: height + 8, rx: frame.rx + 4 };
  if (inHand) group.append(shape("rect", { class: "ring", ...ring }));
  group.append(shape("rect", { class: "frame", ...frame }));
  if (node.kind === "number") {
    group.append(text(width / 2, 20, "title middle", label));
    return group;
  }
  const title = text(side, 19, "title", "");
  if (lead) title.append(shape("tspan", { class: "lead" }, `${lead} `));
  title.append(shape("tspan", { class: "name" }, label));
  group.append(title);
  const sign = signs[node.op];
  if (sign) group.append(text(width - side, 19, "sign end", sign));

  const gradient = now.gradients[index]!;
  const none = node.requiresGrad ? "" : "none";
  const value = now.values[index] ? node.values : null;
  if (node.values.length === 1) {
    const base = head + 15;
    group.append(
      text(side, base, "label", "value"),
      text(width - side, base, "value end", value ? short(value[0]!) : "·"),
      text(side, base + line, "label", "gradient"),
      text(
        width - side,
        base + line,
        none ? "label end" : `gradient end ${now.complete[index] ? "" : "partial"}`,
        gradient ? short(gradient[0]!) : none || "·",
      ),
    );
    return group;
  }
  const below = head + 17 + card.rows * card.cell.height + 6;
  group.append(
    text(side, head + 12, "label", `value, ${size(node.shape)}`),
    matrix(card, value, head + 17, "value"),
    text(side, below + 12, "label", none ? "gradient: none" : "gradient"),
  );
  if (!none) {
    group.append(
      matrix(card, gradient, below + 17, `gradient ${now.complete[index] ? "" : "partial"}`),
    );
  }
  return group;
}

// A matrix as numbers between brackets, or as tiles: blue above 0, orange below.
function matrix(card: Card, values: Float32Array | null, top: number, name: string): SVGElement {
  const { rows, columns, cell, width } = card;
  const group = shape("g", { class: `matrix ${name}` });
  const inner = columns * cell.width;
  const left = (width - inner) / 2;
  const bottom = top + rows * cell.height;
  const bracket = (x: number, to: number) =>
    shape("path", { class: "bracket", d: `M${x + to} ${top}H${x}V${bottom}H${x + to}` });
  group.append(bracket(left - 3, 4), bracket(left + inner + 3, -4));
  const tiles = rows > most || columns > most;
  const largest = values ? Math.max(...values.map(Math.abs)) || 1 : 1;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = values?.[row * columns + column];
      const [x, y] = [left + column * cell.width, top + row * cell.height];
      if (!tiles) {
        const shown = value === undefined ? "·" : short(value);
        group.append(text(x + cell.width / 2, y + 15, `${name} middle`, shown));
      } else if (value !== undefined) {
        group.append(
          shape("rect", {
            class: value < 0 ? "negative" : "positive",
            x: x + 0.5,
            y: y + 0.5,
            width: cell.width - 1,
            height: cell.height - 1,
            "fill-opacity": Math.abs(value) / largest,
          }),
        );
      }
    }
  }
  return group;
}
