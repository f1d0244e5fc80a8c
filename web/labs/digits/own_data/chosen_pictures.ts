// Pictures of an IDX file in pieces, between which the page has its turn.
import { extentsOf, headerSize } from "../../../data/idx";
import { numel } from "../../../data/numel";
import { nextTask } from "../../../run/next_task";

export type Bytes = Uint8Array<ArrayBuffer>;

// About as many bytes are copied or read at a time.
const pieceBytes = 2 ** 20;

/** A file with the pictures of these numbers, which ascend; `to` takes its pieces one by one, and keeps none. */
async function choose(
  images: Uint8Array,
  indices: readonly number[],
  to: (piece: Bytes) => void,
): Promise<void> {
  const start = headerSize(images[3]!);
  const size = numel(extentsOf(images).slice(1));
  const header = images.slice(0, start);
  new DataView(header.buffer).setUint32(4, indices.length);
  to(header);
  const together = Math.max(1, Math.floor(pieceBytes / size));
  const piece = new Uint8Array(together * size);
  for (let begin = 0; begin < indices.length; begin += together) {
    const some = indices.slice(begin, begin + together);
    some.forEach((index, place) => {
      const at = start + index * size;
      piece.set(images.subarray(at, at + size), place * size);
    });
    to(piece.subarray(0, some.length * size));
    await nextTask();
  }
}

/** The file of the pictures with these numbers, which ascend. */
export async function chosenPictures(
  images: Uint8Array,
  indices: readonly number[],
): Promise<Bytes> {
  const size = numel(extentsOf(images).slice(1));
  const chosen = new Uint8Array(headerSize(images[3]!) + indices.length * size);
  let at = 0;
  await choose(images, indices, (piece) => {
    chosen.set(piece, at);
    at += piece.length;
  });
  return chosen;
}

/** The same outside of the page's memory, where the browser holds it. */
export async function outside(images: Uint8Array, indices: readonly number[]): Promise<Blob> {
  const pieces: Blob[] = [];
  await choose(images, indices, (piece) => pieces.push(new Blob([piece])));
  return new Blob(pieces);
}

/** A file piece by piece. */
export async function* piecesOf(file: Blob): AsyncGenerator<Bytes, void> {
  for (let at = 0; at < file.size; at += pieceBytes)
    yield new Uint8Array(await file.slice(at, at + pieceBytes).arrayBuffer());
}
