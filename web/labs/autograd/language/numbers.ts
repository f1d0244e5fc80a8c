// Numbers, matrices and names as this lab writes them.
import { powerOfTen } from "../../../ui/format";
import type { GraphNode } from "../engine/graph";

/** A number with at most four significant digits and a real minus sign. */
export function short(value: number, digits = 4): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  return powerOfTen(
    size !== 0 && (size >= 1e6 || size < 1e-4)
      ? value.toExponential(digits - 2).replace(/\.?0+e/, "e")
      : String(Number(value.toPrecision(digits))),
  );
}

/** A number with all digits that a float32 has. */
export const long = (value: number) => short(value, 9);

/** A shape as text: "[1, 2]" becomes "1 × 2"; a shape without axes is "one number". */
export const size = (shape: readonly number[]) =>
  shape.length === 0 ? "one number" : shape.join(" × ");

/**
 * Values in one line, as they are typed in the fields: 2, or [1, 2; 3, 4]; for large ones the size.
 */
export function inline(values: ArrayLike<number>, shape: readonly number[]): string {
  if (values.length === 1) return short(values[0]!);
  const columns = shape.at(-1) ?? 1;
  if (values.length > 6) return `a matrix of ${size(shape)}`;
  return `[${inRows(values, columns, (value) => short(value))}]`;
}

/** Values as the rows of a matrix, as they are typed: "1, 2; 3, 4". */
export function inRows(
  values: ArrayLike<number>,
  columns: number,
  write: (value: number) => string = String,
): string {
  const rows: string[][] = [];
  Array.from(values, write).forEach((value, i) =>
    (rows[Math.floor(i / columns)] ??= []).push(value),
  );
  return rows.map((row) => row.join(", ")).join("; ");
}

/**
 * The name of each node: its own, or its operation's, with a number where there are several of that
 * operation.
 */
export function labels(nodes: readonly GraphNode[]): string[] {
  const seen = new Map<string, number>();
  return nodes.map(({ op, name }) => {
    if (op === "") return name;
    const alike = nodes.filter((other) => other.op === op).length;
    const number = (seen.get(op) ?? 0) + 1;
    seen.set(op, number);
    return alike > 1 ? `${op} ${number}` : op;
  });
}
