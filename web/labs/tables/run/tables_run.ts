// The lab's state: the settings, the table in hand, and the net that learns from it. Panels change it
// by its methods and listen to its events.
import { LanegradError } from "lanegrad";
import type { Table } from "lanegrad/data";
import { Events } from "../../../run/events";
import { nextTask } from "../../../run/next_task";
import { lazy } from "../../../ui/lazy";
import { describe, retriable } from "../../../ui/problems";
import type { Shell } from "../../lab";
import { own, shipped } from "../settings/shipped";
import {
  defaultsOf,
  fromAddress,
  toAddress,
  type ColumnKind,
  type Key,
  type Settings,
} from "../settings/tables_settings";
import { changedKinds, kindsOf, targetOf } from "./columns";
import { Preparer, Unprepared } from "./preparing";
import { Session } from "./session";
import { fileOf } from "./shipped_files";
import type { OpenedTable, TablesEvents } from "./tables_events";

const loadReader = lazy(() => import("lanegrad/data"), "readTable");

export class TablesRun extends Events<TablesEvents> {
  readonly settings: Settings;
  opened: OpenedTable | undefined;
  readonly session = new Session(this, (error) => this.tell(error));
  /** Takes the visitor to a field whose text makes no sense; returns whether there is one. */
  toComplaint: () => boolean = () => false;
  private written = "";
  private complaints: string[];
  private firstKinds: ColumnKind[] = [];
  private readonly preparer = new Preparer();
  private reads: AbortController | undefined;

  constructor(private readonly shell: Shell) {
    super();
    const { settings, complaints } = fromAddress(shell.address.read());
    this.settings = settings;
    this.complaints = complaints;
  }

  /** Shows everything for the first time. */
  open(): void {
    this.showSettings();
    this.watch(this.load());
  }

  /** Takes the run of the page's address, if that has changed elsewhere. */
  readAddress(): void {
    const search = this.shell.address.read();
    if (search === this.written) return;
    const { settings, complaints } = fromAddress(search);
    const { table } = this.settings;
    Object.assign(this.settings, settings);
    this.complaints = complaints;
    this.emit("attempt");
    this.showSettings();
    if (settings.table === table && this.opened) this.watch(this.take(this.opened));
    else this.watch(this.load());
  }

  /** Puts one of the tables that come with the page in the place of the one in hand. */
  choose(table: string): void {
    this.adopt(defaultsOf(table));
    this.watch(this.load());
  }

  /** Puts somebody's own table in the place of the one in hand, which stays where that cannot be. */
  async bring(file: File): Promise<void> {
    this.emit("attempt");
    const ends = (this.reads = new AbortController());
    let table: Table;
    try {
      table = await this.read(file, file.name, ends.signal);
    } catch (error) {
      if (!ends.signal.aborted)
        this.emit("problem", { ...describe(error), title: "This file was not taken" });
      return;
    } finally {
      this.emit("reading", undefined);
    }
    // An address may have told of this table's settings before it came.
    const awaited = this.settings.table === own && !this.opened;
    await nextTask();
    if (!awaited) this.adopt({ ...defaultsOf(own), ...fitting(table.rows) });
    await nextTask();
    await this.take({ table, file: file.name, shipped: undefined });
  }

  stopReading(): void {
    this.reads?.abort();
  }

  start(): void {
    if (!this.ready()) return;
    const { session, settings } = this;
    this.watch(
      session.made ? session.start(settings) : this.make().then(() => session.start(settings)),
    );
  }

  pauseOrResume(): void {
    this.watch(this.session.pauseOrResume());
  }

  step(): void {
    if (this.ready()) this.watch(this.session.one(this.settings));
  }

  stop(): void {
    this.watch(this.session.stop());
  }

  reset(): void {
    if (this.ready()) this.watch(this.make());
  }

  /** A setting was changed in the form. */
  change(key: Key): void {
    this.writeAddress();
    if (key === "epochs") return this.emit("status", this.session.status);
    if (key === "target" || key === "task") this.emit("columns");
    this.watch(this.make());
  }

  /** Takes a column for something else; throws a sentence where it cannot be that. */
  async setKind(column: number, kind: ColumnKind): Promise<void> {
    const { settings, opened } = this;
    if (!opened) return;
    opened.table.setKind(column, kind);
    settings.kinds = changedKinds(settings.kinds, column, kind, this.firstKinds);
    this.writeAddress();
    this.emit("columns");
    await this.make();
  }

  /** The number of the column to predict. */
  get target(): number {
    return this.opened ? targetOf(this.opened.table, this.settings) : 0;
  }

  /** Reads a table; what is read of it is told. */
  async read(file: Blob, name: string, signal?: AbortSignal): Promise<Table> {
    const { readTable } = await loadReader();
    return readTable(file, {
      name,
      ...(signal && { signal }),
      onProgress: (progress) => this.emit("reading", progress),
    });
  }

  /** Shows what goes wrong with something that nobody waits for. */
  watch(work: Promise<unknown>): void {
    work.catch((thrown: unknown) => this.emit("problem", describe(thrown)));
  }

  say(sentence: string): void {
    this.shell.say(sentence);
  }

  // Loads the table that the settings name; one of somebody's own has to be brought.
  private async load(): Promise<void> {
    const asked = shipped.find(({ name }) => name === this.settings.table);
    if (!asked) {
      await this.close();
      this.emit("status", this.session.status);
      return this.emit("problem", {
        title: "The table of this address is not here",
        message:
          "The address has the settings of a run on somebody’s own table: choose that file below, and they hold for it.",
        isWished: true,
      });
    }
    try {
      const file = await fileOf(asked.name);
      const table = await this.read(file, `${asked.name}.csv`);
      this.emit("reading", undefined);
      if (this.settings.table !== asked.name) return table.dispose();
      await this.take({ table, file: `${asked.name}.csv`, shipped: asked });
    } catch (error) {
      this.emit("reading", undefined);
      this.emit(
        "problem",
        retriable(error, () => this.watch(this.load())),
      );
    }
  }

  // Puts a table in hand, with the kinds that the settings say.
  private async take(opened: OpenedTable): Promise<void> {
    const { table } = opened;
    if (this.opened?.table !== table) {
      await this.close();
      this.opened = opened;
      this.firstKinds = kindsOf(table);
    }
    const { settings } = this;
    for (const [column, kind] of this.firstKinds.entries()) {
      if (table.columns[column]!.kind !== kind) table.setKind(column, kind);
    }
    for (const [number, kind] of settings.kinds) {
      try {
        if (!table.columns[number - 1])
          throw new Error(`There is no column ${number} in this table.`);
        table.setKind(number - 1, kind);
      } catch (error) {
        settings.kinds = settings.kinds.filter(([each]) => each !== number);
        this.emit("notice", (error as Error).message);
      }
    }
    if (settings.target && table.columns.every(({ name }) => name !== settings.target)) {
      this.emit(
        "notice",
        `There is no column “${settings.target}” in this table; another one is predicted.`,
      );
      settings.target = "";
    }
    this.showSettings();
    await nextTask();
    this.emit("table", opened);
    await nextTask();
    await this.make();
  }

  private async close(): Promise<void> {
    await this.session.close();
    this.opened?.table.dispose();
    this.opened = undefined;
    this.preparer.forget();
  }

  private adopt(settings: Settings): void {
    Object.assign(this.settings, settings);
    this.emit("attempt");
    this.showSettings();
  }

  // Whether there is a table, and nothing in the form that makes no sense.
  private ready(): boolean {
    this.emit("attempt");
    return this.opened !== undefined && !this.toComplaint();
  }

  // Makes the net anew; what is wrong with the settings stands below the field that it is about.
  private async make(): Promise<void> {
    const { opened, settings } = this;
    if (!opened) return;
    for (const key of ["net", "target"] as const) this.emit("complaint", { key, sentence: "" });
    await this.session.make(async () => {
      const prepared = await this.preparer.rows(opened.table, this.target, settings);
      return { prepared, settings: { ...settings } };
    });
  }

  // Tells of what went wrong: below the field that it is about, or else above.
  private tell(error: unknown): void {
    if (error instanceof Unprepared) {
      this.emit("complaint", { key: "target", sentence: error.message });
    } else if (error instanceof LanegradError && error.details.field === "net") {
      this.emit("complaint", { key: "net", sentence: error.message });
    } else {
      const again = { label: "Try again", run: () => this.watch(this.make()) };
      this.emit("problem", { ...describe(error), action: again });
    }
  }

  private showSettings(): void {
    this.emit("settings");
    this.writeAddress();
    for (const message of this.complaints.splice(0)) this.emit("notice", message);
  }

  private writeAddress(): void {
    this.written = toAddress(this.settings);
    this.shell.address.write(this.written);
  }
}

/** What a table of so many rows begins with, where nobody knows it. */
function fitting(rows: number): Partial<Settings> {
  if (rows < 2000) return {};
  return rows < 20_000 ? { batch: 64, epochs: 30 } : { batch: 256, epochs: 10 };
}
