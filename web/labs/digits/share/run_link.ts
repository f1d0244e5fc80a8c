// A run small enough for a link: its checkpoint and its record in fewer bytes. Opened, it becomes a file
// again as Save makes them, which goes through the checks of any file.
import { list, number, optional, record, text, type Read } from "../../../data/plain";
import type { SavedRun } from "../run/run_record";
import { headerOf } from "../storage/checkpoint";
import { headOf, recordName, recordText } from "../storage/run_file";
import { pack, unpack } from "./packed";

type Bytes = Uint8Array<ArrayBuffer>;

/** The most characters of a run. Browsers take longer addresses, but some no longer show them. */
export const longestRun = 72_000;

// Up to this length a run travels whole: a short link is worth more than what an optimizer remembers.
const longestWhole = 8_000;

// What a link may become at most, whose writer may mean harm: unpacked, and as a file.
const mostUnpacked = 2 ** 20;
const mostBytes = 2 ** 22;

// The most points of a curve where the run does not travel whole.
const mostPoints = 256;

// The version of the format, in front of the run. It rises where the same text means something else.
const version = "1.";

export interface PackedRun {
  text: string;
  // Whether all of it is there, so that training goes on to the same bits.
  isWhole: boolean;
}

/** The run as text for a link, whole where that is short enough; undefined where it is too long either way. */
export async function packRun(run: SavedRun): Promise<PackedRun | undefined> {
  for (const isWhole of [true, false]) {
    const longest = isWhole ? longestWhole : longestRun;
    const bytes = written(run, isWhole);
    // Packed, they are more than a third of this.
    if (bytes.length > 3 * longest) continue;
    const packed = version + (await pack(bytes));
    if (packed.length <= longest) return { text: packed, isWhole };
  }
  return undefined;
}

/** The bytes of the run's file; rejects where the text was cut or changed. */
export async function unpackRun(packed: string): Promise<Bytes> {
  if (!packed.startsWith(version)) throw new Error("another version of the page wrote it");
  return fileOf(await unpack(packed.slice(version.length), mostUnpacked));
}

// ---- The parts --------------------------------------------------------------

// A tensor as the file has it; where `fill` is there, each of its numbers is that one.
interface Tensor {
  name: string;
  dtype: string;
  shape: number[];
  fill?: number | undefined;
}

interface Training {
  // Where the points stand, or how many steps an epoch has, from which that follows.
  x: number[] | { perEpoch: number };
  y: number[];
  smooth: number[];
  // The steps of a point, and the sums of those that are no point yet.
  perPoint: number;
  sums: { count: number; x: number; y: number };
}

interface Parts {
  texts: Record<string, string>;
  record: { charts?: { training: Training }[] | undefined };
  tensors: Tensor[];
}

// The length of the parts as JSON, the JSON, and the numbers, first the first bytes of all of them, which
// are more alike than the four of one.
function written(run: SavedRun, isWhole: boolean): Bytes {
  const { header, begin } = headerOf(run.checkpoint);
  const { __metadata__: texts = {}, ...entries } = header;
  const numbers: Uint8Array[] = [];
  const tensors = Object.entries(entries)
    .map(([name, entry]) => ({ name, ...(entry as Entry) }))
    .sort((a, b) => a.data_offsets[0] - b.data_offsets[0])
    .map(({ name, dtype, shape, data_offsets: [from, to] }): Tensor => {
      const bytes = run.checkpoint.slice(begin + from, begin + to);
      const fill = isWhole ? undefined : fillOf(name, bytes);
      if (fill === undefined) numbers.push(bytes);
      return { name, dtype, shape, fill };
    });
  const known = JSON.parse(recordText(run.record)) as Parts["record"];
  const parts: Parts = {
    texts,
    record: shortened(known, isWhole),
    tensors,
  };
  const json = new TextEncoder().encode(JSON.stringify(parts));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, json.length, true);
  return joined([length, json, transposed(joined(numbers), 4)]);
}

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

// What an optimizer remembers beside the weights is left out of a run that is not whole: one number for
// the whole tensor keeps the sizes of steps about right.
function fillOf(name: string, bytes: Uint8Array): number | undefined {
  if (/^optimizer\.(first_moment|velocity)\./.test(name)) return 0;
  if (!name.startsWith("optimizer.second_moment.")) return undefined;
  const values = new Float32Array(bytes.buffer);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

// The file as Save makes it. What is wrong with its content is the engine's to say.
function fileOf(bytes: Bytes): Bytes {
  const length = new DataView(bytes.buffer).getUint32(0, true);
  const json = new TextDecoder().decode(bytes.subarray(4, 4 + length));
  const { texts, record, tensors } = readParts(JSON.parse(json), "the run");
  const packed = bytes.subarray(4 + length);
  const numbers = transposed(packed, packed.length / 4);
  const header: Record<string, unknown> = {
    __metadata__: { ...texts, [recordName]: JSON.stringify(lengthened(record)) },
  };
  const data: Uint8Array[] = [];
  let [end, read] = [0, 0];
  for (const { name, dtype, shape, fill } of tensors) {
    const size = shape.reduce((product, extent) => product * extent, Number(dtype.slice(1)) / 8);
    if (!(size >= 0 && end + size <= mostBytes)) throw new Error("it is larger than a link can be");
    header[name] = { dtype, shape, data_offsets: [end, end + size] };
    end += size;
    data.push(
      fill === undefined
        ? numbers.subarray(read, (read += size))
        : new Uint8Array(new Float32Array(size / 4).fill(fill).buffer),
    );
  }
  return joined([headOf(header), ...data]);
}

const any: Read<never> = (value) => value as never;
const readParts = record<Parts>({
  texts: any,
  record: any,
  tensors: list(
    record<Tensor>({ name: text, dtype: text, shape: list(number), fill: optional(number) }),
  ),
});

// ---- The curves -------------------------------------------------------------

// Each point stands in the middle of its steps.
const placesOf = ({ y, perPoint }: Training, perEpoch: number): number[] =>
  y.map((_, i) => (i * perPoint + (perPoint + 1) / 2) / perEpoch);

// Neighbours averaged in pairs, as a Series does that is full, until the points are few; each has the
// digits that one sees.
function thinned(training: Training): Training {
  let { y, perPoint, sums } = training;
  let x = training.x as number[];
  while (y.length > mostPoints) {
    if (y.length % 2 === 1) {
      const last = { count: perPoint, x: x.at(-1)! * perPoint, y: y.at(-1)! * perPoint };
      sums = { count: sums.count + last.count, x: sums.x + last.x, y: sums.y + last.y };
    }
    const pairs = (of: number[]) =>
      Array.from({ length: of.length >> 1 }, (_, i) => (of[2 * i]! + of[2 * i + 1]!) / 2);
    [x, y, perPoint] = [pairs(x), pairs(y), 2 * perPoint];
  }
  return { ...training, x, y: y.map((value) => Number(value.toPrecision(4))), perPoint, sums };
}

// The record without what follows from the rest: the places of points, and the line through them.
function shortened(known: Parts["record"], isWhole: boolean): Parts["record"] {
  const charts = known.charts?.map((chart) => {
    const training = isWhole ? chart.training : thinned(chart.training);
    const x = training.x as number[];
    const perEpoch = Math.round((training.perPoint + 1) / 2 / (x[0] ?? 1));
    const follows = placesOf(training, perEpoch).every(
      (place, i) => Math.abs(place - x[i]!) < 1e-9,
    );
    return { ...chart, training: { ...training, x: follows ? { perEpoch } : x, smooth: [] } };
  });
  return { ...known, charts };
}

const lengthened = ({ charts, ...known }: Parts["record"]) => ({
  ...known,
  charts: charts?.map((chart) => {
    const { training } = chart;
    const x = Array.isArray(training.x) ? training.x : placesOf(training, training.x.perEpoch);
    return { ...chart, training: { ...training, x } };
  }),
});

// ---- Bytes ------------------------------------------------------------------

// The bytes read as rows of this width, column by column.
function transposed(bytes: Uint8Array, width: number): Bytes {
  const height = bytes.length / width;
  return Uint8Array.from(bytes, (_, i) => bytes[(i % height) * width + Math.floor(i / height)]!);
}

function joined(pieces: readonly Uint8Array[]): Bytes {
  const all = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
