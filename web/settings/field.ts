// One setting: its name in sentences, its text, and what an address may ask for.
import { grouped } from "../ui/format";

export interface Field<T> {
  /** The setting's name within a sentence. */
  title: string;
  /** "expected a number above 0". */
  expected: string;
  /** The value that a text says. Throws the reason, without an end, where it is not of its kind. */
  read(text: string): T;
  write(value: T): string;
  /** Whether the value makes sense. */
  allows(value: T): boolean;
}

export type Fields<S> = { readonly [K in keyof S]: Field<S[K]> };

const decimal = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

/**
 * The number that a text in decimal digits says, such as 2, −0.5 or 1e-3; NaN for any other text.
 */
export function readNumber(text: string): number {
  const plain = text.trim().replaceAll("−", "-");
  return decimal.test(plain) ? Number(plain) : NaN;
}

/** The numbers that make sense; `above` and `below` are themselves left out. */
export interface Bounds {
  from?: number;
  above?: number;
  to?: number;
  below?: number;
}

// A number that a float of the engine can hold, within these bounds.
const within = (value: number, { from, above, to, below }: Bounds) =>
  Number.isFinite(Math.fround(value)) &&
  !(value < from! || value <= above! || value > to! || value >= below!);

// "a number above 0", "a whole number from 1 to 5,000".
function described(noun: string, { from, above, to, below }: Bounds): string {
  const parts = Object.entries({ from, above, to, "to below": below });
  const said = parts.filter(([, bound]) => bound !== undefined);
  return `expected ${noun}${said.map(([word, bound]) => ` ${word} ${grouped(bound!)}`).join("")}`;
}

const field = <T>(
  title: string,
  expected: string,
  read: (text: string) => T,
  allows: (value: T) => boolean = () => true,
): Field<T> => ({ title, expected, read, allows, write: String });

export const number = (title: string, bounds: Bounds = {}): Field<number> =>
  field(title, described("a number", bounds), finite, (value) => within(value, bounds));

export const whole = (title: string, bounds: Bounds): Field<number> =>
  field(
    title,
    described("a whole number", bounds),
    finite,
    (value) => Number.isSafeInteger(value) && within(value, bounds),
  );

function finite(text: string): number {
  const value = readNumber(text);
  if (!Number.isFinite(value)) throw new Error(`“${text}” is no number`);
  return value;
}

export const oneOf = <T extends string>(title: string, names: readonly T[]): Field<T> =>
  field(title, `expected ${names.slice(0, -1).join(", ")} or ${names.at(-1)}`, (text) => {
    const name = names.find((known) => known === text.trim().toLowerCase());
    if (!name) throw new Error(`“${text}” is not known`);
    return name;
  });

export function flag(title: string): Field<boolean> {
  const { expected, read } = oneOf(title, ["true", "false"]);
  return field(title, expected, (text) => read(text) === "true");
}

/** A text, which may be empty unless `needed` says otherwise. */
export const line = (title: string, expected: string, needed = false): Field<string> =>
  field(title, expected, (text) => {
    if (needed && text.trim() === "") throw new Error("nothing is there");
    return text.trim();
  });

/** The field, whose texts are refused where their values make no sense. */
export const strict = <T>(field: Field<T>): Field<T> => ({
  ...field,
  read(text) {
    const value = field.read(text);
    if (!field.allows(value)) throw new Error(`“${text}” makes no sense`);
    return value;
  },
});

/** Sets one setting from its text; throws one sentence where that cannot be. */
export function assign<S, K extends keyof S>(
  fields: Fields<S>,
  settings: S,
  key: K,
  text: string,
): void {
  const { title, expected, read } = fields[key];
  try {
    settings[key] = read(text);
  } catch (error) {
    throw new Error(`${title}: ${(error as Error).message}, ${expected}.`);
  }
}

/** The text of one setting. */
export const textOf = <S, K extends keyof S>(fields: Fields<S>, settings: S, key: K): string =>
  fields[key].write(settings[key]);
