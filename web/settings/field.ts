// One setting: its name in sentences, its text, and what it may be. The form, the address and files
// read it here, so that what one of them takes, the others take too.
import { grouped } from "../ui/format";
import { known, similar } from "./names";

export interface Field<T> {
  /** The setting's name within a sentence. */
  title: string;
  /** What it must be: "a number above 0". */
  expected: string;
  /** The value that a text says; undefined where the setting cannot be that. */
  read(text: string): T | undefined;
  write(value: T): string;
  /** The texts that there are, where they are few. */
  names?: readonly string[];
}

export type Fields<S> = { readonly [K in keyof S]: Field<S[K]> };

const decimal = /^[-+]?(\d+[.,]?\d*|[.,]\d+)(e[-+]?\d+)?$/i;

/**
 * The number that a text in decimal digits says, such as 2, −0.5, 0,5 or 1e-3; NaN for any other
 * text. Many keypads have a decimal comma and no point.
 */
export function readNumber(text: string): number {
  const plain = text.trim().replaceAll("−", "-");
  return decimal.test(plain) ? Number(plain.replace(",", ".")) : NaN;
}

/** The whole number that a text says, also in groups as the page writes it: 60,000 or 60 000. */
function readWhole(text: string): number {
  const plain = text.trim();
  return readNumber(/^\d{1,3}([,\s]\d{3})+$/.test(plain) ? plain.replace(/[,\s]/g, "") : plain);
}

/** The numbers that a setting may be; `above` and `below` are themselves left out. */
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

// "a number above 0", "a whole number of at least 1", "a whole number from 1 to 5,000".
function described(noun: string, { from, above, to, below }: Bounds): string {
  const least = to === undefined && below === undefined ? "of at least" : "from";
  const parts = Object.entries({ [least]: from, above, to, "to below": below });
  const said = parts.filter(([, bound]) => bound !== undefined);
  return `${noun}${said.map(([word, bound]) => ` ${word} ${grouped(bound!)}`).join("")}`;
}

const field = <T>(
  title: string,
  expected: string,
  read: (text: string) => T | undefined,
): Field<T> => ({ title, expected, read, write: String });

export const number = (title: string, bounds: Bounds = {}): Field<number> =>
  field(title, described("a number", bounds), (text) => {
    const value = readNumber(text);
    return within(value, bounds) ? value : undefined;
  });

export const whole = (title: string, bounds: Bounds): Field<number> =>
  field(title, described("a whole number", bounds), (text) => {
    const value = readWhole(text);
    return Number.isSafeInteger(value) && within(value, bounds) ? value : undefined;
  });

/** One of these names, as this page, PyTorch or Keras spells it. */
export const oneOf = <T extends string>(title: string, names: readonly T[]): Field<T> => ({
  ...field(title, `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`, (text) =>
    known(text, names),
  ),
  names,
});

export function flag(title: string): Field<boolean> {
  const { read, ...rest } = oneOf(title, ["true", "false"]);
  const values = { true: true, false: false };
  return { ...rest, write: String, read: (text) => values[read(text) as "true"] };
}

/** A text, which may be empty unless `needed` says otherwise. */
export const line = (title: string, expected: string, needed = false): Field<string> =>
  field(title, expected, (text) => (needed && text.trim() === "" ? undefined : text.trim()));

/** The sentence's part on a text that a setting cannot be: "a number above 0, not “0”". */
export function refusal({ expected, names = [] }: Field<unknown>, text: string): string {
  const near = similar(text, names);
  return `${expected}, not “${text}”${near ? ` (did you mean ${near}?)` : ""}`;
}

const capital = (text: string) => text[0]!.toUpperCase() + text.slice(1);

/** Sets one setting from its text; throws one sentence where that cannot be. */
export function assign<S, K extends keyof S>(
  fields: Fields<S>,
  settings: S,
  key: K,
  text: string,
): void {
  const field = fields[key];
  const value = field.read(text);
  if (value === undefined)
    throw new Error(`${capital(field.title)} must be ${refusal(field as Field<unknown>, text)}.`);
  settings[key] = value;
}

/** The text of one setting. */
export const textOf = <S, K extends keyof S>(fields: Fields<S>, settings: S, key: K): string =>
  fields[key].write(settings[key]);
