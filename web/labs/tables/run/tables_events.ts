// What happens in a run on a table, as panels hear of it.
import type { Progress, TrainerInfo } from "lanegrad";
import type { PreparedTable, Table } from "lanegrad/data";
import type { Status } from "../../../run/status";
import type { Problem } from "../../../ui/problems";
import type { ShippedTable } from "../settings/shipped";
import type { Settings } from "../settings/tables_settings";
import type { Judged, Truth } from "./judging";

/** The table in hand. */
export interface OpenedTable {
  table: Table;
  /** Its file, and what that is called. */
  source: Blob;
  file: string;
  /** Whether its first row was said to be a header. */
  header: Settings["header"];
  /** Where it is from, where it comes with the page. */
  shipped: ShippedTable | undefined;
}

/** A net that has learned nothing yet, and what there is to learn. */
export interface Made {
  prepared: PreparedTable;
  truth: Truth;
  info: TrainerInfo;
}

export interface TablesEvents {
  status: Status;
  /** How much of a file is read; undefined at its end. */
  reading: { read: number; total: number; what: string } | undefined;
  /** The browser keeps somebody's table, or does not. */
  kept: void;
  /** Another table is in hand. */
  table: OpenedTable;
  /** Columns are taken for something else, or another one is to be predicted. */
  columns: void;
  /** The settings are others than those in the form. */
  settings: void;
  /** The learning rate is another one. */
  rate: void;
  made: Made;
  progress: Progress;
  /** What the net answers to the held-out rows by now. */
  judged: Judged;
  /** What the linear model answers to them. */
  linear: Judged;
  /** The sentence on a field; none where it is empty. */
  complaint: { key: "net" | "target"; sentence: string };
  problem: Problem;
  /** The address has a part that makes no sense. */
  notice: string;
  /** Something is tried anew, which may prove problems wrong. */
  attempt: void;
}
