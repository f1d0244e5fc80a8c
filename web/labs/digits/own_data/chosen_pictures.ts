// Pictures of an IDX file in pieces, between which the page has its turn.
import { extentsOf, headerSize } from "../../../data/idx";
import { numel } from "../../../data/numel";
import { nextTask } from "../../../run/next_task";

export type Bytes = Uint8Array<ArrayBuffer>;

/** An IDX file of pictures, in the page's memory or where the browser holds it. */
export type PictureFile = Uint8Array | Blob;

// About as many bytes are copied or read at a time.
const pieceBytes = 2 ** 20;

// The longest header of pictures: the number of them, 3 for colour, height and width.
const longestHeader = headerSize(4);

/** The bytes of a part of a file. */
export const partOf = async (file: PictureFile, from: number, to: number): Promise<Uint8Array> =>
  file instanceof Blob
    ? new Uint8Array(await file.slice(from, to).arrayBuffer())
    : file.subarray(from, to);

/** Where a file's pictures begin, and the bytes of one. */
export async function layoutOf(file: PictureFile): Promise<{ start: number; size: number }> {
  const header = await partOf(file, 0, longestHeader);
  return { start: headerSize(header[3]!), size: numel(extentsOf(header).slice(1)) };
}

/** A file with the pictures of these numbers, which ascend; `to` takes its pieces one by one, and keeps none. */
async function choose(
  file: PictureFile,
  indices: readonly number[],
  to: (piece: Bytes) => void,
): Promise<void> {
  const { start, size } = await layoutOf(file);
  const header = new Uint8Array(await partOf(file, 0, start));
  new DataView(header.buffer).setUint32(4, indices.length);
  to(header);
  const together = Math.max(1, Math.floor(pieceBytes / size));
  const piece = new Uint8Array(together * size);
  // Pictures of one piece of the file go on in one piece.
  for (let begin = 0, end = 0; begin < indices.length; begin = end) {
    const first = indices[begin]!;
    while (end < indices.length && indices[end]! < first + together) end++;
    const last = indices[end - 1]!;
    const found = await partOf(file, start + first * size, start + (last + 1) * size);
    for (let i = begin; i < end; i++) {
      const at = (indices[i]! - first) * size;
      piece.set(found.subarray(at, at + size), (i - begin) * size);
    }
    to(piece.subarray(0, (end - begin) * size));
    await nextTask();
  }
}

/** The file of the pictures with these numbers, which ascend. */
export async function chosenPictures(
  file: PictureFile,
  indices: readonly number[],
): Promise<Bytes> {
  const { start, size } = await layoutOf(file);
  const chosen = new Uint8Array(start + indices.length * size);
  let at = 0;
  await choose(file, indices, (piece) => {
    chosen.set(piece, at);
    at += piece.length;
  });
  return chosen;
}

/** The same outside of the page's memory, where the browser holds it. */
export async function outside(file: PictureFile, indices: readonly number[]): Promise<Blob> {
  const pieces: Blob[] = [];
  await choose(file, indices, (piece) => pieces.push(new Blob([piece])));
  return new Blob(pieces);
}

/** A file piece by piece. */
export async function* piecesOf(file: Blob): AsyncGenerator<Bytes, void> {
  for (let at = 0; at < file.size; at += pieceBytes)
    yield new Uint8Array(await file.slice(at, at + pieceBytes).arrayBuffer());
}
