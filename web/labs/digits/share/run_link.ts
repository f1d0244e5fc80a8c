// A run small enough for a link: its checkpoint and its record in fewer bytes. Opened, it becomes a file
// again as Save makes them, which goes through the checks of any file.
import { list, number, optional, record, text, type Read } from "../../../data/plain";
import { Series } from "../../../ui/plots/series";
import type { SavedRun } from "../run/run_record";
import { headerOf, stepOf } from "../storage/checkpoint";
import { headOf, recordName, recordText } from "../storage/run_file";
import { pack, unpack } from "./packed";

type Bytes = Uint8Array<ArrayBuffer>;

/** The most characters of a run. Browsers take longer addresses, but some no longer show them. */
export const longestRun = 64_000;

// What a link may become at most, whose writer may mean harm: unpacked, as a file, and in steps.
const mostUnpacked = 2 ** 20;
const mostBytes = 2 ** 22;
const mostSteps = 1e7;

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
    const bytes = written(run, isWhole);
    // Weights hardly get smaller.
    if (bytes.length > longestRun) continue;
    const packed = version + (await pack(bytes));
    if (packed.length <= longestRun) return { text: packed, isWhole };
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

interface Chart {
  training: { x: number[] | Places; y: number[]; smooth: number[]; perPoint: number };
}

interface Parts {
  texts: Record<string, string>;
  record: { charts?: Chart[] | undefined };
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
    record: shortened(known, stepOf(run.checkpoint), isWhole),
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

// The places of a curve's points, where they follow from the steps that were done.
interface Places {
  steps: number;
  perEpoch: number;
}

function placesOf({ steps, perEpoch }: Places): number[] {
  if (!(steps <= mostSteps)) throw new Error("it has more steps than a link can have");
  const series = new Series(0);
  for (let step = 1; step <= steps; step++) series.add(step / perEpoch, 0);
  return series.x;
}

// The record without what follows from the steps: the places of points, and the line through them. The
// points of a run that is not whole are as exact as one sees them.
function shortened(known: Parts["record"], steps: number, isWhole: boolean): Parts["record"] {
  const charts = known.charts?.map((chart) => {
    const { training } = chart;
    const { y, perPoint } = training;
    const x = training.x as number[];
    // The first point stands in the middle of its steps.
    const places = { steps, perEpoch: Math.round((perPoint + 1) / 2 / (x[0] ?? 1)) };
    const follows = x.length > 0 && String(placesOf(places)) === String(x);
    const seen = isWhole ? y : y.map((value) => Number(value.toPrecision(4)));
    return {
      ...chart,
      training: { ...training, x: follows ? places : x, y: seen, smooth: [] },
    };
  });
  return { ...known, charts };
}

const lengthened = ({ charts, ...known }: Parts["record"]) => ({
  ...known,
  charts: charts?.map((chart) => {
    const { x } = chart.training;
    return {
      ...chart,
      training: { ...chart.training, x: Array.isArray(x) ? x : placesOf(x) },
    };
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
