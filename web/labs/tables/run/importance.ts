// How much the net leans on each column: the column is shuffled among held-out rows, so that it no longer
// belongs to them, and the net is asked again (Breiman 2001).
import { scored, type Truth } from "./judging";

/** Asks the net: the outputs for `count` rows of inputs. */
export type Ask = (inputs: Float32Array, count: number) => Promise<Float32Array | undefined>;

export interface Importance {
  /** The number of the column. */
  column: number;
  /**
   * How much worse the answers are without it, as a mean over the shuffles: in accuracy, or in mean absolute error in
   * the target's own units.
   */
  loss: number;
  /** The least and the most of the shuffles. */
  low: number;
  high: number;
}

const shuffles = 5;
/** The most rows that are asked about. */
export const mostRows = 2000;

/** The importance of all columns, the most important first; undefined where it was given up. */
export async function importances(
  truth: Truth,
  ask: Ask,
  seed: number,
  signal: AbortSignal,
): Promise<Importance[] | undefined> {
  const { inputs, held } = truth.prepared;
  const width = inputs.length;
  // Rows at even distances, where there are too many.
  const every = Math.ceil(held.count / mostRows);
  const rows = Array.from({ length: Math.ceil(held.count / every) }, (_, i) => i * every);
  const given = await truth.prepared.inputsOf(rows.map((row) => held.rows[row]!));
  const mixed = new Float32Array(given.length);
  const values = rows.map((row) => truth.values[row]!);
  const badness = async (asked: Float32Array) => {
    const outputs = signal.aborted ? undefined : await ask(asked, rows.length);
    if (!outputs || signal.aborted) return undefined;
    const { accuracy, error } = scored(truth.isClasses, values, truth.answersOf(outputs));
    return truth.isClasses ? 1 - accuracy : error;
  };
  const whole = await badness(given);
  if (whole === undefined) return undefined;

  const found: Importance[] = [];
  const random = randomOf(seed);
  for (const column of new Set(inputs.map((input) => input.column))) {
    const own = inputs.flatMap((input, i) => (input.column === column ? [i] : []));
    const losses: number[] = [];
    for (let i = 0; i < shuffles; i++) {
      const without = await badness(shuffled(given, mixed, width, own, random));
      if (without === undefined) return undefined;
      losses.push(without - whole);
    }
    const loss = losses.reduce((sum, each) => sum + each, 0) / shuffles;
    found.push({ column, loss, low: Math.min(...losses), high: Math.max(...losses) });
  }
  return found.sort((a, b) => b.loss - a.loss || a.column - b.column);
}

// The rows with these of their numbers exchanged between them, all in one way, as they belong to one column, in the
// memory of `mixed`.
function shuffled(
  given: Float32Array,
  mixed: Float32Array,
  width: number,
  own: readonly number[],
  random: () => number,
): Float32Array {
  const count = given.length / width;
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  mixed.set(given);
  order.forEach((from, to) => {
    for (const each of own) mixed[to * width + each] = given[from * width + each]!;
  });
  return mixed;
}

// Numbers from 0 to below 1 that follow from a seed (Marsaglia's xorshift).
function randomOf(seed: number): () => number {
  let state = (seed * 2654435769 + 0x9e3779b9) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
