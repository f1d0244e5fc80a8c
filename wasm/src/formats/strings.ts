// Lists of byte strings, in which the module of formats is asked and answers: the number of strings,
// then each one's length and bytes; numbers are 32 bits, little-endian.
import type { OwnBytes } from "../protocol/formats.js";

/** The bytes of a list. */
export function packed(strings: readonly (string | Uint8Array)[]): Uint8Array {
  const encoder = new TextEncoder();
  const parts = strings.map((part) => (typeof part === "string" ? encoder.encode(part) : part));
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + 4 + part.length, 4));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, parts.length, true);
  let at = 4;
  for (const part of parts) {
    view.setUint32(at, part.length, true);
    bytes.set(part, at + 4);
    at += 4 + part.length;
  }
  return bytes;
}

/** Copies of the strings of the list that begins at this byte. */
export function unpacked(buffer: ArrayBuffer, begin: number): OwnBytes[] {
  const view = new DataView(buffer);
  let at = begin + 4;
  return Array.from({ length: view.getUint32(begin, true) }, () => {
    const size = view.getUint32(at, true);
    at += 4 + size;
    return new Uint8Array(buffer, at - size, size).slice();
  });
}
