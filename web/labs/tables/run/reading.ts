// Reads the tables of the lab: those that come with the page, and somebody's own, the last of which the browser keeps.
import type { Table } from "lanegrad/data";
import type { Events } from "../../../run/events";
import { lazy } from "../../../ui/lazy";
import type { Settings } from "../settings/tables_settings";
import { forgetTable, keepTable, keptTable, mostBytes } from "./kept_table";
import type { TablesEvents } from "./tables_events";

const loadReader = lazy(() => import("lanegrad/data"), "readTable");

type Header = Settings["header"];

export class Reading {
  /** Whether the browser keeps a table of somebody's own. */
  keeps = false;
  /** Why it does not keep the one in hand; empty where it does, or where there is none. */
  notKept = "";
  private ends: AbortController | undefined;

  /** Where `mayKeep` is false, as in a frame, the browser keeps nothing. */
  constructor(
    private readonly events: Events<TablesEvents>,
    private readonly mayKeep: boolean,
  ) {}

  /** Reads a table; what is read of it is told. */
  async read(file: Blob, name: string, header: Header, signal?: AbortSignal): Promise<Table> {
    const { readTable } = await loadReader();
    try {
      return await readTable(file, {
        name,
        ...(header !== "auto" && { header: header === "yes" }),
        ...(signal && { signal }),
        onProgress: (progress) => this.events.emit("reading", progress),
      });
    } finally {
      this.events.emit("reading", undefined);
    }
  }

  /** Reads a table that somebody has brought; undefined where `stop` has ended that. */
  async brought(file: File, header: Header): Promise<Table | undefined> {
    const ends = (this.ends = new AbortController());
    try {
      return await this.read(file, file.name, header, ends.signal);
    } catch (error) {
      if (ends.signal.aborted) return undefined;
      throw error;
    }
  }

  stop(): void {
    this.ends?.abort();
  }

  /** The table that the browser keeps. */
  async kept(): Promise<File | undefined> {
    const file = this.mayKeep ? await keptTable() : undefined;
    this.tell(file !== undefined, "");
    return file;
  }

  /** Has the browser keep this table from now on. */
  async keep(file: File): Promise<void> {
    if (!this.mayKeep) return;
    try {
      if (file.size > mostBytes)
        throw new Error(`Files of more than ${mostBytes / 1e6} MB are not kept.`);
      await keepTable(file);
      this.tell(true, "");
    } catch (error) {
      // A reload must not find the table before this one.
      await forgetTable().catch(() => {});
      this.tell(false, (error as Error).message);
    }
  }

  async forget(): Promise<void> {
    await forgetTable();
    this.tell(false, "It is forgotten.");
  }

  private tell(keeps: boolean, notKept: string): void {
    Object.assign(this, { keeps, notKept });
    this.events.emit("kept");
  }
}
