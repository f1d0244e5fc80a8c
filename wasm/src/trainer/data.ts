// Descriptions of data as a caller gives them: they are checked and made typed arrays before
// anything starts.
import * as check from "../check.js";
import { bytesOrStream } from "./feed.js";
import type { DataDescription, DataDescriptions } from "../protocol/data.js";

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
  inputs: { check: check.floats, required: true },
  shape: { check: check.extents, required: true },
  labels: { check: check.labels, required: true },
  classes: { check: check.natural, required: true },
  classNames: check.texts,
};
const numbers: check.Options<Kind<"numbers">> = {
  kind: check.any,
  inputs: { check: check.floats, required: true },
  shape: { check: check.extents, required: true },
  targets: { check: check.floats, required: true },
  outputs: { check: check.natural, required: true },
};
const kinds: Record<string, check.Options<object>> = { idx, labels, numbers };

/** Checks a description of data; messages call it by this name. */
function described(name: string, value: unknown, beside: check.Place): unknown {
  if (value === undefined) check.fail(name, value, "a description of data");
  const kind = check.reading(name, () => (value as { kind?: unknown } | null)?.kind);
  if (typeof kind !== "string" || !Object.hasOwn(kinds, kind)) {
    check.fail(`${name}: kind`, kind, "'idx', 'labels' or 'numbers'");
  }
  return check.options(name, value, kinds[kind]!, beside);
}

const both: check.Options<DataDescriptions> = {
  train: {
    check: (_, value, beside) => described("training data", value, beside),
    required: true,
  },
  test: (_, value, beside) => described("test data", value, beside),
};

/** The option `data` of a trainer. */
export const dataOption: check.Rule = { what: "trainer: data", known: both, required: true };
