// Descriptions of data as a caller gives them: they are checked and made typed arrays before
// anything starts.
import * as check from "../check.js";
import { bytesOrStream, floatsOrStream } from "./feed.js";
import type { DataDescription, DataDescriptions, FiledDescription } from "../protocol/data.js";
import { idxHeader, numel } from "../values.js";

type Kind<K> = Extract<DataDescription, { kind: K }>;

const idx: check.Options<Kind<"idx">> = {
  kind: check.any,
  images: { check: bytesOrStream, required: true },
  labels: { check: check.bytes, required: true },
  classes: check.natural,
  classNames: check.texts,
};
const labels: check.Options<Kind<"labels">> = {
  kind: check.any,
  inputs: { check: floatsOrStream, required: true },
  shape: { check: check.extents, required: true },
  labels: { check: check.labels, required: true },
  classes: { check: check.natural, required: true },
  classNames: check.texts,
};
const numbers: check.Options<Kind<"numbers">> = {
  kind: check.any,
  inputs: { check: floatsOrStream, required: true },
  shape: { check: check.extents, required: true },
  targets: { check: check.floats, required: true },
  outputs: { check: check.natural, required: true },
};
const images: check.Options<Kind<"images">> = {
  kind: check.any,
  images: { check: pixels, required: true },
  shape: { check: check.extents, required: true },
  labels: { check: check.labels, required: true },
  classes: { check: check.natural, required: true },
  classNames: check.texts,
};
const kinds: Record<string, check.Options<object>> = { idx, images, labels, numbers };

/** How the same kinds are described where a function gives their samples. */
const streamed = Object.fromEntries(
  Object.entries({ images, labels, numbers }).map(([kind, known]) => {
    const { inputs, images, labels, targets, ...rest } = known as Record<string, check.Check>;
    const batches = { check: batchSource, required: true };
    // The worker checks the normalization.
    return [kind, { ...rest, batches, shuffleBuffer: check.natural, normalization: check.any }];
  }),
) as Record<string, check.Options<object>>;

function batchSource(what: string, value: unknown): unknown {
  if (typeof value === "function") return value;
  return check.fail(what, value, "a function that gives the batches of an epoch");
}

/** Pixels as bytes. */
export function pixels(what: string, value: unknown): Uint8Array {
  const kind = check.isNumbers(value) && check.kindOf(value);
  const { buffer, byteOffset, length } = value as Uint8Array;
  if (kind === "Uint8Array") return value as unknown as Uint8Array;
  if (kind === "Uint8ClampedArray") return new Uint8Array(buffer, byteOffset, length);
  if (kind !== "Float32Array") check.fail(what, value, "a Uint8Array or a Float32Array");
  return Uint8Array.from(value as unknown as Float32Array, (pixel) =>
    pixel >= 0 && pixel <= 1
      ? Math.round(255 * pixel)
      : check.fail(`${what}: a pixel`, pixel, "0 to 1"),
  );
}

function joined(head: Uint8Array, body: Uint8Array): Uint8Array {
  const both = new Uint8Array(head.length + body.length);
  both.set(head);
  both.set(body, head.length);
  return both;
}

/** Images in an array as the parts of an IDX file. */
function filed(name: string, given: Kind<"images">): FiledDescription {
  const { shape, labels, images: bytes, ...others } = given;
  const size = numel(shape);
  if (shape.length !== 3 && shape.length !== 4) {
    check.fail(`${name}: axes`, shape.length, "3 or 4: [S, H, W] or [S, C, H, W]");
  }
  if (bytes.length !== size) check.fail(`${name}: pixels`, bytes.length, `${size} for the shape`);
  const most = Math.min(others.classes, 256);
  const wrong = Array.from(labels, Number).find((label) => !(label >= 0 && label < most));
  if (wrong !== undefined) check.fail(`${name}: label`, wrong, `0 to ${most - 1}`);
  return {
    ...others,
    kind: "idx",
    images: [idxHeader(shape), bytes as Uint8Array],
    labels: joined(idxHeader([labels.length]), Uint8Array.from(labels as Int32Array)),
  };
}

/** Checks a description of data; messages call it by this name. */
function described(name: string, value: unknown, beside: check.Place): unknown {
  if (typeof value !== "object") check.fail(name, value, "a description of data");
  const kind = check.reading(name, () => (value as { kind?: unknown } | null)?.kind);
  if (typeof kind !== "string" || !Object.hasOwn(kinds, kind)) {
    check.fail(`${name}: kind`, kind, "'idx', 'images', 'labels' or 'numbers'");
  }
  const table =
    name === "training data" && "batches" in (value as object) ? streamed[kind] : undefined;
  if (table) return check.options(name, value, table, beside);
  const given = check.options(name, value, kinds[kind]!, beside);
  return kind === "images" ? filed(name, given as Kind<"images">) : given;
}

const both: check.Options<DataDescriptions> = {
  train: {
    check: (_, value, beside) => described("training data", value, beside),
    required: true,
  },
  test: (_, value, beside) => described("test data", value, beside),
  validation: (_, value, beside) => described("validation data", value, beside),
};

/** The option `data` of a trainer. */
export const dataOption: check.Rule = { what: "trainer: data", known: both, required: true };
