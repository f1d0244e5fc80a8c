// The formats of other programs: the entry lanegrad/formats, which loads a small module of its own
// when it is first asked.
import type { Lanegrad } from "../api/lanegrad.js";
import type { Net } from "../api/nets.js";
import * as check from "../check.js";
import { errorOf, LanegradError, textOf } from "../errors.js";
import { compile } from "../module/fetch.js";
import { startPlain, type PlainExports } from "../module/plain.js";
import type { ErrorCode } from "../protocol/messages.js";
import type {
  DescribedNet,
  ExportOptions,
  ExportedFiles,
  ImportOptions,
  ImportedNet,
  NetFormat,
  NormalizedBy,
  OwnBytes,
} from "../protocol/formats.js";
import { netFile, oneOrMore, sampleOf } from "./net_file.js";
import { packed, unpacked } from "./strings.js";

export { LanegradError } from "../errors.js";
export type * from "../protocol/formats.js";

interface FormatsModule extends PlainExports {
  allocate(size: number): number;
  ask(question: number, size: number): number;
}

let loading: Promise<FormatsModule> | undefined;

async function load(): Promise<FormatsModule> {
  // Bundlers look for exactly this expression.
  const url = new URL("./formats/formats.wasm", import.meta.url);
  const module = await compile(url);
  return startPlain(
    module,
    (cause) =>
      new LanegradError("LoadFailed", `formats: ${url} did not start (${textOf(cause)})`, {
        cause,
      }),
  );
}

/** Asks the module; a load that failed is tried anew the next time. */
async function ask(...question: (string | Uint8Array)[]): Promise<Uint8Array[]> {
  loading ??= load();
  let module: FormatsModule;
  try {
    module = await loading;
  } catch (thrown) {
    loading = undefined;
    throw thrown;
  }
  const bytes = packed(question);
  let answer: OwnBytes[];
  try {
    const place = module.allocate(bytes.length) >>> 0;
    new Uint8Array(module.memory.buffer).set(bytes, place);
    // The memory may grow meanwhile, and its buffer be another one.
    const at = module.ask(place, bytes.length) >>> 0;
    answer = unpacked(module.memory.buffer, at);
  } catch (thrown) {
    // What has trapped is not asked again.
    loading = undefined;
    throw new LanegradError("Crashed", `formats: the module crashed (${textOf(thrown)})`, {
      cause: thrown,
    });
  }
  const [status, ...rest] = answer as [Uint8Array, ...Uint8Array[]];
  if (status.length === 0) return rest;
  const [message = "", field = ""] = rest.map(said);
  throw errorOf({
    code: said(status) as ErrorCode,
    message,
    details: field === "" ? {} : { field },
  });
}

const said = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

const flag = (value: boolean): string => (value ? "1" : "0");

const exportOptions: check.Options<ExportOptions> = {
  name: (_, name) => check.text("export: name", name),
  normalization: (_, inside) => check.boolean("export: normalization", inside),
  softmax: (_, asked) => check.boolean("export: softmax", asked),
};

/**
 * The net of a checkpoint, as `trainer.save` gives it, or one that is described, as files of another
 * program, by their names; the first one is the one to open. Rejects with `NotFound` for an unknown
 * format, `Unsupported` for a layer that the format has no words for, and `CorruptData` for what is
 * no checkpoint and for weights that do not fit the net.
 */
export async function exportNet(
  net: Uint8Array | DescribedNet,
  format: NetFormat,
  options?: ExportOptions,
): Promise<ExportedFiles> {
  const asked = check.text("export: format", format);
  const { name = "net", ...choices } = check.options("export", options, exportOptions);
  const { normalization = true, softmax = false } = choices;
  const described = check.kindOf(net) === undefined && !check.isNumbers(net);
  const bytes = described ? netFile(net) : check.bytes("export: checkpoint", net);
  const parts = await ask("export", bytes, asked, name, flag(normalization), flag(softmax));
  return Object.fromEntries(
    Array.from({ length: parts.length / 2 }, (_, i) => [
      said(parts[2 * i] as Uint8Array),
      parts[2 * i + 1] as OwnBytes,
    ]),
  );
}

const importOptions: check.Options<ImportOptions> = {
  net: (_, net) => check.text("import: net", net),
  inputs: check.any,
  name: (_, name) => check.text("import: name", name),
  normalization: check.any,
};

const normalizedBy: check.Options<NormalizedBy> = {
  mean: { check: (_, mean) => oneOrMore("import: mean", mean), required: true },
  deviation: { check: (_, by) => oneOrMore("import: deviation", by), required: true },
};

/** The mean and the deviation as the module takes them: one number, or three; empty for none. */
function momentsOf(given: ImportOptions["normalization"]): Uint8Array[] {
  if (given === undefined) return [new Uint8Array(), new Uint8Array()];
  const { mean, deviation } = check.options("import: normalization", given, normalizedBy);
  const [means, deviations] = [mean, deviation].map((by) => Float64Array.from([by!].flat()));
  const expected = "as many deviations above 0 as means, one or three";
  const fits = means!.length === deviations!.length && /^[13]$/.test(`${means!.length}`);
  if (!fits || !deviations!.every((by) => by > 0))
    check.fail("import: normalization", given, expected);
  return [means!, deviations!].map(({ buffer }) => new Uint8Array(buffer));
}

/**
 * The net of an ONNX file, of a checkpoint, or of a PyTorch state_dict as safetensors or npz, of which
 * `net` says what stands between its weights. Weights are found by their names, else by shape and
 * order. Rejects with `ShapeMismatch` naming each tensor that does not fit, `Unsupported` for what
 * this is no reader of, and `CorruptData` for a broken file.
 */
export async function importNet(file: Uint8Array, options?: ImportOptions): Promise<ImportedNet> {
  const given = check.options("import", options, importOptions);
  const { net = "", name = "file", inputs } = given;
  const sample = inputs === undefined ? [] : sampleOf("import: inputs", inputs);
  const bytes = check.bytes("import: file", file);
  const extents = new Uint8Array(Uint32Array.from(sample).buffer);
  const moments = momentsOf(given.normalization);
  const answer = await ask("import", bytes, name, net, extents, ...moments);
  const [text, written, sizes, means, deviations, lines, ...rest] = answer as Parts;
  const weights: ImportedNet["weights"] = {};
  for (let i = 0; i + 2 < rest.length; i += 3) {
    const [called, shape, data] = rest.slice(i) as [Uint8Array, Uint8Array, Uint8Array];
    weights[said(called)] = {
      data: new Float32Array(data.buffer),
      shape: [...new Uint32Array(shape.buffer)],
    };
  }
  const shape = [...new Uint32Array(sizes.buffer)];
  const [mean, deviation] = [means, deviations].map(({ buffer }) => {
    const numbers = [...new Float64Array(buffer)];
    return numbers.length === 1 ? numbers[0]! : numbers;
  });
  return {
    net: said(text),
    inputs: shape.slice(0, -1),
    outputs: shape.at(-1)!,
    normalization: { mean: mean!, deviation: deviation! },
    classNames: lines.length === 0 ? [] : said(lines).split("\n"),
    file: written,
    weights,
  };
}

/** What the module answers to "import" before the tensors. */
type Parts = [
  text: Uint8Array,
  file: OwnBytes,
  sizes: Uint8Array,
  means: Uint8Array,
  deviations: Uint8Array,
  classNames: Uint8Array,
  ...tensors: Uint8Array[],
];

/**
 * The net of a file, as `importNet` reads it, in an engine: with its weights, and in evaluation mode. Its
 * `forward` takes inputs that are normalized; `about` says by what. Rejects as `importNet` does.
 */
export async function loadNet(
  lg: Lanegrad,
  file: Uint8Array,
  options?: ImportOptions,
): Promise<{ net: Net; about: ImportedNet }> {
  const about = await importNet(file, options);
  const { inputs, outputs } = about;
  const net = lg.net(about.net, { inputs, outputs });
  const tensors = { ...net.namedTensors(), ...net.namedBuffers() };
  for (const [name, tensor] of Object.entries(tensors)) tensor.setData(about.weights[name]!.data);
  net.setTraining(false);
  return { net, about };
}

/** A zip archive of these files, which are stored as they are. */
export async function zip(files: Record<string, Uint8Array>): Promise<OwnBytes> {
  const given = check.record("zip: files", files, "bytes by name");
  const [archive] = await ask(
    "zip",
    ...Object.entries(given).flatMap(([name, bytes]) => [
      name,
      check.bytes(`zip: '${name}'`, bytes),
    ]),
  );
  return archive as OwnBytes;
}
