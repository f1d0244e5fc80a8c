// Numbers, matrices and names as this lab writes them.
import { powerOfTen } from "../../format";
import type { GraphNode } from "./graph";

/** Four significant digits, and a real minus. */
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

/** All digits that a float32 has. */
export const long = (value: number) => short(value, 9);

/** "[1, 2]" → "1 × 2", and "one number" where there is no axis. */
export const size = (shape: readonly number[]) =>
  shape.length === 0 ? "one number" : shape.join(" × ");

/** In one line, as the fields are typed: 2, or [1, 2; 3, 4]; of large ones the size. */
export function inline(values: ArrayLike<number>, shape: readonly number[]): string {
  if (values.length === 1) return short(values[0]!);
  const columns = shape.at(-1) ?? 1;
  if (values.length > 6) return `a matrix of ${size(shape)}`;
  const rows: string[][] = [];
  Array.from(values).forEach((value, i) =>
    (rows[Math.floor(i / columns)] ??= []).push(short(value)),
  );
  return `[${rows.map((row) => row.join(", ")).join("; ")}]`;
}

/** What each node is called: its own name, or its op's, numbered where there are several of it. */
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
