// Tables that are read from text files, and what becomes of one for a training.
import type { DataDescriptions } from "./data.js";

/** How far the reading of a table is. */
export interface TableProgress {
  /** The bytes that are read. */
  read: number;
  /** All bytes of the file. */
  total: number;
  /** What is being done, for people: "reading penguins.csv". */
  what: string;
}

/** What a table is called, whether it has a header, and who hears how far it is. */
export interface TableOptions {
  /** What messages call the table. Default: the name of the file, else "table". */
  name?: string | undefined;
  /** Whether the first row has the names of the columns. Default: found out. */
  header?: boolean | undefined;
  /** Ends the reading where it is aborted. */
  signal?: AbortSignal | undefined;
  /** Hears how far the reading is. */
  onProgress?: ((progress: TableProgress) => void) | undefined;
}

/**
 * What the cells of a column are: numbers, names of categories, days; or the column is ignored, as
 * row numbers are.
 */
export type ColumnKind = "number" | "category" | "date" | "ignored";

/** A column of a table. */
export interface Column {
  /** Its name, by the table's first row where that is a header: "age". */
  name: string;
  /** What its cells are, decided by all of them, or what `setKind` has said. */
  kind: ColumnKind;
  /** How many cells are missing: empty, or NA, N/A, NaN, null, None, ? or -. */
  missing: number;
  /** How many different cells there are, counted up to 1,000; 1,001 says that there are more. */
  distinct: number;
  /** The smallest number, or day since 1970-01-01. */
  min?: number;
  /** The largest number, or day since 1970-01-01. */
  max?: number;
  /** The mean of the numbers, or days. */
  mean?: number;
  /** The categories, and how many cells have each: whole numbers in their order, others by name. */
  categories?: { /** Its name. */ name: string; /** How many cells have it. */ count: number }[];
  /** Why the column is ignored, or how its cells were read: "row numbers", "percent". */
  note?: string;
}

/** What a net learns from a table, and how the rows are split. */
export interface PrepareOptions {
  /** The column to predict: its place or its name. */
  target: number | string;
  /**
   * Whether the target's values are classes or a number. Default: classes for categories and for at
   * most 10 different whole numbers, else a number.
   */
  task?: "classes" | "number" | undefined;
  /** The share of the rows that is held back for tests, below 1. Default: 0.2. */
  held?: number | undefined;
  /**
   * How the held rows are chosen: "random" by the seed, from each class its share, or "order" for
   * the last rows of the table. Default: "random".
   */
  split?: "random" | "order" | undefined;
  /** The seed of the choice. Default: 1. */
  seed?: number | undefined;
  /** The places of columns that the net shall not see. Default: none. */
  leaveOut?: readonly number[] | undefined;
  /**
   * Whether the inputs of both parts are left out: `data()` gives them as streams, which read the rows while a trainer
   * takes them, so that they are in memory once, and `inputsOf` those of a few rows. The table has to stay until then.
   * Default: false.
   */
  stream?: boolean | undefined;
  /** Ends the preparation where it is aborted. */
  signal?: AbortSignal | undefined;
}

/** Some rows of a table as numbers for a net. */
export interface TablePart {
  /** The number of rows, S. */
  count: number;
  /** The inputs of the net: [S, D]; none where they are a stream. */
  inputs: Float32Array;
  /** The classes of the rows, where these are learned: S places in `classNames`. */
  labels?: Int32Array;
  /** The numbers to predict, standardised, where these are learned: [S, 1]. */
  targets?: Float32Array;
  /** The places of the rows in the table, ascending. */
  rows: Uint32Array;
}

/** A table as numbers for a net. */
export interface PreparedTable {
  /**
   * What each input is: a number ("age"), 1 where a cell is missing ("age missing"), or 1 where a
   * cell is this category ("colour = red"); `column` is the place in the table.
   */
  readonly inputs: readonly {
    /** What it is called. */
    readonly name: string;
    /** The place of its column. */
    readonly column: number;
  }[];
  /** Whether classes or a number are learned. */
  readonly task: "classes" | "number";
  /** The names of the classes, by label. */
  readonly classNames?: readonly string[];
  /** The column to predict, and for numbers their mean and standard deviation in the rows to learn from. */
  readonly target: {
    /** Its name. */
    readonly name: string;
    /** The mean that is subtracted. */
    readonly mean?: number;
    /** The standard deviation that is divided by. */
    readonly deviation?: number;
  };
  /** The rows to learn from. */
  readonly train: TablePart;
  /** The rows that are held back; none where `held` is 0. */
  readonly held: TablePart;
  /** Sentences on what was left out. */
  readonly notes: readonly string[];
  /** What `Trainer.create` takes: the rows to learn from, and the held ones as the test. */
  data(): DataDescriptions;
  /** The inputs of some rows, which are given by their places in the table: [S, D]. */
  inputsOf(rows: ArrayLike<number>): Promise<Float32Array>;
  /**
   * The inputs of a row that is given cell by cell, by the names of the columns. Throws what is
   * missing, or is no number or category that was seen, in one sentence.
   */
  encode(row: Readonly<Record<string, string>>): Float32Array;
  /**
   * The inputs of all rows of another table, whose columns are found by name: [S, D]. Rejects where
   * a column is missing; cells that cannot be read count as missing, which sentences in `notes` say.
   */
  encodeTable(other: Table, notes?: string[]): Promise<Float32Array>;
  /** Standardised answers in the target's own units. */
  inUnits(answers: ArrayLike<number>): Float32Array;
}

/** A table that was read. */
export interface Table {
  /** The number of rows, without the header. */
  readonly rows: number;
  /** The columns, from the left. */
  readonly columns: readonly Column[];
  /** What stands between cells: ",", ";", a tab or "|". */
  readonly delimiter: string;
  /** What stands before decimals. */
  readonly decimal: "." | ",";
  /** Whether the first row has the names of the columns. */
  readonly header: boolean;
  /** Sentences on what was found and left out. */
  readonly notes: readonly string[];
  /** The cells of `count` rows, or of as many as there are, as they stand in the file. */
  texts(first: number, count: number): string[][];
  /** Says what a column's cells are. Throws where they cannot be that. */
  setKind(column: number, kind: ColumnKind): void;
  /** Makes numbers for a net of the table, in slices. */
  prepare(options: PrepareOptions): Promise<PreparedTable>;
  /** Gives the table's memory back; what was prepared stays, but can no longer encode. */
  dispose(): void;
}
