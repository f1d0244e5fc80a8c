// The engine's objects as the worker holds them: plain handles, each freed where it was made. The classes of `load()` are not
// a part of the worker.
import type { LayerHandle, NetHandle, RawHandle, TensorHandle } from "../module/raw.js";

/** Takes a handle that is freed at the end of the scope, and returns it. */
export type Own = <H extends RawHandle>(handle: H) => H;

export type Tensors = Record<string, TensorHandle>;

/** Frees a handle. */
export function release(handle: RawHandle): void {
  try {
    handle.delete();
  } catch {
    // The instance is dead, and its memory with it.
  }
}

/** Runs `body`, and then frees the handles that it owned. */
export function scoped<T>(body: (own: Own) => T): T {
  const owned: RawHandle[] = [];
  try {
    return body((handle) => {
      owned.push(handle);
      return handle;
    });
  } finally {
    owned.forEach(release);
  }
}

/** Tensors by name from the pairs that the engine gives. */
export const named = (own: Own, pairs: [string, TensorHandle][]): Tensors =>
  Object.fromEntries(pairs.map(([name, tensor]) => [name, own(tensor)]));

/** The tensors of a net's layers that gradients change, or those that change without, by names such as "dense1.weight". */
export function tensorsOf(
  own: Own,
  net: NetHandle,
  of: "namedTensors" | "namedBuffers" = "namedTensors",
): Tensors {
  const inside = ([name, layer]: [string, LayerHandle]): [string, TensorHandle][] =>
    own(layer)
      [of]()
      .map(([inner, tensor]) => [`${name}.${inner}`, tensor]);
  return named(own, net.layers().flatMap(inside));
}
