// What all objects of the API share: the handle on something in the engine's memory, and the
// Engine, which counts handles, frees them by scope, and knows the module.
import { callable, fail } from "../check.js";
import { LanegradError } from "../errors.js";
import type { LoadedModule } from "./load.js";
import type { RawHandle, RawModule } from "./raw.js";
import type { Variant } from "../protocol/info.js";

/** @internal Symbol.dispose, or a stand-in where the language does not have it yet. */
export const disposal: typeof Symbol.dispose =
  Symbol.dispose ?? (Symbol.for("Symbol.dispose") as typeof Symbol.dispose);

/**
 * What `using x = …` needs, where the language that TypeScript is told of has it: `Symbol.dispose`
 * stands in TypeScript's library esnext.disposable.
 */
export type WithDisposal =
  SymbolConstructor extends Record<"dispose", infer D extends symbol>
    ? { [K in D]: () => void }
    : object;

/** What the engine's memory holds, see Lanegrad.memory. */
export interface Memory {
  /** The objects of the API that hold something in the engine and are not disposed. */
  handles: number;
  /** The bytes of arrays in use. */
  liveBytes: number;
  /** The most bytes of arrays that were in use at one time. */
  peakBytes: number;
  /** The size of the WebAssembly memory in bytes; it never shrinks. */
  heapBytes: number;
}

/** One loaded instance of the module, with the list of its handles. */
export class Engine {
  readonly raw: RawModule;
  readonly variant: Variant;
  readonly threads: number;
  readonly note: string | undefined;
  handles = 0;
  readonly #scopes: Set<Handle>[] = [];
  // Frees handles that were forgotten outside of all scopes. This is a last resort: it is slow, and
  // a scope frees its handles anyway.
  readonly #forgotten = new FinalizationRegistry<RawHandle>((raw) => this.#free(raw));

  constructor(module: LoadedModule) {
    this.raw = module.raw;
    this.variant = module.variant;
    this.threads = module.threads;
    this.note = module.note;
  }

  adopt(handle: Handle, raw: RawHandle): void {
    this.handles++;
    this.#entrust(handle, raw);
  }

  /** Leaves the handle to the open scope, or to the garbage collector. */
  #entrust(handle: Handle, raw: RawHandle): void {
    const scope = this.#scopes.at(-1);
    if (scope) scope.add(handle);
    else this.#forgotten.register(handle, raw, handle);
  }

  release(handle: Handle, raw: RawHandle): void {
    for (const scope of this.#scopes) scope.delete(handle);
    this.#forgotten.unregister(handle);
    this.#free(raw);
  }

  #free(raw: RawHandle): void {
    this.handles--;
    try {
      raw.delete();
    } catch {
      // The instance is dead, and its memory with it.
    }
  }

  scope<T>(body: () => T): T {
    callable("scope", body);
    const made = new Set<Handle>();
    this.#scopes.push(made);
    let result: T | undefined;
    try {
      result = body();
      if (result instanceof Promise) {
        throw new LanegradError(
          "InvalidArgument",
          "scope: the function returned a promise, expected one that is done when it returns",
        );
      }
      return result;
    } finally {
      this.#scopes.pop();
      keep(result, (handle) => {
        if (made.delete(handle)) this.#entrust(handle, handle.raw);
      });
      for (const handle of made) handle.dispose();
    }
  }

  noGrad<T>(body: () => T): T {
    callable("noGrad", body);
    const before = this.raw.gradEnabled();
    this.raw.setGradEnabled(false);
    try {
      return body();
    } finally {
      this.raw.setGradEnabled(before);
    }
  }

  memory(): Memory {
    return {
      handles: this.handles,
      liveBytes: this.raw.liveBytes(),
      peakBytes: this.raw.peakBytes(),
      heapBytes: this.raw.heapBytes(),
    };
  }
}

/**
 * Calls `found` for every handle in a value: the value itself, those in arrays and plain objects,
 * and their parts.
 */
function keep(value: unknown, found: (handle: Handle) => void): void {
  if (value instanceof Handle) {
    found(value);
    for (const part of value.parts()) keep(part, found);
  } else if (Array.isArray(value)) {
    for (const item of value) keep(item, found);
  } else if (
    typeof value === "object" &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype
  ) {
    for (const item of Object.values(value)) keep(item, found);
  }
}

/** Whether this is an object of the engine, rather than something to make one of. */
export function isRaw<Raw extends RawHandle>(value: unknown): value is Raw {
  try {
    return Object.hasOwn(value as object, "$$"); // Embind's record of it
  } catch {
    return false;
  }
}

type ClassOf<H> = abstract new (...values: never[]) => H;

/**
 * Whether this is a handle of that class. It runs no getter and no proxy's trap, which could throw
 * anything.
 */
export function isHandle<H extends Handle>(value: unknown, of: ClassOf<H>): value is H {
  return Handle.is(value) && value instanceof of;
}

/** `value`, checked to be a handle of that class in this engine. */
export function handleIn<H extends Handle>(
  engine: Engine,
  of: ClassOf<H>,
  what: string,
  value: unknown,
  expected: string,
): H {
  if (!isHandle(value, of)) fail(what, value, expected);
  if (value.engine !== engine) fail(what, value, `${expected} of this engine`);
  return value;
}

/**
 * Something in the engine's memory. It stays there until `dispose()`, or until the end of the
 * `scope()` that it was made in. Using it afterwards throws `InvalidState`.
 */
export abstract class Handle<Raw extends RawHandle = RawHandle> {
  /** @internal */
  readonly engine: Engine;
  #raw: Raw | null;
  readonly #what: string;

  /** @internal */
  constructor(engine: Engine, what: string, raw: Raw) {
    this.engine = engine;
    this.#what = what;
    this.#raw = raw;
    engine.adopt(this, raw);
  }

  /** @internal */
  static is(value: unknown): value is Handle {
    return typeof value === "object" && value !== null && #raw in value;
  }

  /** @internal The engine's object; throws `InvalidState` once it is disposed. */
  get raw(): Raw {
    if (this.#raw === null) {
      throw new LanegradError("InvalidState", `${this.#what}: this handle was disposed`);
    }
    return this.#raw;
  }

  /** Whether it has been disposed, by `dispose()` or by a scope. */
  get disposed(): boolean {
    return this.#raw === null;
  }

  /**
   * @internal The handles that belong to this one: a scope keeps them with it, and they are
   * disposed with it.
   */
  parts(): Iterable<Handle> {
    return [];
  }

  /** Frees it in the engine. Disposing it again does nothing. */
  dispose(): void {
    const raw = this.#raw;
    if (raw === null) return;
    for (const part of this.parts()) part.dispose();
    this.#raw = null;
    this.engine.release(this, raw);
  }

  /** @internal Disposes the object at the end of the block of `using x = …`. */
  [disposal](): void {
    this.dispose();
  }

  /** A text for people; Node prints it, too. */
  toString(): string {
    return this.disposed ? `${this.constructor.name} (disposed)` : this.constructor.name;
  }

  /** @internal The text that Node prints. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return String(this);
  }
}

export interface Handle<Raw extends RawHandle = RawHandle> extends WithDisposal {}

/** A class whose objects belong to an engine. */
export type Constructor = new (engine: Engine, ...values: never[]) => unknown;

/** A class whose first argument, the engine, is given already. */
export type Bound<C> = C extends new (engine: Engine, ...values: infer A) => infer T
  ? new (...values: A) => T
  : never;

export function bind<C extends Constructor>(engine: Engine, base: C): Bound<C> {
  const open = base as unknown as new (engine: Engine, ...values: unknown[]) => object;
  const bound = class extends open {
    constructor(...values: unknown[]) {
      super(engine, ...values);
    }
  };
  Object.defineProperty(bound, "name", { value: base.name });
  return bound as unknown as Bound<C>;
}
