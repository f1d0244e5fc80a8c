// Gradients without derivatives: the formula computed just below a value and just above it.
import type { Lanegrad } from "lanegrad";
import { forward, type Made, type Question } from "./forward";
import type { Around, Difference } from "./graph";
import { readValue } from "../language/language";
import { inRows } from "../language/numbers";

// The distance for central differences. They err by about h² and by the rounding of f over h; the
// sum of both is smallest near the third root of 2⁻²⁴, since a float32 has 24 bits. A power of two
// makes value ± h round least.
const h = 2 ** -8;
const rounding = 2 ** -24;

const powerBelow = (value: number) => 2 ** Math.floor(Math.log2(Math.abs(value)));

export function differencesOf(lg: Lanegrad, question: Question): Difference[] {
  const names = Object.keys(question.values).filter((name) => !question.fixed.includes(name));
  const made: Made[] = [];
  const result = forward(lg, question, made);
  result.backward();
  const at = result.item();
  const largest = made.reduce(
    (most, { tensor }) => tensor.data.reduce((all, value) => Math.max(all, Math.abs(value)), most),
    0,
  );
  const measured = (name: string, values: ArrayLike<number>) =>
    lg.scope(() => {
      const text = Array.from(values).join(" ");
      const { shape } = readValue(name, question.values[name]!);
      const rows = shape.length === 0 ? text : inRows(values, shape[1]!);
      const changed = { ...question, values: { ...question.values, [name]: rows } };
      return lg.noGrad(() => forward(lg, changed, []).item());
    });
  return names.flatMap((name) => {
    const leaf = made.find(({ kind, text }) => kind === "value" && text === name)?.tensor;
    const gradients = leaf?.grad?.data;
    if (!leaf || !gradients) return [];
    const { data, shape } = leaf;
    return Array.from(data, (value, index): Difference => {
      const around = (width: number): Around => {
        const [low, high] = [Math.fround(value - width), Math.fround(value + width)];
        const f = (place: number) => {
          const values = data.map((each, i) => (i === index ? place : each));
          return Number.isFinite(place) ? measured(name, values) : NaN;
        };
        const [below, above] = [f(low), f(high)];
        const step = high - low;
        return {
          below,
          above,
          step,
          numeric: (above - below) / step,
          left: (at - below) / (value - low),
          right: (above - at) / (high - value),
          noise: (4 * rounding * largest) / step,
        };
      };
      const width = h * Math.max(1, powerBelow(value));
      const wide = around(width);
      const closer = around(Math.min(width / 8, value === 0 ? width : h * powerBelow(value)));
      const main = Number.isFinite(wide.numeric) ? wide : closer;
      const gradient = gradients[index]!;
      const size = Math.max(Math.abs(main.numeric), Math.abs(gradient));
      const relative = size === 0 ? 0 : Math.abs(main.numeric - gradient) / size;
      return { name, shape, index, at, largest, ...main, closer, gradient, relative };
    });
  });
}
