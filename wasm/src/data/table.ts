// Tables out of text files, which are read in slices, so that whoever waits can do other things.
import * as check from "../check.js";
import { LanegradError } from "../errors.js";
import { makeBreath } from "../module/breath.js";
import type { PreparedTable, PrepareOptions, Table, TableOptions } from "../protocol/table.js";
import { prepareTable } from "./prepared_table.js";
import { inSlices, signalOf, stopWhereAborted } from "./slices.js";
import { TableHandle } from "./table_handle.js";
import { TableModule } from "./table_module.js";

/** The bytes that are read at a time. */
const sliceBytes = 2 ** 18;

const tableOptions: check.Options<TableOptions> = {
  name: (_, name) => check.text("table: name", name),
  header: (_, header) => check.boolean("table: header", header),
  signal: (_, signal) => signalOf("table: signal", signal),
  onProgress: (_, call) => check.callable("table: onProgress", call),
};

/** A table that can be prepared for a net. */
class ReadTable extends TableHandle implements Table {
  prepare(options: PrepareOptions): Promise<PreparedTable> {
    return prepareTable(this, options);
  }
}

/** The bytes of a file; a slice is good until the next one. */
async function* slicesOf(file: Blob | Uint8Array): AsyncGenerator<Uint8Array, void> {
  const reader = file instanceof Uint8Array ? undefined : readerOf(file);
  try {
    if (reader) {
      // What the slices before had is used again, as a browser frees it with its garbage only, and that late.
      for (let memory = new ArrayBuffer(sliceBytes); ;) {
        const { value, done } = await reader.read(new Uint8Array(memory));
        if (done) return;
        yield value;
        memory = value.buffer;
      }
    }
    const total = file instanceof Uint8Array ? file.length : file.size;
    for (let begin = 0; begin < total; begin += sliceBytes) {
      const end = Math.min(begin + sliceBytes, total);
      yield file instanceof Uint8Array
        ? file.subarray(begin, end)
        : new Uint8Array(await file.slice(begin, end).arrayBuffer());
    }
  } catch (thrown) {
    throw new LanegradError("NotFound", "table: the file can no longer be read", { cause: thrown });
  } finally {
    await reader?.cancel().catch(() => {});
  }
}

/** A reader that fills given memory; undefined where files have none, as in WebKit. */
function readerOf(file: Blob): ReadableStreamBYOBReader | undefined {
  try {
    return file.stream().getReader({ mode: "byob" });
  } catch {
    return undefined;
  }
}

/**
 * Reads a table from a CSV file, or a text with semicolons, tabs or | between its cells, also packed
 * with gzip, given as a file, its bytes or its text. Rejects with `CorruptData` or `Unsupported` for what is no table, and
 * with `Aborted` where the signal stops it.
 */
export async function readTable(
  file: Blob | Uint8Array | string,
  options?: TableOptions,
): Promise<Table> {
  const { signal, onProgress, name: given, header } = check.options("table", options, tableOptions);
  const isFile = typeof Blob === "function" && file instanceof Blob;
  const source =
    typeof file === "string"
      ? new TextEncoder().encode(file)
      : isFile
        ? file
        : check.kindOf(file) === "Uint8Array"
          ? file
          : check.fail("table", file, "a file, a Uint8Array or a text");
  const name = given ?? ((isFile && (file as { name?: string }).name) || "table");
  const total = source instanceof Uint8Array ? source.length : source.size;
  stopWhereAborted(signal, "the reading");
  const module = await TableModule.start();
  const table = module.open(name, header);
  const breath = makeBreath();
  try {
    let read = 0;
    for await (const bytes of slicesOf(source)) {
      read += bytes.length;
      stopWhereAborted(signal, "the reading");
      module.withBytes(bytes, (at, size) => module.call((of) => of.append(table, at, size)));
      onProgress?.({ read, total, what: `reading ${name}` });
      await breath();
    }
    await inSlices("the reading", signal, () => module.call((of) => of.unpack(table)) === 1);
    module.call((of) => of.finish(table));
    return new ReadTable(module, table);
  } catch (thrown) {
    module.close(table);
    throw thrown;
  }
}
