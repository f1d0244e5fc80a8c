// A run as a file: its checkpoint, and in it what the run has been through, which the engine passes
// over.
import type { KnownRecord, SavedRun } from "../run/run_record";
import { headerOf, lengthSize } from "./checkpoint";
import { knownRecord } from "./stored_runs";

// The name of the text in the file.
export const recordName = "record";
// The numbers that JSON does not have.
const others = ["NaN", "Infinity", "-Infinity"];
// The alignment of the tensors, which is the engine's.
const alignment = 64;

// The file, in parts, so that the weights are not copied.
export function toFile({ checkpoint, record }: SavedRun): Uint8Array[] {
  return withText(checkpoint, recordName, recordText(record));
}

// The record as the file has it.
export const recordText = (record: KnownRecord): string =>
  JSON.stringify(record, (_, value: unknown) =>
    typeof value === "number" && !Number.isFinite(value) ? String(value) : value,
  );

// Reads what the file says of the run's past, which is nothing where the terminal or an earlier
// build wrote it. Throws a sentence where that is no record.
export function recordIn(file: Uint8Array): KnownRecord {
  const text = textIn(file, recordName);
  if (text === undefined) return {};
  const number = (_: string, value: unknown) =>
    others.includes(value as string) ? Number(value) : value;
  return knownRecord(JSON.parse(text, number), recordName);
}

// The text of this name; undefined where there is none, or where this is no such file.
export function textIn(file: Uint8Array, name: string): string | undefined {
  try {
    return headerOf(file).header.__metadata__?.[name];
  } catch {
    return undefined;
  }
}

// The file with one more text: its new start, and the rest as it is.
function withText(file: Uint8Array, name: string, text: string): [Uint8Array, Uint8Array] {
  const { header, begin } = headerOf(file);
  const texts = { ...header.__metadata__, [name]: text };
  return [headOf({ ...header, __metadata__: texts }), file.subarray(begin)];
}

// The start of a file with this header, to its first tensor.
export function headOf(header: object): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const start = Math.ceil((lengthSize + json.length) / alignment) * alignment;
  const head = new Uint8Array(start).fill(" ".charCodeAt(0));
  new DataView(head.buffer).setBigUint64(0, BigInt(start - lengthSize), true);
  head.set(json, lengthSize);
  return head;
}
