// All settings of a run on a table, as texts in the page's address and in the form, and back.
import { readAddress, writeAddress } from "../../../settings/address";
import { sentence } from "../../../settings/complaints";
import {
  line,
  number,
  oneOf,
  readNumber,
  textOf,
  whole,
  type Field,
  type Fields,
} from "../../../settings/field";
import { optimizers, type Optimizer } from "../../../settings/optimizers";
import { changesField, type Changes } from "../../../settings/rates";
import { own, shipped } from "./shipped";

export const columnKinds = ["number", "category", "date", "ignored"] as const;
export type ColumnKind = (typeof columnKinds)[number];

/** What was changed of the columns: the number of each, from 1, and what it is taken for. */
export type Kinds = readonly (readonly [column: number, kind: ColumnKind])[];

export const tasks = ["auto", "classes", "number"] as const;

export const headers = ["auto", "yes", "no"] as const;

export interface Settings {
  /** The name of a table that comes with the page, or "own". */
  table: string;
  /** The name of the column to predict; empty for the usual one. */
  target: string;
  task: (typeof tasks)[number];
  /** Whether the first row has the names of the columns. */
  header: (typeof headers)[number];
  kinds: Kinds;
  /** The percentage of the rows that is held out. */
  held: number;
  split: "random" | "order";
  seed: number;
  /** The hidden layers. */
  net: string;
  optimizer: Optimizer;
  lr: number;
  /** The changes of the learning rate on the way. */
  rates: Changes;
  batch: number;
  epochs: number;
}
export type Key = keyof Settings;

const base: Settings = {
  table: shipped[0]!.name,
  target: "",
  task: "auto",
  header: "auto",
  kinds: [],
  held: 20,
  split: "random",
  seed: 1,
  net: "dense 16, relu",
  optimizer: "adam",
  lr: 0.005,
  rates: [],
  batch: 16,
  epochs: 60,
};

/** What a table begins with. */
export const defaultsOf = (table: string): Settings => ({
  ...base,
  ...shipped.find(({ name }) => name === table)?.settings,
  table,
});

const kindsField: Field<Kinds> = {
  title: "kinds of columns",
  expected: "columns and kinds like 2:category, 5:ignored",
  read(text) {
    if (text.trim() === "") return [];
    const kinds = text.split(",").map((pair) => {
      const [column = "", kind = "", ...more] = pair.split(":").map((each) => each.trim());
      const known = columnKinds.find((each) => each === kind);
      const at = readNumber(column);
      return more.length === 0 && known && Number.isSafeInteger(at) && at > 0
        ? ([at, known] as const)
        : undefined;
    });
    return kinds.every((each) => each !== undefined) ? kinds : undefined;
  },
  write: (kinds) => kinds.map((pair) => pair.join(":")).join(),
};

export const fields: Fields<Settings> = {
  table: oneOf("table", [...shipped.map(({ name }) => name), own]),
  target: line("column to predict", "the name of a column"),
  task: oneOf("task", tasks),
  header: oneOf("header", headers),
  kinds: kindsField,
  held: number("held-out rows", { from: 1, to: 90 }),
  split: oneOf("split", ["random", "order"]),
  seed: whole("seed", { from: 0, to: 1e9 }),
  net: line("net", "layers"),
  optimizer: oneOf("optimizer", optimizers),
  lr: number("learning rate", { above: 0 }),
  rates: changesField,
  batch: whole("batch size", { from: 1, to: 100_000 }),
  epochs: whole("epochs", { from: 1, to: 100_000 }),
};
const keys = Object.keys(fields) as Key[];

/** What the address says of the run; a sentence for each part that makes no sense. */
export function fromAddress(search: string): { settings: Settings; complaints: string[] } {
  const asked = new URLSearchParams(search).get("table") ?? "";
  const settings = defaultsOf(fields.table.read(asked) ?? base.table);
  const { complaints } = readAddress<Settings, Key>(fields, settings, search);
  return { settings, complaints: complaints.map((each) => sentence(fields, each, settings)) };
}

export function toAddress(settings: Settings): string {
  const usual: Settings = { ...defaultsOf(settings.table), table: base.table };
  const texts = keys.map((key) => [key, textOf(fields, settings, key)] as const);
  return writeAddress(texts.filter(([key, text]) => text !== textOf(fields, usual, key)));
}

/** The whole net, made from the hidden layers. */
export function netOf({ net }: Pick<Settings, "net">): string {
  const hidden = net.replace(/,?\s*(dense|linear) classes\s*$/i, "").trim();
  return hidden === "" ? "dense classes" : `${hidden}, dense classes`;
}
