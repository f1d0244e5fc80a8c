// Numbers nested in arrays, as people write a tensor, to and from flat numbers and a shape.
import * as check from "../check.js";
import { LanegradError } from "../errors.js";
import { numel } from "../values.js";

/** Numbers nested in arrays, all of one length per level; a level may be a typed array. */
export type NestedNumbers = number | ArrayLike<number> | readonly NestedNumbers[];

/** The numbers nested as the shape says; a number where there is no axis. */
export function nest(values: Float32Array, shape: readonly number[]): NestedNumbers {
  let position = 0;
  const level = (depth: number): NestedNumbers =>
    depth === shape.length
      ? values[position++]!
      : Array.from({ length: shape[depth]! }, () => level(depth + 1));
  return level(0);
}

/** The numbers that are nested in `value`, the last axis running fastest, and their shape. */
export function flatten(what: string, value: unknown): { values: Float32Array; shape: number[] } {
  if (typeof value === "number") return { values: Float32Array.of(value), shape: [] };
  if (!check.isNumbers(value)) check.fail(what, value, "a tensor, a number or nested arrays");
  const shape: number[] = [];
  for (let level: unknown = value; check.isNumbers(level); level = level[0]) {
    shape.push(level.length);
    if (level.length === 0) break;
  }
  const values = new Float32Array(numel(shape));
  let position = 0;
  const fill = (part: unknown, depth: number): void => {
    if (depth === shape.length) {
      values[position++] = check.element(what, part);
      return;
    }
    const expected = shape[depth]!;
    if (!check.isNumbers(part) || part.length !== expected) {
      const found = check.isNumbers(part) ? `an array of ${part.length}` : check.show(part);
      throw new LanegradError(
        "InvalidArgument",
        `${what}: ${found} beside arrays of ${expected}, expected all of one length`,
      );
    }
    if (check.kindOf(part) === "Float32Array" && depth === shape.length - 1) {
      values.set(part, position);
      position += expected;
      return;
    }
    for (let i = 0; i < expected; i++) fill(part[i], depth + 1);
  };
  fill(value, 0);
  return { values, shape };
}
