// Reads plain data that anybody may have written: each reader returns the value as its type, or
// throws a sentence that says which part is something else.

// A reader; sentences call the value `called`.
export type Read<T> = (value: unknown, called: string) => T;

const kind =
  <T>(expected: string, is: (value: unknown) => boolean): Read<T> =>
  (value, called) => {
    if (!is(value)) throw new Error(`${called} is no ${expected}`);
    return value as T;
  };

export const text = kind<string>("text", (value) => typeof value === "string");
// A number, which may be NaN.
export const number = kind<number>("number", (value) => typeof value === "number");
export const flag = kind<boolean>("true or false", (value) => typeof value === "boolean");
export const bytes = kind<Uint8Array>("bytes", (value) => value instanceof Uint8Array);

export const optional =
  <T>(read: Read<T>): Read<T | undefined> =>
  (value, called) =>
    value === undefined ? undefined : read(value, called);

export const list =
  <T>(read: Read<T>, length?: number): Read<T[]> =>
  (value, called) => {
    if (!Array.isArray(value)) throw new Error(`${called} is no list`);
    if (length !== undefined && value.length !== length)
      throw new Error(`${called} has ${value.length} parts, expected ${length}`);
    return value.map((part, i) => read(part, `${called}[${i}]`));
  };

// A reader of objects. A key that is missing takes its default; an unknown key is refused by name.
export const record =
  <T extends object>(parts: { [K in keyof T]-?: Read<T[K]> }, defaults: Partial<T> = {}): Read<T> =>
  (value, called) => {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw new Error(`${called} is no record`);
    const unknown = Object.keys(value).find((key) => !Object.hasOwn(parts, key));
    if (unknown !== undefined) throw new Error(`${called} has “${unknown}”, which is not known`);
    const given: Partial<T> = { ...defaults, ...value };
    const keys = Object.keys(parts) as (keyof T & string)[];
    return Object.fromEntries(
      keys.map((key) => [key, parts[key](given[key], `${called}.${key}`)]),
    ) as T;
  };
