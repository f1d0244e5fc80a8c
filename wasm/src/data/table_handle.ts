// A table in the memory of its module.
import * as check from "../check.js";
import { LanegradError } from "../errors.js";
import type { Column, ColumnKind } from "../protocol/table.js";
import type { TableModule } from "./table_module.js";

const kinds: readonly ColumnKind[] = ["number", "category", "date", "ignored"];

/** What the module says of a table. */
interface Description {
  rows: number;
  columns: Column[];
  delimiter: string;
  decimal: "." | ",";
  header: boolean;
  notes: string[];
}

/** What is known of a table, and its cells. */
export class TableHandle {
  readonly #module: TableModule;
  #table: number;
  #about: Description;

  /** @internal */
  constructor(module: TableModule, table: number) {
    this.#module = module;
    this.#table = table;
    this.#about = this.#describe();
  }

  get rows(): number {
    return this.#about.rows;
  }
  get columns(): readonly Column[] {
    return this.#about.columns;
  }
  get delimiter(): string {
    return this.#about.delimiter;
  }
  get decimal(): "." | "," {
    return this.#about.decimal;
  }
  get header(): boolean {
    return this.#about.header;
  }
  get notes(): readonly string[] {
    return this.#about.notes;
  }

  /** @internal The module and the table's address there. Throws `InvalidState` once it is disposed. */
  opened(): { module: TableModule; table: number } {
    if (this.#table === 0)
      throw new LanegradError("InvalidState", "table: it is disposed, expected one that is open");
    return { module: this.#module, table: this.#table };
  }

  texts(first: number, count: number): string[][] {
    const { module, table } = this.opened();
    const from = Math.min(check.natural("texts: first", first), this.rows);
    const rows = Math.min(check.natural("texts: count", count), this.rows - from);
    return module.json((of) => of.texts(table, from, rows));
  }

  setKind(column: number, kind: ColumnKind): void {
    const { module, table } = this.opened();
    const place = check.natural("setKind: column", column);
    if (!kinds.includes(kind)) check.fail("setKind: kind", kind, `one of ${kinds.join(", ")}`);
    module.call((of) => of.set_kind(table, place, kinds.indexOf(kind)));
    this.#about = this.#describe();
  }

  dispose(): void {
    if (this.#table !== 0) this.#module.close(this.#table);
    this.#table = 0;
  }

  #describe(): Description {
    return this.#module.json((of) => of.describe(this.#table));
  }
}
