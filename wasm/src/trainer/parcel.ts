// What is sent to a worker. Typed arrays are copied, or their memory is handed over, at the call,
// so that whatever the caller does with them afterwards changes nothing.
import { kindOf } from "../check.js";
import { mapped } from "../values.js";

type View = Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>;

/** The arrays that checked arguments hold, by kind. */
const kinds: Readonly<
  Record<string, new (from: ArrayBuffer | View, begin?: number, length?: number) => View>
> = {
  Uint8Array,
  Float32Array,
  Int32Array,
};

/** A copy of these numbers, in this memory where they fit. */
export function copyIn(
  memory: ArrayBuffer | undefined,
  values: Float32Array,
): Float32Array<ArrayBuffer> {
  const fits = memory && memory.byteLength >= values.byteLength;
  const copy = fits ? new Float32Array(memory, 0, values.length) : new Float32Array(values.length);
  copy.set(values);
  return copy;
}

/** Values for one message, and the buffers in them that are handed over. */
export class Parcel {
  readonly #views = new Map<object, View>();

  get buffers(): ArrayBuffer[] {
    return [...new Set([...this.#views.values()].map(({ buffer }) => buffer))];
  }

  /** The value with copies of its typed arrays; each is copied once. */
  copied<T>(value: T): T {
    return this.#copied(value) as T;
  }

  /**
   * The value with the memory of its typed arrays, which the caller loses at once. Memory that
   * cannot be handed over, such as shared memory, is copied.
   */
  taken<T>(value: T): T {
    // A view loses its place when its buffer is handed over, so the places are noted first.
    const places = viewsIn(value).map((view) => {
      const { byteOffset, length, buffer } = view;
      return { view, make: kinds[kindOf(view)!]!, byteOffset, length, buffer };
    });
    const moved = new Map<ArrayBuffer, ArrayBuffer | undefined>();
    for (const { view, make: Kind, byteOffset, length, buffer } of places) {
      if (!moved.has(buffer)) moved.set(buffer, handedOver(buffer));
      const memory = moved.get(buffer);
      if (memory) this.#views.set(view, new Kind(memory, byteOffset, length));
    }
    return this.copied(value);
  }

  #copied(value: unknown): unknown {
    if (typeof value !== "object" || value === null) return value;
    if (ArrayBuffer.isView(value)) {
      const copy = this.#views.get(value) ?? new kinds[kindOf(value)!]!(value as View);
      this.#views.set(value, copy);
      return copy;
    }
    if (Array.isArray(value)) return value.map((item) => this.#copied(item));
    return mapped(value as Record<string, unknown>, (item) => this.#copied(item));
  }
}

function viewsIn(value: unknown): View[] {
  if (ArrayBuffer.isView(value)) return [value as View];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(viewsIn) : [];
}

/**
 * The memory of this buffer in a new buffer that the caller does not have; undefined where it
 * cannot be moved.
 */
function handedOver(buffer: ArrayBuffer): ArrayBuffer | undefined {
  try {
    return structuredClone(buffer, { transfer: [buffer] });
  } catch {
    return undefined;
  }
}
