// Numbers for a net out of a table, made in slices.
import * as check from "../check.js";
import { LanegradError } from "../errors.js";
import { packed } from "../formats/strings.js";
import type { DataDescription, DataDescriptions } from "../protocol/data.js";
import type { PreparedTable, PrepareOptions, Table, TablePart } from "../protocol/table.js";
import { inSlices, signalOf } from "./slices.js";
import { Rows, sliceRows, type About } from "./prepared_rows.js";
import { TableHandle } from "./table_handle.js";

const prepareOptions: check.Options<PrepareOptions> = {
  target: { check: check.any, required: true },
  task: (_, task) => oneOf("prepare: task", task, ["classes", "number"]),
  held: (_, held) => check.number("prepare: held", held),
  split: (_, split) => oneOf("prepare: split", split, ["random", "order"]),
  seed: (_, seed) => check.natural("prepare: seed", seed),
  stream: (_, stream) => check.boolean("prepare: stream", stream),
  leaveOut: (_, columns) => check.extents("prepare: columns to leave out", columns),
  signal: (_, signal) => signalOf("prepare: signal", signal),
};

function oneOf(what: string, value: unknown, known: readonly string[]): unknown {
  return known.includes(value as string)
    ? value
    : check.fail(what, value, `'${known.join("' or '")}'`);
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
  const {
    task,
    held = 0.2,
    split = "random",
    seed = 1,
    leaveOut = [],
    stream = false,
    signal,
  } = given;
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
    const rows = new Rows(table, prepared, about);
    const train = await rows.part(false, stream, signal);
    const made = new Prepared(table, prepared, about, rows, train, await rows.part(true, stream, signal)); // prettier-ignore
    registry.register(made, discard);
    return made;
  } catch (thrown) {
    discard();
    throw thrown;
  }
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
  readonly #rows: Rows;

  constructor(
    table: TableHandle,
    prepared: number,
    about: About,
    rows: Rows,
    train: TablePart,
    held: TablePart,
  ) {
    const { module } = table.opened();
    this.#table = table;
    this.#prepared = prepared;
    this.#rows = rows;
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
    const { train, held } = this;
    const streamed = train.inputs.length === 0;
    const described = (part: TablePart) =>
      this.#description(part, streamed ? this.#rows.stream(part === held) : part.inputs);
    return { train: described(train), ...(held.count > 0 && { test: described(held) }) };
  }

  #description(
    { count, labels, targets }: TablePart,
    inputs: Float32Array | AsyncGenerator<Float32Array>,
  ): DataDescription {
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

  async inputsOf(rows: ArrayLike<number>): Promise<Float32Array> {
    const places = check.extents("inputsOf: rows", rows);
    const { rows: count } = this.#table;
    const beyond = places.find((place) => place >= count);
    if (beyond !== undefined)
      check.fail("inputsOf: row", beyond, `below ${count}, as there are rows`);
    return this.#rows.of(Uint32Array.from(places));
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
