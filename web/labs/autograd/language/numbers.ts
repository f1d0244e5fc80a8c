// Numbers, matrices and names as this lab writes them.
import { powerOfTen } from "../../../ui/format";
import type { GraphNode } from "../engine/graph";

/** A number with four significant digits, but with all of its whole part, and with a real minus sign. */
export function short(value: number, digits = 4): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  return powerOfTen(rounded(value, digits));
}

// The digits that are shown, as JavaScript writes them.
function rounded(value: number, digits: number): string {
  const size = Math.abs(value);
  const power = value.toExponential(digits - 2).replace(/\.?0+e/, "e");
  // Some millions are shorter as a power of ten; the others keep their digits.
  const isMillions = size >= 1e6 && Number(power) === value;
  if (size !== 0 && (size >= 1e7 || size < 1e-4 || isMillions)) return power;
  const whole = size < 1 ? 0 : Math.floor(Math.log10(size)) + 1;
  return String(Number(value.toPrecision(Math.max(digits, whole))));
}

/** The sign between what is computed from these values and what comes out: "≈" where one of them is shown rounded. */
export function equals(...shown: ArrayLike<number>[]): "=" | "≈" {
  const isExact = (value: number) =>
    !Number.isFinite(value) || Math.fround(Number(rounded(value, 4))) === value;
  const written = shown.filter(({ length }) => length <= mostWritten);
  return written.every((values) => Array.from(values).every(isExact)) ? "=" : "≈";
}

/** A number with all digits that a float32 has. */
export const long = (value: number) => short(value, 9);

/** A shape as text: "[1, 2]" becomes "1 × 2"; a shape without axes is "one number". */
export const size = (shape: readonly number[]) =>
  shape.length === 0 ? "one number" : shape.join(" × ");

/** The most values that are written out in a line; more stand there as a name or a size. */
export const mostWritten = 6;

/**
 * Values in one line, as they are typed in the fields: 2, or [1, 2; 3, 4]; for large ones the size.
 */
export function inline(values: ArrayLike<number>, shape: readonly number[]): string {
  if (values.length === 1) return short(values[0]!);
  const columns = shape.at(-1) ?? 1;
  if (values.length > mostWritten) return `a matrix of ${size(shape)}`;
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
