// The settings of a run, and how they stand in the page's address and in its form.

export interface Settings {
  net: string;
  hidden: number[];
  optimizer: "adam" | "sgd";
  lr: number;
  batch: number;
  epochs: number;
  seed: number;
}

export type Key = keyof Settings;

export const defaults: Settings = {
  net: "mlp",
  hidden: [128],
  optimizer: "adam",
  lr: 0.001,
  batch: 64,
  epochs: 5,
  seed: 1,
};

// One setting: its name in sentences, its text, and what an address may ask for. `read` throws a
// sentence where the text is none of its kind; whether a number makes sense is the engine's to say,
// so `allows` is asked for addresses only.
interface Field<T> {
  title: string;
  expected: string;
  read(text: string): T;
  write(value: T): string;
  allows(value: T): boolean;
}

const number = (title: string, expected: string, allows: (value: number) => boolean) => ({
  title,
  expected,
  allows,
  read(text: string): number {
    const value = Number(text);
    if (text.trim() === "" || !Number.isFinite(value)) throw new Error(`"${text}" is no number`);
    return value;
  },
  write: String,
});

const strict = (field: Field<number>): Field<number> => ({
  ...field,
  read(text) {
    const value = field.read(text);
    if (!field.allows(value)) throw new Error(`"${text}" makes no sense`);
    return value;
  },
});

const oneOf = <T extends string>(title: string, names: readonly T[]): Field<T> => ({
  title,
  expected: `expected ${names.join(" or ")}`,
  allows: () => true,
  read(text) {
    const name = names.find((known) => known === text.trim().toLowerCase());
    if (!name) throw new Error(`"${text}" is not known`);
    return name;
  },
  write: (value) => value,
});

const whole = (least: number) => (value: number) => Number.isSafeInteger(value) && value >= least;

export const fields: { [K in Key]: Field<Settings[K]> } = {
  net: oneOf("net", ["mlp"]),
  hidden: {
    title: "hidden layers",
    expected: "expected widths such as 128 or 512, 512",
    allows: (widths) => widths.every(whole(1)),
    read(text) {
      const parts = text.split(/[\s,;]+/).filter((part) => part !== "");
      const widths = parts.map(Number);
      if (!widths.every(Number.isFinite)) throw new Error(`"${text}" is no list of numbers`);
      return widths;
    },
    write: (widths) => widths.join(", "),
  },
  optimizer: oneOf("optimizer", ["adam", "sgd"]),
  lr: number("learning rate", "expected a number above 0", (value) => value > 0),
  batch: number("batch size", "expected a whole number from 1", whole(1)),
  // The page's own matter: to the engine, no epochs at all are no mistake.
  epochs: strict(number("epochs", "expected a whole number from 1", whole(1))),
  seed: number("seed", "expected a whole number from 0", whole(0)),
};

export const keys = Object.keys(fields) as Key[];

// Copies one setting's text into `settings`; throws one sentence where it cannot be read.
export function assign<K extends Key>(settings: Settings, key: K, text: string): void {
  try {
    settings[key] = fields[key].read(text);
  } catch (error) {
    const { title, expected } = fields[key];
    throw new Error(`${title}: ${(error as Error).message}, ${expected}.`);
  }
}

// The settings an address asks for; the default, and one sentence, for each that makes no sense.
export function fromAddress(search: string): { settings: Settings; complaints: string[] } {
  const settings = structuredClone(defaults);
  const complaints: string[] = [];
  const query = new URLSearchParams(search);
  for (const key of keys) {
    const text = query.get(key);
    if (text !== null) adopt(settings, key, text, complaints);
  }
  return { settings, complaints };
}

function adopt<K extends Key>(settings: Settings, key: K, text: string, complaints: string[]) {
  const field = fields[key];
  const standard = field.write(defaults[key]);
  let reason: string;
  try {
    const value = field.read(text);
    if (field.allows(value)) {
      settings[key] = value;
      return;
    }
    reason = `"${text}" makes no sense`;
  } catch (error) {
    reason = (error as Error).message;
  }
  complaints.push(
    `${field.title}: ${reason} in this page’s address, ${field.expected}; ${standard} is used instead.`,
  );
}

// The query that repeats these settings; what else the address says (autostart) is kept.
export function toAddress(settings: Settings, search: string): string {
  const query = new URLSearchParams(search);
  for (const key of keys) query.delete(key);
  const own = keys.map((key) => [key, text(settings, key).replaceAll(" ", "")] as const);
  const others = [...query];
  // Commas are legal in a query, and a list reads better with them.
  return `?${new URLSearchParams([...own, ...others].map((pair) => [...pair]))}`.replaceAll(
    "%2C",
    ",",
  );
}

export function text<K extends Key>(settings: Settings, key: K): string {
  return fields[key].write(settings[key]);
}

export function wantsAutostart(search: string): boolean {
  const value = new URLSearchParams(search).get("autostart");
  return value !== null && value !== "0" && value !== "false";
}
