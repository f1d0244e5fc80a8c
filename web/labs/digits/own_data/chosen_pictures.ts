// Some of the pictures of an IDX file, piece by piece, so that neither all of the file nor all of those pictures need
// to be in the page's memory.
import { bytesOf } from "../../../data/gzip";
import { extentsOf, headerSize } from "../../../data/idx";
import { numel } from "../../../data/numel";

export type Bytes = Uint8Array<ArrayBuffer>;

// About as many bytes of the file are read at a time.
const pieceBytes = 2 ** 20;

// The file of the pictures with these numbers, which ascend.
export async function* chosenPictures(
  file: Blob,
  indices: readonly number[],
): AsyncGenerator<Bytes, void> {
  const [, , , axes] = await bytesOf(file.slice(0, 4));
  const header = await bytesOf(file.slice(0, headerSize(axes!)));
  const size = numel(extentsOf(header).slice(1));
  new DataView(header.buffer).setUint32(4, indices.length);
  yield header;
  const together = Math.max(1, Math.floor(pieceBytes / size));
  for (let begin = 0, next = 0; next < indices.length; begin += together) {
    const start = header.length + begin * size;
    const pictures = await bytesOf(file.slice(start, start + together * size));
    const from = next;
    while (next < indices.length && indices[next]! < begin + together) next++;
    const piece = new Uint8Array((next - from) * size);
    indices.slice(from, next).forEach((index, place) => {
      const at = (index - begin) * size;
      piece.set(pictures.subarray(at, at + size), place * size);
    });
    yield piece;
  }
}
