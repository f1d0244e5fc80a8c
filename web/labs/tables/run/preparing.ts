// A table's rows as the net learns from them, made once for the same settings.
import type { PreparedTable, Table } from "lanegrad/data";
import type { Key, Settings } from "../settings/tables_settings";

// The settings by which rows become what a net learns from.
const ofData = ["task", "kinds", "held", "split", "seed"] as const satisfies Key[];

/** The rows of a table cannot become what a net learns from. */
export class Unprepared extends Error {}

export class Preparer {
  private last: { table: Table; key: string; rows: PreparedTable } | undefined;

  /** The rows with this column to predict; rejects with `Unprepared` where the settings make no sense. */
  async rows(table: Table, target: number, settings: Settings): Promise<PreparedTable> {
    const { task, held, split, seed } = settings;
    const key = JSON.stringify([target, ...ofData.map((name) => settings[name])]);
    if (this.last?.table === table && this.last.key === key) return this.last.rows;
    try {
      const given = { target, held: held / 100, split, seed, stream: true };
      const rows = await table.prepare(task === "auto" ? given : { ...given, task });
      if (rows.held.count === 0) throw new Error("There are too few rows to hold any of them out.");
      this.last = { table, key, rows };
      return rows;
    } catch (error) {
      throw new Unprepared((error as Error).message, { cause: error });
    }
  }

  /** Forgets what it has made, as when the table goes. */
  forget(): void {
    this.last = undefined;
  }
}
