// A data set of the engine made of one batch of data that come in batches.
import type { LoadedModule } from "../module/load.js";
import type { DataSetHandle } from "../module/raw.js";
import type { SentStream } from "../protocol/batches.js";
import { scoped } from "./handles.js";
import { idxHeader } from "./memory.js";

const what = "training data";

/** Makes a data set of so many samples, of the kind and with the shape of these data. */
export function batchSet(
  { raw }: LoadedModule,
  data: SentStream,
  count: number,
  inputs: Float32Array | Uint8Array | Int32Array,
  targets: Float32Array | Uint8Array | Int32Array,
): DataSetHandle {
  const extents = [count, ...data.shape.slice(1)];
  if (data.kind === "images") {
    const header = idxHeader(extents);
    const set = raw.ImageSet(header.length + inputs.length);
    set.append(header);
    set.append(inputs as Uint8Array);
    set.finish(new Uint8Array([...idxHeader([count]), ...targets]), "training", data.classes);
    return set;
  }
  return scoped((own) => {
    const tensor = (values: typeof inputs, shape: readonly number[]) =>
      own(raw.tensor(values as Float32Array, shape, false));
    const x = tensor(inputs, extents);
    return data.kind === "labels"
      ? raw.LabelSet(x, targets as Int32Array, data.classes, what)
      : raw.NumberSet(x, tensor(targets, [count, data.outputs]), what);
  });
}
