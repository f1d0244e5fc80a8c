// Numbers for a net out of a table, made in slices.
import * as check from "../check.js";
import { LanegradError } from "../errors.js";
import { packed } from "../formats/strings.js";
import type { DataDescription, DataDescriptions } from "../protocol/data.js";
import type { PreparedTable, PrepareOptions, Table, TablePart } from "../protocol/table.js";
import { inSlices, signalOf } from "./slices.js";
import { TableHandle } from "./table_handle.js";
import type { TableModule } from "./table_module.js";

/** The rows that are worked on between two looks at the clock. */
const sliceRows = 512;

const prepareOptions: check.Options<PrepareOptions> = {
  target: { check: check.any, required: true },
  task: (_, task) => oneOf("prepare: task", task, ["classes", "number"]),
  held: (_, held) => check.number("prepare: held", held),
  split: (_, split) => oneOf("prepare: split", split, ["random", "order"]),
  seed: (_, seed) => check.natural("prepare: seed", seed),
  leaveOut: (_, columns) => check.extents("prepare: columns to leave out", columns),
  signal: (_, signal) => signalOf("prepare: signal", signal),
};

function oneOf(what: string, value: unknown, known: readonly string[]): unknown {
  return known.includes(value as string)
    ? value
    : check.fail(what, value, `'${known.join("' or '")}'`);
}

/** What the module says of a preparation. */
interface About {
  inputs: { name: string; column: number }[];
  task: "classes" | "number";
  train: number;
  held: number;
  target: number;
  classNames: string[];
  notes: string[];
}

function placeOf(table: TableHandle, target: unknown): number {
  if (typeof target === "number") return check.natural("prepare: target", target);
  const name = check.text("prepare: target", target);
  const place = table.columns.findIndex((column) => column.name === name);
  if (place >= 0) return place;
  const names = table.columns.map((column) => column.name).join(", ");
  throw new LanegradError(
    "NotFound",
    `table: no column is called '${name}', there are ${names.length > 300 ? `${names.slice(0, 300)}…` : names}`,
  );
}

/** Gives the memory of what nobody has any more back. */
const registry = new FinalizationRegistry<() => void>((discard) => discard());

export async function prepareTable(
  table: TableHandle,
  options: PrepareOptions,
): Promise<PreparedTable> {
  const given = check.options("prepare", options, prepareOptions);
  const { task, held = 0.2, split = "random", seed = 1, leaveOut = [], signal } = given;
  const { module, table: address } = table.opened();
  const target = placeOf(table, given.target);
  const left = new Uint8Array(Uint32Array.from(leaveOut).buffer);
  const tasks = ["number", "classes"];
  const prepared = module.withBytes(left, (at) =>
    module.call((of) =>
      of.prepare(
        address,
        target,
        task === undefined ? 2 : tasks.indexOf(task),
        held,
        split === "order",
        seed,
        at,
        leaveOut.length,
      ),
    ),
  );
  const discard = () => module.free((of) => of.discard(prepared));
  try {
    await inSlices("the preparation", signal, () => {
      table.opened(); // may have been disposed meanwhile
      return module.call((of) => of.advance(prepared, sliceRows)) === 1;
    });
    const about = module.json<About>((of) => of.about(prepared));
    const part = (isHeld: boolean) => partOf(table, module, prepared, about, isHeld, signal);
    const made = new Prepared(table, prepared, about, await part(false), await part(true));
    registry.register(made, discard);
    return made;
  } catch (thrown) {
    discard();
    throw thrown;
  }
}

async function partOf(
  table: TableHandle,
  module: TableModule,
  prepared: number,
  about: About,
  held: boolean,
  signal: AbortSignal | undefined,
): Promise<TablePart> {
  const count = held ? about.held : about.train;
  const width = about.inputs.length;
  const inputs = new Float32Array(count * width);
  const rows = new Uint32Array(count);
  const labels = about.task === "classes" ? new Int32Array(count) : undefined;
  const targets = about.task === "number" ? new Float32Array(count) : undefined;
  module.copy((of) => of.rows(prepared, held), rows);
  let first = 0;
  await inSlices("the preparation", signal, () => {
    table.opened();
    const end = Math.min(first + sliceRows, count);
    const size = end - first;
    module.copy(
      (of) => of.encode(prepared, held, first, size),
      inputs.subarray(first * width, end * width),
    );
    if (labels)
      module.copy((of) => of.labels(prepared, held, first, size), labels.subarray(first, end));
    if (targets)
      module.copy((of) => of.targets(prepared, held, first, size), targets.subarray(first, end));
    first = end;
    return first < count;
  });
  return { count, inputs, rows, ...(labels && { labels }), ...(targets && { targets }) };
}

class Prepared implements PreparedTable {
  readonly inputs: PreparedTable["inputs"];
  readonly task: PreparedTable["task"];
  readonly classNames?: readonly string[];
  readonly target: PreparedTable["target"];
  readonly train: TablePart;
  readonly held: TablePart;
  readonly notes: readonly string[];
  readonly #table: TableHandle;
  readonly #prepared: number;

  constructor(
    table: TableHandle,
    prepared: number,
    about: About,
    train: TablePart,
    held: TablePart,
  ) {
    const { module } = table.opened();
    this.#table = table;
    this.#prepared = prepared;
    this.inputs = about.inputs;
    this.task = about.task;
    this.train = train;
    this.held = held;
    this.notes = about.notes;
    const { name } = table.columns[about.target]!;
    if (about.task === "classes") {
      this.classNames = about.classNames;
      this.target = { name };
    } else {
      const mean = module.number((of) => of.target_mean(prepared));
      const deviation = module.number((of) => of.target_deviation(prepared));
      this.target = { name, mean, deviation };
    }
  }

  data(): DataDescriptions {
    const train = this.#description(this.train);
    return this.held.count === 0 ? { train } : { train, test: this.#description(this.held) };
  }

  #description({ count, inputs, labels, targets }: TablePart): DataDescription {
    const shape = [count, this.inputs.length];
    if (targets) return { kind: "numbers", inputs, shape, targets, outputs: 1 };
    const classNames = this.classNames!;
    return {
      kind: "labels",
      inputs,
      shape,
      labels: labels!,
      classes: classNames.length,
      classNames,
    };
  }

  encode(row: Readonly<Record<string, string>>): Float32Array {
    const { module } = this.#table.opened();
    const cells = check.record("encode: row", row, "cells by the names of their columns");
    const list = Object.entries(cells).flatMap(([name, cell]) => [
      name,
      typeof cell === "string" ? cell : check.fail(`encode: '${name}'`, cell, "a text"),
    ]);
    const inputs = new Float32Array(this.inputs.length);
    module.withBytes(packed(list), (at) =>
      module.copy((of) => of.encode_row(this.#prepared, at), inputs),
    );
    return inputs;
  }

  async encodeTable(other: Table, notes?: string[]): Promise<Float32Array> {
    if (!(other instanceof TableHandle)) check.fail("encode: table", other, "one of readTable");
    const { module } = this.#table.opened();
    const { table } = other.opened();
    const stranger = module.call((of) => of.stranger(this.#prepared, table));
    try {
      const width = this.inputs.length;
      const inputs = new Float32Array(other.rows * width);
      let first = 0;
      await inSlices("the encoding", undefined, () => {
        this.#table.opened();
        other.opened();
        const end = Math.min(first + sliceRows, other.rows);
        module.copy(
          (of) => of.stranger_encode(stranger, first, end - first, width),
          inputs.subarray(first * width, end * width),
        );
        first = end;
        return first < other.rows;
      });
      notes?.push(...module.json<string[]>((of) => of.stranger_notes(stranger)));
      return inputs;
    } finally {
      module.free((of) => of.stranger_close(stranger));
    }
  }

  inUnits(answers: ArrayLike<number>): Float32Array {
    const { mean = 0, deviation = 1 } = this.target;
    return check.floats("inUnits: answers", answers).map((answer) => answer * deviation + mean);
  }
}
