// Data sets of the engine made of arrays, and of one batch of data that come in batches.
import type { LoadedModule } from "../module/load.js";
import type { DataSetHandle, TensorHandle } from "../module/raw.js";
import type { SentStream } from "../protocol/batches.js";
import { idxHeader } from "../values.js";
import { scoped, type Own } from "./handles.js";

type Numbers = ArrayLike<number>;

/** Makes a data set of these inputs, [S, …], with their labels or targets; messages call it `what`. */
export function arraySet(
  { raw }: LoadedModule,
  own: Own,
  about: { kind: "labels"; classes: number } | { kind: "numbers"; outputs: number },
  inputs: TensorHandle,
  targets: Numbers,
  what: string,
): DataSetHandle {
  if (about.kind === "labels") {
    return raw.LabelSet(inputs, targets as Int32Array, about.classes, what);
  }
  const shape = [inputs.shape()[0] ?? 0, about.outputs];
  return raw.NumberSet(inputs, own(raw.tensor(targets as Float32Array, shape, false)), what);
}

/** Makes a data set of so many samples, of the kind and with the shape of these data. */
export function batchSet(
  engine: LoadedModule,
  data: SentStream,
  count: number,
  inputs: Float32Array | Uint8Array | Int32Array,
  targets: Numbers,
): DataSetHandle {
  const { raw } = engine;
  const extents = [count, ...data.shape.slice(1)];
  if (data.kind === "images") {
    const header = idxHeader(extents);
    const set = raw.ImageSet(header.length + inputs.length);
    set.append(header);
    set.append(inputs as Uint8Array);
    const labels = new Uint8Array([...idxHeader([count]), ...Array.from(targets)]);
    set.finish(labels, "training", data.classes);
    return set;
  }
  return scoped((own) => {
    const x = own(raw.tensor(inputs as Float32Array, extents, false));
    return arraySet(engine, own, data, x, targets, "training data");
  });
}
