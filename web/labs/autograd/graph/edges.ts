// The edges of the graph: arrows forward, and dashed arrows backward with what the gradient is
// multiplied by.
import type { Graph, Part } from "../engine/graph";
import type { Layout, Point } from "./layout";
import { short } from "../language/numbers";
import type { Known, Step } from "../run/walk_steps";
import * as svg from "../../../ui/svg";

export function edges(
  graph: Graph,
  layout: Layout,
  now: Known,
  step: Step,
  down: boolean,
): SVGElement[] {
  const lines: SVGElement[] = [];
  const chips: Chip[] = [];
  graph.nodes.forEach(({ sources, parts, shape }, to) => {
    const from = [...new Set(sources)];
    // Edges arrive side by side, in the order in which they come.
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
      const group = svg.shape("g", { class: `edge ${state}`, "data-edge": `${source}>${to}` });
      // This leaves room for the arrow's head.
      const tip = back ? points[0]! : end;
      const aim = { ...tip };
      const toward = back ? 1 : -1;
      if (down) tip.y += 8 * toward;
      else tip.x += 8 * toward;
      group.append(
        svg.shape("path", { class: "line", d: curve(points, down) }),
        svg.shape("path", { class: "tip", d: arrow(aim, tip, down) }),
      );
      lines.push(group);
      if (!back) return;
      const label = factors(parts, source, shape);
      if (label) chips.push({ label, inHand, points });
    });
  });
  return [...lines, ...placed(chips, down)];
}

// What the gradient is multiplied by on its way to this source; undefined for matrices.
function factors(parts: readonly Part[], source: number, shape: readonly number[]): string {
  if (shape.some((extent) => extent > 1)) return "";
  return parts
    .filter((part) => part.source === source && part.local?.length === 1)
    .map(({ local }) => `× ${short(local![0]!)}`)
    .join(", ");
}

/** How much room the text on an edge needs. */
export const roomOf = (parts: readonly Part[], source: number, shape: readonly number[]) =>
  chipWidth(factors(parts, source, shape)) + 22;

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
  // The points of the edge that the text belongs to.
  points: readonly Point[];
}

// The least distance between two texts.
const clearance = 6;

interface Place extends Point {
  chip: Chip;
  width: number;
}

// Places each text on its edge where it covers no other one; those of the current step lie on top.
// What is placed first gets its best place, so several orders are tried.
function placed(chips: readonly Chip[], down: boolean): SVGElement[] {
  const wide = [...chips].sort((a, b) => b.label.length - a.label.length);
  const orders = [
    [...chips].sort((a, b) => Number(b.inHand) - Number(a.inHand)),
    wide,
    [...wide].reverse(),
    [...chips].reverse(),
  ];
  let best: { places: Place[]; room: number } | undefined;
  for (const order of orders) {
    const tried = inTurn(order, down);
    if (!best || tried.room > best.room) best = tried;
    if (best.room >= clearance) break;
  }
  const places = [...best!.places].sort((a, b) => Number(a.chip.inHand) - Number(b.chip.inHand));
  return places.map(({ chip: { label, inHand }, x, y, width }) => {
    const group = svg.shape("g", { class: inHand ? "chip now" : "chip" });
    group.append(
      svg.shape("rect", { x: x - width / 2, y: y - 10, width, height: 20, rx: 10 }),
      svg.text(x, y + 4.5, "middle", label),
    );
    return group;
  });
}

function inTurn(chips: readonly Chip[], down: boolean): { places: Place[]; room: number } {
  const places: Place[] = [];
  let least = Infinity;
  for (const chip of chips) {
    const { label, points } = chip;
    const width = chipWidth(label);
    // The distance to the nearest other text; above 0 where they do not touch.
    const room = ({ x, y }: Point) =>
      Math.min(
        ...places.map((other) =>
          Math.max(Math.abs(other.x - x) - (other.width + width) / 2, Math.abs(other.y - y) - 20),
        ),
      );
    // A text stands on the first piece of its edge, or else where the edge passes other cards.
    const all = points.slice(1).flatMap((to, i) => {
      const away = i === 0 ? [0, 0.1, 0.2, 0.28] : [0, 0.1, 0.2, 0.3, 0.4, 0.5];
      return away
        .flatMap((by) => [0.5 - by, 0.5 + by])
        .map((share) => along(points[i]!, to, share, down));
    });
    const place =
      all.find((each) => room(each) >= clearance) ??
      all.reduce((a, b) => (room(b) > room(a) ? b : a));
    least = Math.min(least, room(place));
    places.push({ ...place, chip, width });
  }
  return { places, room: least };
}

// The point of the curve between a and b at t, 0 to 1.
function along(a: Point, b: Point, t: number, down: boolean): Point {
  // The curve is Bézier's; its inner points are half-way along and level with the ends.
  const [first, second] = [3 * (1 - t) ** 2 * t, 3 * (1 - t) * t ** 2];
  const [start, end] = [(1 - t) ** 3, t ** 3];
  const straight = (from: number, to: number) =>
    start * from + (first + second) * ((from + to) / 2) + end * to;
  const bent = (from: number, to: number) => (start + first) * from + (second + end) * to;
  return down
    ? { x: bent(a.x, b.x), y: straight(a.y, b.y) }
    : { x: straight(a.x, b.x), y: bent(a.y, b.y) };
}
