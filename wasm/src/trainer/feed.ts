// Files of images and streams of numbers on their way to the worker. They go in pieces, so that no more than a
// piece of them is in two places.
import * as check from "../check.js";
import type {
  ByteStream,
  DataDescriptions,
  FiledDescription,
  NumberStream,
  SentDescription,
  SentDescriptions,
  StreamedDescriptions,
} from "../protocol/data.js";
import type { StreamedDescription } from "../protocol/batches.js";
import { mapped } from "../values.js";
import { copyIn, Parcel } from "./parcel.js";

/** The most bytes of a piece. */
const pieceBytes = 2 ** 20;

/** The bytes of the longest header that says how large a file is: that of four axes. */
const headerBytes = 20;

type Bytes = Uint8Array<ArrayBuffer>;
type Piece = Bytes | Float32Array<ArrayBuffer>;

const isBytes = (value: unknown): value is Uint8Array => check.kindOf(value) === "Uint8Array";

const isStream = (what: string, value: unknown): boolean =>
  check.reading(
    what,
    () =>
      typeof value === "object" &&
      value !== null &&
      ("getReader" in value || Symbol.asyncIterator in value),
  );

/** Checks that this is a file, or a stream of its bytes. */
export const bytesOrStream = (what: string, value: unknown): Uint8Array | ByteStream =>
  isStream(what, value) ? (value as ByteStream) : check.bytes(what, value);

/** Checks that these are numbers, or a stream of them. */
export const floatsOrStream = (what: string, value: unknown): Float32Array | NumberStream =>
  isStream(what, value) ? (value as NumberStream) : check.floats(what, value);

type Of = keyof SentDescriptions;

interface File {
  of: Of;
  /** Whether its first bytes go with the start, since they say how large it is. */
  hasHeader: boolean;
  /** Whether the memory of a piece comes back for the next one: who frees it there cannot be relied on. */
  comesBack: boolean;
  /** The number of bytes of the file; undefined for a stream. */
  size: number | undefined;
  pieces: AsyncIterator<Piece> | Iterator<Piece>;
}

/** The data of a training on their way: files of images and streams in pieces, all else at once. */
export class SentData {
  readonly #rest: SentDescriptions;
  readonly #files: File[] = [];
  /** The training data, where they come in batches. */
  streamed: StreamedDescription | undefined;
  /** What is sent with the start. */
  readonly parcel = new Parcel();
  readonly #firsts: ArrayBuffer[] = [];

  /** Copies all arrays now, or takes them. */
  constructor(data: DataDescriptions | StreamedDescriptions, transfer: boolean) {
    const rest = mapped(data as Record<Of, FiledDescription>, (description, of) => {
      if ("batches" in description) {
        const { batches, ...sent } = (this.streamed = description);
        return { ...sent, streamed: true };
      }
      const what = `${of === "train" ? "training" : of} data`;
      if (description.kind !== "idx") {
        const { inputs } = description;
        if (check.kindOf(inputs) === "Float32Array") return description;
        const pieces = piecesOf(`${what}: inputs`, inputs as NumberStream, (what, piece) =>
          cut(check.floats(what, piece)),
        );
        const common = { of: of as Of, hasHeader: false, size: undefined };
        this.#files.push({ ...common, pieces, comesBack: true });
        return { ...description, inputs: undefined };
      }
      const { images } = description;
      const parts = isBytes(images) ? [images] : Array.isArray(images) ? images : undefined;
      if (transfer && isBytes(images)) return description;
      this.#files.push({
        of: of as Of,
        hasHeader: true,
        comesBack: false,
        size: parts?.reduce((sum, { length }) => sum + length, 0),
        pieces: parts
          ? shifted(parts.flatMap((part) => [...split(part)]))
          : piecesOf(`${what}: images`, images as ByteStream, (what, piece) =>
              split(check.bytes(what, piece)),
            ),
      });
      return { ...description, images: new Uint8Array() };
    });
    this.#rest = (transfer ? this.parcel.taken(rest) : this.parcel.copied(rest)) as never;
  }

  /** The buffers that are handed over with the start. */
  get buffers(): ArrayBuffer[] {
    return [...this.parcel.buffers, ...this.#firsts];
  }

  /** The data with the start of each file that comes in pieces. */
  async start(): Promise<SentDescriptions> {
    const sent = { ...this.#rest };
    for (const { of, hasHeader, size, pieces } of this.#files) {
      if (!hasHeader) continue;
      let first: Bytes = new Uint8Array();
      while (first.length < headerBytes) {
        const { value, done } = await pieces.next();
        if (done) break;
        first = first.length > 0 ? new Uint8Array([...first, ...value]) : (value as Bytes);
      }
      this.#firsts.push(first.buffer);
      sent[of] = { ...sent[of], images: { first, size } } as SentDescription;
    }
    return sent;
  }

  /** Sends the rest of the files, each piece when the one before has been taken; `send` may give a piece back. */
  async rest(send: (of: Of, piece: Piece, back: boolean) => Promise<unknown>): Promise<void> {
    for (const { of, pieces, comesBack } of this.#files) {
      let spare: ArrayBuffer | undefined;
      for (;;) {
        const { value, done } = await pieces.next();
        if (done) break;
        const given = await send(
          of,
          comesBack ? copyIn(spare, value as Float32Array) : value,
          comesBack,
        );
        spare = (given as Piece | undefined)?.buffer;
      }
    }
  }

  /** Ends the streams, whatever has become of them. */
  async end(): Promise<void> {
    for (const { pieces } of this.#files) await pieces.return?.();
  }
}

/** The parts of these numbers. */
function* cut(values: Float32Array): Generator<Float32Array<ArrayBuffer>, void> {
  const most = pieceBytes / values.BYTES_PER_ELEMENT;
  for (let begin = 0; begin < values.length; begin += most) {
    yield values.subarray(begin, begin + most) as Float32Array<ArrayBuffer>;
  }
}

/** Copies of the parts of these bytes. */
function* split(bytes: Uint8Array): Generator<Bytes, void> {
  for (let begin = 0; begin < bytes.length; begin += pieceBytes) {
    yield new Uint8Array(bytes.subarray(begin, begin + pieceBytes));
  }
}

/** The pieces, which the list does not hold any longer than needed. */
function* shifted(pieces: Piece[]): Generator<Piece, void> {
  for (let piece = pieces.shift(); piece; piece = pieces.shift()) yield piece;
}

async function* piecesOf(
  what: string,
  stream: ByteStream | NumberStream,
  read: (what: string, piece: unknown) => Iterable<Piece>,
): AsyncGenerator<Piece, void> {
  // Not every browser lets `for await` read a stream.
  const reader = "getReader" in stream ? stream.getReader() : undefined;
  const iterator = reader ? undefined : (stream as AsyncIterable<unknown>)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { value, done } = await (reader ? reader.read() : iterator!.next()).catch(
        (thrown: unknown): never =>
          check.reading(what, () => {
            throw thrown;
          }),
      );
      if (done) return;
      yield* read(`${what}: a piece`, value);
    }
  } finally {
    await (reader ? reader.cancel() : iterator!.return?.())?.catch(() => {});
  }
}
