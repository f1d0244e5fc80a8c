// The lab's state: the settings, the table in hand, and the net that learns from it. Panels change it
// by its methods and listen to its events.
import { LanegradError } from "lanegrad";
import { Events } from "../../../run/events";
import { nextTask } from "../../../run/next_task";
import { changed, rateAt } from "../../../settings/rates";
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
import { applied, changedKinds, kindsOf, targetOf } from "./columns";
import { Preparer, Unprepared } from "./preparing";
import { Reading } from "./reading";
import { Session } from "./session";
import { fileOf } from "./shipped_files";
import type { OpenedTable, TablesEvents } from "./tables_events";

export class TablesRun extends Events<TablesEvents> {
  readonly settings: Settings;
  opened: OpenedTable | undefined;
  readonly session = new Session(this, (error) => this.tell(error));
  /** Takes the visitor to a field whose text makes no sense; returns whether there is one. */
  toComplaint: () => boolean = () => false;
  private written = "";
  private complaints: string[];
  private firstKinds: ColumnKind[] = [];
  readonly reading: Reading;
  private readonly preparer = new Preparer();

  /** Where `mayKeep` is false, the browser keeps no table. */
  constructor(
    private readonly shell: Shell,
    mayKeep: boolean,
  ) {
    super();
    this.reading = new Reading(this, mayKeep);
    const { settings, complaints } = fromAddress(shell.address.read());
    this.settings = settings;
    this.complaints = complaints;
  }

  /** Shows everything for the first time. */
  open(): void {
    let last = this.rate;
    this.onAny(["progress", "made"], () => {
      if (this.rate !== last) this.emit("rate");
      last = this.rate;
    });
    this.showSettings();
    this.watch(this.load());
    // Whether there is one to come back to.
    if (this.settings.table !== own) this.watch(this.reading.kept());
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
    const { opened } = this;
    if (settings.table === table && opened && settings.header === opened.header)
      this.watch(this.take(opened));
    else this.watch(this.load());
  }

  /** Puts one of the tables that come with the page, or that the browser keeps, in the place of the one in hand. */
  choose(table: string): void {
    this.adopt(defaultsOf(table));
    this.watch(this.load());
  }

  /** Puts somebody's own table in the place of the one in hand, which stays where that cannot be. */
  async bring(file: File): Promise<void> {
    this.emit("attempt");
    // An address may have told of this table's settings before it came.
    const awaited = this.settings.table === own && !this.opened;
    const header = awaited ? this.settings.header : "auto";
    try {
      const table = await this.reading.brought(file, header);
      if (!table) return;
      await nextTask();
      if (!awaited) this.adopt({ ...defaultsOf(own), ...fitting(table.rows) });
      await nextTask();
      void this.reading.keep(file);
      await this.take({ table, source: file, file: file.name, header, shipped: undefined });
    } catch (error) {
      this.emit("problem", { ...describe(error), title: "This file was not taken" });
    }
  }

  /** Says whether the first row has the names of the columns, by which the table is read anew. */
  setHeader(header: Settings["header"]): void {
    Object.assign(this.settings, { header, kinds: [], target: "" });
    this.emit("attempt");
    this.writeAddress();
    this.watch(this.load());
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

  /** The current learning rate. */
  get rate(): number {
    return rateAt(this.settings, this.session.step);
  }

  /** Sets the rate: of the net that is learning, whose link repeats the change, or else of a run to come. */
  changeRate(rate: number): void {
    const { session, settings } = this;
    const goesOn = session.running || (session.step > 0 && session.continues(settings));
    if (goesOn) return this.watch(this.changeOnTheWay(rate));
    Object.assign(settings, { lr: rate, rates: [] });
    this.change("lr");
  }

  private async changeOnTheWay(rate: number): Promise<void> {
    const step = await this.session.setLearningRate(rate);
    if (step === undefined) return;
    Object.assign(this.settings, changed(this.settings, step, rate));
    this.writeAddress();
    this.emit("rate");
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

  /** Shows what goes wrong with something that nobody waits for. */
  watch(work: Promise<unknown>): void {
    work.catch((thrown: unknown) => this.emit("problem", describe(thrown)));
  }

  say(sentence: string): void {
    this.shell.say(sentence);
  }

  // Loads the table that the settings name: one of somebody's own is the one in hand, or that which the browser keeps.
  private async load(): Promise<void> {
    const { opened, settings } = this;
    const { table: name, header } = settings;
    const asked = shipped.find((each) => each.name === name);
    const mine = opened?.shipped || asked ? undefined : opened;
    try {
      const source = asked ? await fileOf(name) : (mine?.source ?? (await this.reading.kept()));
      if (!source) return await this.miss();
      const file = asked ? `${name}.csv` : (mine?.file ?? (source as File).name);
      const table = await this.reading.read(source, file, header);
      if (settings.table !== name || settings.header !== header) return table.dispose();
      await this.take({ table, source, file, header, shipped: asked });
    } catch (error) {
      this.emit(
        "problem",
        retriable(error, () => this.watch(this.load())),
      );
    }
  }

  // The table that is asked for has to be brought.
  private async miss(): Promise<void> {
    await this.close();
    this.emit("status", this.session.status);
    this.emit("problem", {
      title: "The table of this address is not here",
      message:
        "The address has the settings of a run on somebody’s own table: choose that file below, and they hold for it.",
      isWished: true,
    });
  }

  // Puts a table in hand, with the kinds that the settings say.
  private async take(opened: OpenedTable): Promise<void> {
    const { table } = opened;
    if (this.opened?.table !== table) {
      await this.close();
      this.opened = opened;
      this.firstKinds = kindsOf(table);
    }
    const notices = applied(table, this.settings, this.firstKinds);
    for (const notice of notices) this.emit("notice", notice);
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
