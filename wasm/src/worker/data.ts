// Descriptions of data as a caller gives them: they are checked and made typed arrays before
// anything starts.
import * as check from "../check.js";
import type { DataDescription, DataDescriptions } from "./protocol.js";

type Kind<K> = Extract<DataDescription, { kind: K }>;

const idx: check.Options<Kind<"idx">> = {
  kind: check.any,
  images: check.required(check.bytes),
  labels: check.required(check.bytes),
  classes: check.natural,
  classNames: check.texts,
};
const labels: check.Options<Kind<"labels">> = {
  kind: check.any,
  inputs: check.required(check.floats),
  shape: check.required(check.extents),
  labels: check.required(check.labels),
  classes: check.required(check.natural),
  classNames: check.texts,
};
const numbers: check.Options<Kind<"numbers">> = {
  kind: check.any,
  inputs: check.required(check.floats),
  shape: check.required(check.extents),
  targets: check.required(check.floats),
  outputs: check.required(check.natural),
};
const kinds: Record<string, check.Options<object>> = { idx, labels, numbers };

/** The check of a description of data; messages call it by this name. */
const described =
  (name: string): check.Check =>
  (_, value, beside) => {
    if (value === undefined) check.fail(name, value, "a description of data");
    const kind = check.reading(name, () => (value as { kind?: unknown } | null)?.kind);
    if (typeof kind !== "string" || !Object.hasOwn(kinds, kind)) {
      check.fail(`${name}: kind`, kind, "'idx', 'labels' or 'numbers'");
    }
    return check.options(name, value, kinds[kind]!, beside);
  };

const both: check.Options<DataDescriptions> = {
  train: check.required(described("training data")),
  test: described("test data"),
};

/** The option `data` of a trainer. */
export const dataOption = check.required(check.group("trainer: data", both));
