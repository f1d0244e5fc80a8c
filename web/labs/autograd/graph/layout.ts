// Places the cards of a graph in layers: sources first, the result last, and edges with as few
// crossings and bends as a few sweeps find (Sugiyama's method). It knows sizes, but not what is
// drawn.

export interface Size {
  width: number;
  height: number;
}

export interface Point {
  x: number;
  y: number;
}

export interface Layout extends Size {
  places: Point[]; // of each card's upper left corner
  edges: Map<string, Point[]>; // "from>to" → the points it goes through, card to card
}

// A card, or a bend of an edge that passes a layer.
interface Item {
  // The number of the card; −1 for a bend.
  node: number;
  layer: number;
  // The size across the direction of the layers.
  breadth: number;
  // The place of its middle across that direction.
  at: number;
  before: Item[];
  after: Item[];
}

/**
 * Places the cards. sources[i] has the cards that card i comes from, all of them before i. `down`
 * puts layers from top to bottom instead of from left to right. `gap` is the space between layers,
 * and between the cards of one layer. `room` is the space that an edge needs right after the card
 * that it leaves.
 */
export function layOut(
  sizes: readonly Size[],
  sources: readonly (readonly number[])[],
  down: boolean,
  gap: { along: number; across: number },
  room: (from: number, to: number) => number = () => 0,
): Layout {
  const along = (size: Size) => (down ? size.height : size.width);
  const across = (size: Size) => (down ? size.width : size.height);

  const layers = layerOf(sources);
  const count = Math.max(...layers) + 1;
  const items = sizes.map((size, node): Item => ({
    node,
    layer: layers[node]!,
    breadth: across(size),
    at: 0,
    before: [],
    after: [],
  }));
  const rows: Item[][] = Array.from({ length: count }, () => []);
  for (const item of items) rows[item.layer]!.push(item);

  // Edges that pass layers bend there.
  const chains = new Map<string, Item[]>();
  sources.forEach((from, to) => {
    for (const source of new Set(from)) {
      const chain = [items[source]!];
      for (let layer = layers[source]! + 1; layer < layers[to]!; layer++) {
        const bend: Item = { node: -1, layer, breadth: 4, at: 0, before: [], after: [] };
        rows[layer]!.push(bend);
        chain.push(bend);
      }
      chain.push(items[to]!);
      for (let i = 1; i < chain.length; i++) {
        chain[i - 1]!.after.push(chain[i]!);
        chain[i]!.before.push(chain[i - 1]!);
      }
      chains.set(`${source}>${to}`, chain);
    }
  });

  order(rows);
  align(rows, gap.across);

  const lowest = Math.min(...rows.flat().map((item) => item.at - item.breadth / 2));
  const highest = Math.max(...rows.flat().map((item) => item.at + item.breadth / 2));
  const lengths = rows.map((row) =>
    Math.max(0, ...row.filter(({ node }) => node >= 0).map(({ node }) => along(sizes[node]!))),
  );
  const gaps = lengths.map(() => gap.along);
  sources.forEach((from, to) => {
    for (const source of from) {
      const layer = layers[source]!;
      gaps[layer] = Math.max(gaps[layer]!, room(source, to));
    }
  });
  const starts = lengths.map((_, i) =>
    lengths.slice(0, i).reduce((sum, length, k) => sum + length + gaps[k]!, 0),
  );
  const total = starts.at(-1)! + lengths.at(-1)!;

  const point = (alongAt: number, acrossAt: number): Point =>
    down ? { x: acrossAt - lowest, y: alongAt } : { x: alongAt, y: acrossAt - lowest };
  const places = items.map((item) => {
    const size = sizes[item.node]!;
    const middle = starts[item.layer]! + lengths[item.layer]! / 2;
    return point(middle - along(size) / 2, item.at - item.breadth / 2);
  });
  const edges = new Map<string, Point[]>();
  for (const [key, chain] of chains) {
    edges.set(
      key,
      chain.flatMap((item, i) => {
        const half = item.node >= 0 ? along(sizes[item.node]!) / 2 : lengths[item.layer]! / 2;
        const middle = starts[item.layer]! + lengths[item.layer]! / 2;
        const ends = [point(middle - half, item.at), point(middle + half, item.at)];
        return i === 0 ? [ends[1]!] : i === chain.length - 1 ? [ends[0]!] : ends;
      }),
    );
  }
  const breadth = highest - lowest;
  return {
    ...(down ? { width: breadth, height: total } : { width: total, height: breadth }),
    places,
    edges,
  };
}

// The layer of each card: the length of the longest way to it. A card without sources stands right
// before the first card that uses it.
function layerOf(sources: readonly (readonly number[])[]): number[] {
  const layers: number[] = [];
  sources.forEach((from, i) => {
    layers[i] = from.length === 0 ? 0 : 1 + Math.max(...from.map((source) => layers[source]!));
  });
  sources.forEach((from, i) => {
    if (from.length > 0) return;
    const users = sources.flatMap((of, user) => (of.includes(i) ? [layers[user]!] : []));
    if (users.length > 0) layers[i] = Math.min(...users) - 1;
  });
  return layers;
}

// Orders each layer by the mean place of its neighbours, forward and back; the best order seen
// stays.
function order(rows: Item[][]): void {
  const crossings = () => {
    let sum = 0;
    for (const row of rows) {
      const ends = row.flatMap((item, i) =>
        item.after.map((next) => [i, rows[next.layer]!.indexOf(next)] as const),
      );
      for (const [a, b] of ends) for (const [c, d] of ends) if (a < c && b > d) sum++;
    }
    return sum;
  };
  // Operands keep the order in which they are written, where that costs nothing.
  const written = (row: Item[]) => {
    const firstOperand = (item: Item): Item[] => item.before;
    return row.flatMap(firstOperand);
  };
  for (let i = rows.length - 1; i > 0; i--) {
    const wanted = [...new Set(written(rows[i]!))];
    rows[i - 1]!.sort((a, b) => wanted.indexOf(a) - wanted.indexOf(b));
  }
  let best = rows.map((row) => [...row]);
  let fewest = crossings();
  for (let sweep = 0; sweep < 8 && fewest > 0; sweep++) {
    const back = sweep % 2 === 0;
    const indices = rows.map((_, i) => (back ? rows.length - 1 - i : i));
    for (const i of indices) {
      const mean = new Map(
        rows[i]!.map((item, own) => {
          const near = back ? item.after : item.before;
          const places = near.map((other) => rows[other.layer]!.indexOf(other));
          return [item, near.length ? places.reduce((a, b) => a + b, 0) / near.length : own];
        }),
      );
      rows[i]!.sort((a, b) => mean.get(a)! - mean.get(b)!);
    }
    const now = crossings();
    if (now < fewest) {
      fewest = now;
      best = rows.map((row) => [...row]);
    }
  }
  best.forEach((row, i) => (rows[i] = row));
}

// Moves each item towards the middle of its neighbours, as far as the others of its layer let it.
function align(rows: Item[][], gap: number): void {
  for (const row of rows) {
    let at = 0;
    for (const item of row) {
      item.at = at + item.breadth / 2;
      at += item.breadth + gap;
    }
  }
  for (let sweep = 0; sweep < 12; sweep++) {
    for (const row of sweep % 2 === 0 ? rows : [...rows].reverse()) {
      const near = (item: Item) =>
        sweep % 2 === 0 && item.before.length > 0
          ? item.before
          : item.after.length > 0
            ? item.after
            : item.before;
      const wanted = row.map((item) => {
        const all = near(item);
        // What was computed stays on a straight line; leaves stand beside it.
        const computed = all.filter(({ node, before }) => node < 0 || before.length > 0);
        const others = computed.length > 0 ? computed : all;
        return others.length
          ? others.reduce((sum, other) => sum + other.at, 0) / others.length
          : item.at;
      });
      settle(row, wanted, gap);
    }
  }
}

// The weight of an item's wish: computed cards keep to their line most, and leaves make room.
const weight = ({ node, before }: Item) => (node < 0 ? 20 : before.length > 0 ? 200 : 1);

// The places nearest to those wanted (by least squares) that keep order and distance. Groups of
// items that touch move together.
function settle(row: Item[], wanted: number[], gap: number): void {
  const offsets: number[] = [];
  row.forEach((item, i) => {
    const last = row[i - 1];
    offsets[i] = i === 0 ? 0 : offsets[i - 1]! + (last!.breadth + item.breadth) / 2 + gap;
  });
  const groups: { sum: number; weight: number; count: number }[] = [];
  row.forEach((item, i) => {
    const own = weight(item);
    groups.push({ sum: own * (wanted[i]! - offsets[i]!), weight: own, count: 1 });
    for (;;) {
      const last = groups.at(-1)!;
      const previous = groups.at(-2);
      if (!previous || previous.sum / previous.weight <= last.sum / last.weight) break;
      groups.splice(-2, 2, {
        sum: previous.sum + last.sum,
        weight: previous.weight + last.weight,
        count: previous.count + last.count,
      });
    }
  });
  let i = 0;
  for (const { sum, weight, count } of groups) {
    for (let k = 0; k < count; k++, i++) row[i]!.at = sum / weight + offsets[i]!;
  }
}
