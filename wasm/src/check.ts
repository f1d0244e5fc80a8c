// Checks of arguments that types of JavaScript cannot express. Each returns its value or throws
// InvalidArgument with one sentence "operation: what value, expected …". The engine checks ranges.
import { LanegradError } from "./errors.js";
import { meant } from "./names.js";

/** A readable text of a value for an error message. */
export const show = (value: unknown): string => attempt(() => shown(value)) ?? "an object";

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return `'${value.length > 40 ? `${value.slice(0, 40)}…` : value}'`;
  if (value === null || typeof value === "number" || typeof value === "boolean") {
    return String(value);
  }
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object") return article(typeof value);
  if (isArray(value)) return value.length === 0 ? "an empty array" : "an array";
  const name = (value.constructor as { name?: unknown } | undefined)?.name;
  if (typeof name !== "string" || name === "" || name === "Object") return "an object";
  const detached = ArrayBuffer.isView(value) && name !== "DataView" && !isAlive(value);
  return detached ? `a detached ${name}` : article(name);
}

/** The name with its article: "an ArrayBuffer", "a Uint8Array", "an MSE". */
function article(name: string): string {
  const vowel = /^([AEFHILMNORSX](?![a-z])|[AEIOaeio]|[Uu]n(?!i))/.test(name);
  return `${vowel ? "an" : "a"} ${name}`;
}

/** The result of `read`; undefined where it throws, as a getter or a proxy may. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

const isArray = (value: unknown): value is unknown[] =>
  attempt(() => Array.isArray(value)) === true;

export function fail(what: string, value: unknown, expected: string): never {
  const join = what.includes(":") ? " " : ": ";
  throw new LanegradError("InvalidArgument", `${what}${join}${show(value)}, expected ${expected}`);
}

// ---- Single values ----------------------------------------------------------

/** A number that is not NaN. */
export function number(what: string, value: unknown): number {
  if (typeof value !== "number" || Number.isNaN(value)) fail(what, value, "a number");
  return value;
}

/** A number that may be NaN: one of many, or one whose range the engine checks. */
export function element(what: string, value: unknown): number {
  if (typeof value !== "number") fail(what, value, "a number");
  return value;
}

/** A whole number that a double holds exactly. */
export function whole(what: string, value: unknown): number {
  if (!Number.isSafeInteger(value)) fail(what, value, "a whole number");
  return value as number;
}

/** A whole number of at least 0. */
export function natural(what: string, value: unknown): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) {
    fail(what, value, "a whole number of at least 0");
  }
  return value as number;
}

export function boolean(what: string, value: unknown): boolean {
  if (typeof value !== "boolean") fail(what, value, "true or false");
  return value;
}

export function text(what: string, value: unknown): string {
  if (typeof value !== "string") fail(what, value, "a name");
  return value;
}

export function callable<T>(what: string, value: T): T {
  if (typeof value !== "function") fail(what, value, "a function");
  return value;
}

/** Refuses arguments of a function that takes none here. */
export function nothing(what: string, given: readonly unknown[]): void {
  const surplus = given.find((value) => value !== undefined);
  if (surplus !== undefined) fail(what, surplus, "no such argument");
}

// ---- Many values ------------------------------------------------------------

/** Whole numbers of at least 0, as extents are. */
export function extents(what: string, value: unknown): number[] {
  if (!isNumbers(value)) fail(what, value, "an array of whole numbers");
  return copy(what, value, (extent) => natural(what, extent));
}

/** Whether this is an array, plain or typed, that numbers can be read from. */
export const isNumbers = (value: unknown): value is ArrayLike<number> =>
  isArray(value) || isAlive(value);

/**
 * Whether this is a typed array whose buffer has neither been handed over nor become too short for
 * it.
 */
function isAlive(value: unknown): boolean {
  // Every method of typed arrays throws for one that is dead, and `buffer.detached` is not
  // everywhere yet.
  return attempt(() => Uint8Array.prototype.keys.call(value as Uint8Array)) !== undefined;
}

/**
 * The class of a view of a buffer, "Float32Array", even if it comes from another window or context;
 * undefined for other values.
 */
export const kindOf = (value: unknown): string | undefined =>
  ArrayBuffer.isView(value) ? (value as Uint8Array)[Symbol.toStringTag] : undefined;

/** Numbers as a Float32Array; one that is a Float32Array already is not copied. */
export function floats(what: string, value: unknown): Float32Array {
  if (!isNumbers(value)) fail(what, value, "an array of numbers");
  const kind = kindOf(value);
  if (kind === "Float32Array") return value as Float32Array;
  if (kind === undefined)
    return Float32Array.from(copy(what, value, (item) => element(what, item)));
  if (kind.startsWith("Big")) fail(what, value, "an array of numbers");
  return new Float32Array(value);
}

/**
 * Refuses inputs of a net that are not finite, naming their place: the net might answer them as if
 * nothing were wrong.
 */
export function finite(what: string, inputs: Float32Array, perSample: number): void {
  const wrong = inputs.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return;
  throw new LanegradError(
    "InvalidArgument",
    `${what}: input ${wrong % perSample} of sample ${Math.floor(wrong / perSample)} is ${word(inputs[wrong]!)}, expected finite numbers`,
  );
}

/** A number as the engine writes it: "nan", "-infinity". */
export const word = (value: number): string => String(value).toLowerCase();

/** Class labels as an Int32Array. They may be bigint, as the labels of numpy's int64 are. */
export function labels(what: string, value: unknown): Int32Array {
  if (!isNumbers(value)) fail(what, value, "an array of whole numbers");
  if (kindOf(value) === "Int32Array") return value as Int32Array;
  return Int32Array.from(
    copy(what, value, (item: unknown) => {
      const label = typeof item === "bigint" ? Number(item) : item;
      if (!Number.isInteger(label) || Math.abs(label as number) > 0x7fffffff) {
        fail(what, item, "a whole number");
      }
      return label as number;
    }),
  );
}

/** The items of a list, each as `item` returns it. */
function copy<T>(what: string, list: ArrayLike<unknown>, item: (value: unknown) => T): T[] {
  return reading(what, () => Array.from(list)).map(item);
}

export function bytes(what: string, value: unknown): Uint8Array {
  if (!isNumbers(value) || kindOf(value) !== "Uint8Array") fail(what, value, "a Uint8Array");
  return value as unknown as Uint8Array;
}

/**
 * The result of `read`, which looks into a value of the caller. Getters and proxies may throw
 * anything; that becomes an InvalidArgument.
 */
export function reading<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof LanegradError) throw thrown;
    const why = attempt(() => String(thrown)) ?? show(thrown);
    throw new LanegradError("InvalidArgument", `${what}: it cannot be read (${why})`, {
      cause: thrown,
    });
  }
}

/**
 * The values of an object or an array whose names are the caller's; `expected` says what they
 * should be.
 */
export function values(what: string, given: unknown, expected: string): Record<string, unknown> {
  if (typeof given !== "object" || given === null) fail(what, given, expected);
  return reading(what, () => ({ ...given }));
}

/** The values of an object whose names are the caller's; `expected` says what they should be. */
export function record(what: string, given: unknown, expected: string): Record<string, unknown> {
  return isArray(given) ? fail(what, given, expected) : values(what, given, expected);
}

export function texts(what: string, value: unknown): string[] {
  if (!isArray(value)) fail(what, value, "an array of names");
  return copy(what, value, (item) => text(what, item));
}

// ---- Options ----------------------------------------------------------------

/** A check of one option, which returns the value, perhaps converted, or throws. */
export type Check = (what: string, value: unknown, beside: Place) => unknown;

/**
 * What more there may be to say of an option than its check: that it is an object with `known` options of its own, which
 * `what` names in messages, or that it must not be left out. Plain data, which bundlers can leave out where it is unused.
 */
export type Rule =
  | { readonly what: string; readonly known: object; readonly required?: true }
  | { readonly check: Check; readonly required: true };

/** A check for each of the options of T, and for no others. */
export type Options<T> = { readonly [K in keyof T]-?: Check | Rule };

/** A check or a rule, of which everything can be asked. */
type AnyRule = Check & { what: string; known?: object; check?: Check; required?: true };

/** The names in any of the objects of a union type. */
export type NamesOf<T> = T extends unknown ? keyof T : never;

/** Where an object with options stands: in which option, and beside which others. */
export interface Place {
  name: string;
  known: object;
}

/** The check of an option that is checked elsewhere. */
export const any: Check = (_, value) => value;

/**
 * The options in `given`, checked and copied; undefined counts as no options. Throws `NotFound` for
 * an unknown name, saying which name was meant.
 */
export function options<T extends object>(
  what: string,
  given: unknown,
  known: Options<T>,
  beside?: Place,
): Partial<T> {
  return reading(what, () => {
    const from: object = given === undefined ? {} : (given as object);
    const tag = Object.prototype.toString.call(from);
    // An AbortSignal or a Map has no names that could be known or unknown.
    if (tag !== "[object Object]" && tag !== "[object Module]") {
      fail(what, given, "an object with options");
    }
    for (const name of Object.keys(from)) {
      if (!Object.hasOwn(known, name)) unknown(what, name, known, beside);
    }
    const checked: Record<string, unknown> = {};
    for (const [name, rule] of Object.entries(known) as [string, AnyRule][]) {
      const value = (from as Record<string, unknown>)[name];
      const place = { name, known };
      if (value !== undefined || rule.required) {
        checked[name] = rule.known
          ? options(rule.what, value, rule.known, place)
          : (rule.check ?? rule)(`${what}: ${words(name)}`, value, place);
      } else if (Object.hasOwn(from, name)) {
        checked[name] = value;
      }
    }
    return checked as Partial<T>;
  });
}

/** The name in words: "learningRate" → "learning rate". */
function words(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function unknown(what: string, name: string, known: object, beside?: Place): never {
  const places: [known: object, where: string][] = [[known, ""]];
  for (const [outer, rule] of Object.entries(known) as [string, AnyRule][]) {
    if (rule.known) places.push([rule.known, ` in '${outer}'`]);
  }
  if (beside) places.push([beside.known, ` beside '${beside.name}'`]);
  let expected = Object.keys(known).join(", ");
  for (const [names, where] of places.reverse()) {
    const found = meant(name, Object.keys(names));
    if (found) expected = found + where;
  }
  throw new LanegradError(
    "NotFound",
    `${what}: unknown option ${show(name)}, expected ${expected}`,
  );
}
