// Checks of arguments that JavaScript cannot express as types: each returns its value or throws
// InvalidArgument with one sentence "operation: what value, expected …". Ranges are the engine's to check.
import { LanegradError } from "./errors.js";

/** A readable piece of a value for an error message. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return `'${value.length > 40 ? `${value.slice(0, 40)}…` : value}'`;
  if (value === null || typeof value === "number" || typeof value === "boolean") {
    return String(value);
  }
  if (Array.isArray(value)) return value.length === 0 ? "an empty array" : "an array";
  if (typeof value === "object") {
    const name = (value.constructor as { name?: string } | undefined)?.name;
    return !name || name === "Object" ? "an object" : `a ${name}`;
  }
  return `a ${typeof value}`;
}

export function fail(what: string, value: unknown, expected: string): never {
  const join = what.includes(":") ? " " : ": ";
  throw new LanegradError("InvalidArgument", `${what}${join}${show(value)}, expected ${expected}`);
}

/** A number that is not NaN. */
export function number(what: string, value: unknown): number {
  if (typeof value !== "number" || Number.isNaN(value)) fail(what, value, "a number");
  return value;
}

/** One number of many: it may be NaN. */
export function element(what: string, value: unknown): number {
  if (typeof value !== "number") fail(what, value, "a number");
  return value;
}

/** A number, or undefined where it is left out. */
export function optionalNumber(what: string, value: unknown): number | undefined {
  return value === undefined ? undefined : number(what, value);
}

/** A whole number that survives the way into the engine. */
export function whole(what: string, value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value))
    fail(what, value, "a whole number");
  return value;
}

/** A whole number of at least 0. */
export function natural(what: string, value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    fail(what, value, "a whole number of at least 0");
  }
  return value;
}

export function boolean(what: string, value: unknown): boolean {
  if (typeof value !== "boolean") fail(what, value, "true or false");
  return value;
}

export function text(what: string, value: unknown): string {
  if (typeof value !== "string") fail(what, value, "a name");
  return value;
}

/** Whole numbers of at least 0, as extents are. */
export function extents(what: string, value: unknown): number[] {
  if (!isNumbers(value)) fail(what, value, "an array of whole numbers");
  return Array.from(value, (extent) => natural(what, extent));
}

/** Whether this is an array, plain or typed, that numbers can be read from. */
export function isNumbers(value: unknown): value is ArrayLike<number> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/** Any numbers as a Float32Array; one that is a Float32Array already is not copied. */
export function floats(what: string, value: unknown): Float32Array {
  if (value instanceof Float32Array) return value;
  if (!isNumbers(value)) fail(what, value, "an array of numbers");
  return Float32Array.from(value, (item) => element(what, item));
}

/** Class labels as an Int32Array. */
export function labels(what: string, value: unknown): Int32Array {
  if (value instanceof Int32Array) return value;
  if (!isNumbers(value)) fail(what, value, "an array of whole numbers");
  return Int32Array.from(value, (item) => {
    if (!Number.isInteger(item) || Math.abs(item) > 0x7fffffff) fail(what, item, "a whole number");
    return item;
  });
}

export function bytes(what: string, value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) fail(what, value, "a Uint8Array");
  return value;
}

export function callable(what: string, value: unknown): void {
  if (typeof value !== "function") fail(what, value, "a function");
}

/** An object with options; nothing counts as none. */
export function options<T extends object>(what: string, value: T | undefined): Partial<T> {
  if (value === undefined) return {};
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    fail(what, value, "an object with options");
  }
  return value;
}
