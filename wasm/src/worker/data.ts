// Descriptions of data as a caller gives them: looked at and made typed arrays before anything starts.
import * as check from "../check.js";
import type { DataDescription, DataDescriptions } from "./protocol.js";

type Kind<K> = Extract<DataDescription, { kind: K }>;

const { required } = check;
const idx: check.Options<Kind<"idx">> = {
  kind: check.any,
  images: required(check.bytes),
  labels: required(check.bytes),
  classes: check.natural,
};
const labels: check.Options<Kind<"labels">> = {
  kind: check.any,
  inputs: required(check.floats),
  shape: required(check.extents),
  labels: required(check.labels),
  classes: required(check.natural),
};
const numbers: check.Options<Kind<"numbers">> = {
  kind: check.any,
  inputs: required(check.floats),
  shape: required(check.extents),
  targets: required(check.floats),
  outputs: required(check.natural),
};
const kinds: Record<string, check.Options<object>> = { idx, labels, numbers };

/** A description of data that goes by this name in messages. */
const described =
  (name: string): check.Check =>
  (_, value, beside) => {
    if (typeof value !== "object" || value === null)
      check.fail(name, value, "a description of data");
    const kind = check.reading(name, () => (value as { kind?: unknown }).kind);
    if (typeof kind !== "string" || !Object.hasOwn(kinds, kind)) {
      check.fail(`${name}: kind`, kind, "'idx', 'labels' or 'numbers'");
    }
    return check.options(name, value, kinds[kind]!, beside);
  };

const both: check.Options<DataDescriptions> = {
  train: required(described("training data")),
  test: described("test data"),
};

/** The option `data` of a trainer. */
export const dataOption: check.Check = Object.assign(
  ((what, value, beside) => {
    if (value === undefined) check.fail(what, value, "training data");
    return check.options(what, value, both, beside);
  }) satisfies check.Check,
  { required: true, known: both },
);
