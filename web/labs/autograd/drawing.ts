// The graph as a picture: a card for each tensor with its name or op, value and gradient, and the edges between
// them. What is not known yet at this step has its place already, so that nothing moves.
import type { Graph, GraphNode, Part } from "./graph";
import { layOut, type Layout, type Point, type Size } from "./layout";
import { labels, short, size } from "./numbers";
import { known, type Known, type Step } from "./steps";

const digit = 7.4; // widths in the picture's own pixels
const letter = 8.2;
const line = 20;
const side = 11;
const head = 27;
const most = 4; // rows and columns that are written out; larger ones are tiles

const signs: Record<string, string> = { add: "+", sub: "−", mul: "×", div: "÷", neg: "−" };

interface Card extends Size {
  node: GraphNode;
  label: string;
  lead: string; // "f =" of the result
  cell: Size; // one element of a matrix
  rows: number;
  columns: number;
}

export interface DrawingOptions {
  region: HTMLElement; // scrolls
  onChoose(node: number): void;
}

export class Drawing {
  readonly svg = element("svg", { role: "img" });
  private graph: Graph | undefined;
  private steps: readonly Step[] = [];
  private at = 0;

  constructor(private readonly options: DrawingOptions) {
    const { region } = options;
    region.append(this.svg);
    this.svg.addEventListener("click", (event) => {
      const card = (event.target as Element).closest<SVGElement>("[data-node]");
      if (card) options.onChoose(Number(card.dataset["node"]));
    });
    new ResizeObserver(() => this.draw()).observe(region);
  }

  show(graph: Graph, steps: readonly Step[], at: number): void {
    Object.assign(this, { graph, steps, at });
    this.draw();
  }

  private draw(): void {
    const { graph, steps, at, svg } = this;
    const { region } = this.options;
    if (!graph || region.clientWidth === 0) return;
    const { nodes } = graph;
    const names = labels(nodes);
    const cards = nodes.map((node, i) => cardOf(node, names[i]!, i === nodes.length - 1));
    const down = region.clientWidth < 700;
    const layout = layOut(
      cards,
      nodes.map(({ sources }) => sources),
      down,
      down ? { along: 46, across: 16 } : { along: 46, across: 18 },
      (from, to) => {
        if (down) return 0;
        const { parts, shape } = nodes[to]!;
        return chipWidth(factors(parts, from, shape)) + 18;
      },
    );
    const step = steps[at]!;
    const now = known(graph, steps, at);
    svg.replaceChildren(
      ...edges(graph, layout, now, step, down),
      ...cards.map((card, i) => drawn(card, i, layout.places[i]!, now, step, graph)),
    );
    svg.ariaLabel = spoken(graph, names, now);

    // Room for outlines. As wide as the region where that leaves it legible; else the region scrolls.
    const margin = 6;
    const [width, height] = [layout.width + 2 * margin, layout.height + 2 * margin];
    svg.setAttribute("viewBox", `${-margin} ${-margin} ${width} ${height}`);
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize) / 17;
    const scale = rem * Math.max(0.82, Math.min(1.1, region.clientWidth / (width * rem)));
    svg.style.width = `${width * scale}px`;
    svg.style.height = `${height * scale}px`;
    this.bringIntoSight(step, layout, cards, scale);
  }

  private bringIntoSight(step: Step, layout: Layout, cards: Card[], scale: number): void {
    const { region } = this.options;
    if (!("node" in step)) return;
    const left = layout.places[step.node]!.x * scale;
    const right = left + cards[step.node]!.width * scale;
    const room = 90;
    if (left - room < region.scrollLeft) region.scrollLeft = left - room;
    else if (right + room > region.scrollLeft + region.clientWidth) {
      region.scrollLeft = right + room - region.clientWidth;
    }
  }
}

// ---- Cards ----

function cardOf(node: GraphNode, label: string, isResult: boolean): Card {
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

function drawn(
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
  const group = element("g", {
    class: names.filter(Boolean).join(" "),
    transform: `translate(${place.x} ${place.y})`,
    "data-node": String(index),
    "data-label": label,
  });
  const frame = { width: String(width), height: String(height), rx: node.op === "" ? "3" : "9" };
  if (inHand) group.append(element("rect", { class: "ring", ...grown(frame, 4) }));
  group.append(element("rect", { class: "frame", ...frame }));
  if (node.kind === "number") {
    group.append(text(width / 2, 20, "title middle", label));
    return group;
  }
  const title = text(side, 19, "title", "");
  if (lead) title.append(span("lead", `${lead} `));
  title.append(span("name", label));
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

const grown = (frame: { width: string; height: string; rx: string }, by: number) => ({
  x: String(-by),
  y: String(-by),
  width: String(Number(frame.width) + 2 * by),
  height: String(Number(frame.height) + 2 * by),
  rx: String(Number(frame.rx) + by),
});

// Numbers between brackets, or tiles: blue above 0, orange below.
function matrix(card: Card, values: Float32Array | null, top: number, name: string): SVGElement {
  const { rows, columns, cell, width } = card;
  const group = element("g", { class: `matrix ${name}` });
  const inner = columns * cell.width;
  const left = (width - inner) / 2;
  const bottom = top + rows * cell.height;
  const bracket = (x: number, to: number) =>
    element("path", {
      class: "bracket",
      d: `M${x + to} ${top}H${x}V${bottom}H${x + to}`,
    });
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
          element("rect", {
            class: value < 0 ? "negative" : "positive",
            x: String(x + 0.5),
            y: String(y + 0.5),
            width: String(cell.width - 1),
            height: String(cell.height - 1),
            "fill-opacity": String(Math.abs(value) / largest),
          }),
        );
      }
    }
  }
  return group;
}

// ---- Edges ----

function edges(graph: Graph, layout: Layout, now: Known, step: Step, down: boolean): SVGElement[] {
  const lines: SVGElement[] = [];
  const chips: Chip[] = [];
  graph.nodes.forEach(({ sources, parts, shape }, to) => {
    const from = [...new Set(sources)];
    // They arrive side by side, in the order in which they come.
    const across = (point: Point) => (down ? point.x : point.y);
    const paths = from.map((source) => ({
      source,
      points: layout.edges.get(`${source}>${to}`)!.map((point) => ({ ...point })),
    }));
    paths.sort((a, b) => across(a.points.at(-2)!) - across(b.points.at(-2)!));
    paths.forEach(({ source, points }, i) => {
      const end = points.at(-1)!;
      const shift = (i - (paths.length - 1) / 2) * 16;
      if (down) end.x += shift;
      else end.y += shift;
      const back = now.passed.has(`${to}>${source}`);
      const inHand = "node" in step && step.node === to;
      const forward = inHand && step.kind === "forward";
      const state = back
        ? inHand
          ? "back now"
          : "back"
        : forward
          ? "forth now"
          : now.values[to]
            ? "forth"
            : "ahead";
      const group = element("g", { class: `edge ${state}`, "data-edge": `${source}>${to}` });
      // Room for the arrow's head.
      const tip = back ? points[0]! : end;
      const aim = { ...tip };
      const toward = back ? 1 : -1;
      if (down) tip.y += 8 * toward;
      else tip.x += 8 * toward;
      group.append(
        element("path", { class: "line", d: curve(points, down) }),
        element("path", { class: "tip", d: arrow(aim, tip, down) }),
      );
      lines.push(group);
      if (!back) return;
      const label = factors(parts, source, shape);
      if (label) chips.push({ label, inHand, from: points[0]!, to: points[1]! });
    });
  });
  return [...lines, ...placed(chips, down)];
}

// What the gradient is multiplied by on its way to this source; nothing for matrices.
function factors(parts: readonly Part[], source: number, shape: readonly number[]): string {
  if (shape.some((extent) => extent > 1)) return "";
  return parts
    .filter((part) => part.source === source && part.local?.length === 1)
    .map(({ local }) => `× ${short(local![0]!)}`)
    .join(", ");
}

const chipWidth = (label: string) => label.length * 7 + 8;

function curve(points: readonly Point[], down: boolean): string {
  const [first, ...rest] = points;
  let at = first!;
  let path = `M${at.x} ${at.y}`;
  for (const to of rest) {
    const [x, y] = [(at.x + to.x) / 2, (at.y + to.y) / 2];
    path += down
      ? `C${at.x} ${y} ${to.x} ${y} ${to.x} ${to.y}`
      : `C${x} ${at.y} ${x} ${to.y} ${to.x} ${to.y}`;
    at = to;
  }
  return path;
}

function arrow(tip: Point, base: Point, down: boolean): string {
  return down
    ? `M${tip.x} ${tip.y}L${base.x - 5} ${base.y}H${base.x + 5}Z`
    : `M${tip.x} ${tip.y}L${base.x} ${base.y - 5}V${base.y + 5}Z`;
}

interface Chip {
  label: string;
  inHand: boolean;
  from: Point; // the piece of the edge that it stands on
  to: Point;
}

// Each on its edge where it covers no other, those in hand first and on top.
function placed(chips: readonly Chip[], down: boolean): SVGElement[] {
  const taken: { x: number; y: number; width: number }[] = [];
  const inOrder = [...chips].sort((a, b) => Number(b.inHand) - Number(a.inHand));
  const groups = inOrder.map(({ label, inHand, from, to }) => {
    const width = chipWidth(label);
    const free = [0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78]
      .map((share) => along(from, to, share, down))
      .find(({ x, y }) =>
        taken.every(
          (other) =>
            Math.abs(other.x - x) > (other.width + width) / 2 || Math.abs(other.y - y) > 20,
        ),
      );
    const { x, y } = free ?? along(from, to, 0.5, down);
    taken.push({ x, y, width });
    const group = element("g", { class: inHand ? "chip now" : "chip" });
    group.append(
      element("rect", {
        x: String(x - width / 2),
        y: String(y - 10),
        width: String(width),
        height: "20",
        rx: "10",
      }),
      text(x, y + 4.5, "middle", label),
    );
    return group;
  });
  return groups.reverse();
}

// A point of the curve between two.
function along(a: Point, b: Point, t: number, down: boolean): Point {
  // Bézier's polynomials, with the inner points half-way along and level with their ends.
  const [first, second] = [3 * (1 - t) ** 2 * t, 3 * (1 - t) * t ** 2];
  const [start, end] = [(1 - t) ** 3, t ** 3];
  const straight = (from: number, to: number) =>
    start * from + (first + second) * ((from + to) / 2) + end * to;
  const bent = (from: number, to: number) => (start + first) * from + (second + end) * to;
  return down
    ? { x: bent(a.x, b.x), y: straight(a.y, b.y) }
    : { x: straight(a.x, b.x), y: bent(a.y, b.y) };
}

// ---- Small things ----

function spoken({ nodes }: Graph, names: string[], now: Known): string {
  const leaves = nodes.filter(({ op }) => op === "").length;
  const values = now.values.filter(Boolean).length;
  const gradients = now.complete.filter(Boolean).length;
  return `Graph of ${nodes.length} tensors, ${leaves} of them leaves; its result is ${names.at(-1)}. ${values} values and ${gradients} gradients are known at this step. The table below the graph says all numbers.`;
}

function element<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Record<string, string>,
): SVGElementTagNameMap[K] {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function text(x: number, y: number, name: string, content: string): SVGTextElement {
  const made = element("text", { x: String(x), y: String(y), class: name });
  made.textContent = content;
  return made;
}

function span(name: string, content: string): SVGTSpanElement {
  const made = element("tspan", { class: name });
  made.textContent = content;
  return made;
}
