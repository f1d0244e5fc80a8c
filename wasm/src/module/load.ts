// Finds and starts the engine: fetches the module of the chosen variant, and makes every bound
// function throw LanegradError. Importing this file uses nothing of a browser or of Node.
import { asLanegradError, LanegradError, textOf } from "../errors.js";
import { fail, whole, type Options } from "../check.js";
import type { HelperStart, HelperTask } from "./helper.js";
import type { RawModule } from "./raw.js";
import {
  bestPlain,
  buildOf,
  hasThreads,
  requireSimd,
  runnable,
  threadsMemory,
  usefulThreads,
  variantIn,
  whyNoThreads,
} from "./variants.js";
import type { Variant } from "../protocol/info.js";

/** Which engine to load, and from where. */
export interface LoadOptions {
  /**
   * Where engine.wasm is, if not beside the package: the URL of the folder `engine/` with a slash
   * at its end, or the URL of one engine.wasm, which is taken for the variant `simd` unless
   * `variant` says otherwise. Relative URLs count from the page.
   */
  wasmUrl?: string | URL | undefined;
  /**
   * Which build to load; throws `Unsupported` where it does not run. Default: the best build that
   * runs here and uses no more threads than `threads`.
   */
  variant?: Variant | undefined;
  /**
   * The most threads that share the work; fewer run where the browser does not allow them.
   * Default: 1 for `load()`; as many as the processor has, up to 8, for `Trainer` and where `variant` asks
   * for a build with threads. Results have the same bits for any number.
   */
  threads?: number | undefined;
}

export const loadOptions: Options<LoadOptions> = {
  wasmUrl: (_, url) => resolveUrl("wasmUrl", url),
  variant: (_, variant) => variantIn(variant),
  threads: (_, threads) => threadCount(threads),
};

/** The engine's module, whose functions throw LanegradErrors. */
export interface LoadedModule {
  raw: RawModule;
  variant: Variant;
  /** The number of threads that share the work, this one included. */
  threads: number;
  /** Ends the other threads; the module cannot be used afterwards. */
  end(): void;
}

export async function loadModule(options: LoadOptions = {}): Promise<LoadedModule> {
  requireSimd();
  const given = options.wasmUrl === undefined ? undefined : resolveUrl("wasmUrl", options.wasmUrl);
  const oneFile = given !== undefined && !given.pathname.endsWith("/");
  const asked = options.variant === undefined ? (oneFile ? "simd" : undefined) : options.variant;
  const most = options.threads;
  const start = (variant: Variant, threads: number): Promise<LoadedModule> =>
    startModule(variant, threads, oneFile ? given : wasmUrl(given, variant));

  if (asked !== undefined) {
    runnable(asked);
    return start(asked, hasThreads(asked) ? (most ?? usefulThreads()) : 1);
  }
  const plain = bestPlain();
  if (most !== undefined && most > 1 && whyNoThreads() === undefined) {
    try {
      return await start(`${plain}-threads`, most);
    } catch {
      // Workers may be forbidden, or the memory too large. One thread will do then.
    }
  }
  return start(plain, 1);
}

/** The number of threads, checked; the message is that of the engine's thread pool. */
export function threadCount(threads: unknown): number {
  const count = whole("threads", threads);
  return count >= 1 && count <= 64 ? count : fail("threads", count, "1 to 64");
}

// ---- Starting ---------------------------------------------------------------

/** What the glue is called with. It makes this object the module. */
interface Settings {
  instantiateWasm(
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): object;
  /** The memory, where threads share it. */
  wasmMemory?: WebAssembly.Memory;
  /** Makes a waiting helper run a task, see glue.js. */
  wakeHelper?(task: HelperTask): boolean;
}

type Glue = (settings: Settings) => Promise<RawModule & Record<string, unknown>>;

async function startModule(variant: Variant, threads: number, url: URL): Promise<LoadedModule> {
  // The glue loads while the module does.
  const importing = importGlue(variant);
  importing.catch(() => {});
  const module = await compile(url);
  const glue = await importing;
  let helpers: Helpers | undefined;
  try {
    helpers = hasThreads(variant) ? new Helpers(threads - 1) : undefined;
    // The glue's own way to instantiate the module never rejects when that fails, so it is done
    // here.
    const starting = new Promise<Awaited<ReturnType<Glue>>>((resolve, reject) => {
      glue({
        instantiateWasm(imports, done) {
          WebAssembly.instantiate(module, imports).then(
            (instance) => done(instance, module),
            reject,
          );
          return {};
        },
        ...helpers?.settings,
      }).then(resolve, reject);
    });
    const [raw] = await Promise.all([starting, helpers?.ready(module)]);
    const died = guardModule(raw);
    if (helpers) helpers.onDeath = died;
    if (threads > 1) raw.setThreads(threads);
    return { raw, variant, threads, end: () => helpers?.end() };
  } catch (thrown) {
    helpers?.end();
    throw new LanegradError("LoadFailed", `engine: ${url} did not start (${textOf(thrown)})`, {
      cause: thrown,
    });
  }
}

/** Helpers that have not started after this time are taken for ones that cannot. */
const helperSeconds = 10;

/**
 * The workers that run the other threads, and the memory that all share. They start with the
 * module, since a thread that waits for others cannot start any.
 */
class Helpers {
  readonly settings: Required<Pick<Settings, "wasmMemory" | "wakeHelper">>;
  onDeath?: (cause: unknown) => void;
  readonly #workers: Worker[];

  constructor(count: number) {
    const pages = threadsMemory / 2 ** 16;
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    this.#workers = Array.from(
      { length: count },
      // Bundlers look for exactly this expression.
      () => new Worker(new URL("./helper.js", import.meta.url), { type: "module" }),
    );
    for (const worker of this.#workers) {
      worker.onerror = (event) => {
        event.preventDefault();
        this.onDeath?.(new Error(event.message || "the worker of a thread could not be loaded"));
      };
    }
    const waiting = [...this.#workers];
    this.settings = {
      wasmMemory: memory,
      wakeHelper(task) {
        const helper = waiting.pop();
        helper?.postMessage(task);
        return helper !== undefined;
      },
    };
  }

  /** Resolves when all have started; rejects when one dies before. */
  async ready(module: WebAssembly.Module): Promise<void> {
    const said = this.#workers.map((worker) => {
      worker.postMessage({ module, memory: this.settings.wasmMemory } satisfies HelperStart);
      return new Promise((resolve) => (worker.onmessage = resolve));
    });
    let timer: ReturnType<typeof setTimeout> | undefined;
    const dying = new Promise<never>((_, reject) => {
      this.onDeath = reject;
      const late = new Error(`no sign of life of its threads within ${helperSeconds} seconds`);
      timer = setTimeout(reject, helperSeconds * 1000, late);
    });
    await Promise.race([dying, Promise.all(said)]).finally(() => clearTimeout(timer));
  }

  end(): void {
    for (const worker of this.#workers) worker.terminate();
  }
}

// ---- Fetching ---------------------------------------------------------------

function wasmUrl(folder: URL | undefined, variant: Variant): URL {
  return folder ? new URL(`${variant}/engine.wasm`, folder) : buildOf(variant).wasm();
}

/** An absolute URL. A relative one counts from the page or, in Node, from the working directory. */
export function resolveUrl(what: string, given: unknown): URL {
  if (given instanceof URL) return given;
  if (typeof given !== "string" || given === "") fail(what, given, "a URL");
  const { document, location } = globalThis as {
    document?: { baseURI: string };
    location?: { href: string };
  };
  const base = document?.baseURI ?? location?.href ?? `file://${process.cwd()}/`;
  try {
    return new URL(given, base);
  } catch {
    return fail(what, given, "a URL");
  }
}

async function importGlue(variant: Variant): Promise<Glue> {
  try {
    return ((await buildOf(variant).glue()) as { default: Glue }).default;
  } catch (thrown) {
    throw new LanegradError(
      "LoadFailed",
      `engine: engine.mjs could not be loaded from beside the package (${textOf(thrown)})`,
      { cause: thrown },
    );
  }
}

async function compile(url: URL): Promise<WebAssembly.Module> {
  const bytes = url.protocol === "file:" ? await readFile(url) : await fetchWasm(url);
  try {
    return await (bytes instanceof Response
      ? WebAssembly.compileStreaming(bytes)
      : WebAssembly.compile(bytes));
  } catch (thrown) {
    throw loadFailed(url, `is damaged or incomplete (${textOf(thrown)})`, thrown);
  }
}

async function readFile(url: URL): Promise<BufferSource> {
  const files = globalThis.process?.getBuiltinModule?.("node:fs/promises");
  if (!files) throw loadFailed(url, "could not be fetched (a browser fetches no files)");
  try {
    return await files.readFile(url);
  } catch (thrown) {
    throw loadFailed(url, `could not be read (${textOf(thrown)})`, thrown);
  }
}

/** How a WebAssembly module begins: "\\0asm". */
const magic = "0,97,115,109";

/** The response itself where it can be compiled as it arrives, else its bytes. */
async function fetchWasm(url: URL): Promise<Response | BufferSource> {
  let response: Response;
  try {
    response = await fetch(url, { credentials: "same-origin" });
  } catch (thrown) {
    throw loadFailed(url, `could not be fetched (${textOf(thrown)})`, thrown);
  }
  if (!response.ok) {
    throw loadFailed(url, `could not be fetched (the server answered ${response.status})`);
  }
  const type = response.headers.get("Content-Type") ?? "";
  if (/^application\/wasm\b/i.test(type)) return response;
  // Some static hosts do not know the file type; others answer a missing file with a page.
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (String(bytes.subarray(0, 4)) === magic) return bytes;
  throw loadFailed(url, `is ${type === "" ? "of no known type" : type}, expected application/wasm`);
}

function loadFailed(url: URL, what: string, cause?: unknown): LanegradError {
  return new LanegradError("LoadFailed", `engine: ${url} ${what}`, { cause });
}

// ---- Guarding ---------------------------------------------------------------

type Callable = (this: unknown, ...values: unknown[]) => unknown;

/**
 * Replaces every bound function, and the methods of every handle, by one that throws LanegradError.
 * Returns a function to be called when the module has died in another way.
 */
function guardModule(module: Record<string, unknown>): (cause: unknown) => void {
  let dead: LanegradError | undefined;
  const guard = (call: Callable): Callable =>
    function (...values) {
      if (dead) throw crashed(dead.cause);
      let result: unknown;
      try {
        result = call.apply(this, values);
      } catch (thrown) {
        if (isFullMemory(thrown))
          throw new LanegradError("OutOfMemory", noMemory, { cause: thrown });
        throw isFatal(thrown) ? (dead = crashed(thrown)) : asLanegradError(thrown);
      }
      const failure = module.failure as Pick<LanegradError, "code" | "message"> | undefined;
      if (failure === undefined) return result;
      module.failure = undefined;
      throw new LanegradError(failure.code, failure.message);
    };
  for (const [name, value] of Object.entries(module)) {
    if (typeof value !== "function") continue;
    if (!name.endsWith("Handle")) {
      module[name] = guard(value as Callable);
      continue;
    }
    const methods = value.prototype as Record<string, unknown>;
    for (const method of Object.keys(methods)) {
      methods[method] = guard(methods[method] as Callable);
    }
    methods.delete = guard(methods.delete as Callable);
  }
  return (cause) => void (dead ??= crashed(cause));
}

const noMemory = "engine: there is not enough memory for this";

/** Whether JavaScript has no room for a copy. The engine itself is unharmed then. */
function isFullMemory(thrown: unknown): boolean {
  return thrown instanceof RangeError && /alloc|memory/i.test(thrown.message);
}

/**
 * Whether the module's memory can no longer be trusted: after a trap, or when a stack has
 * overflowed.
 */
function isFatal(thrown: unknown): boolean {
  return (
    thrown instanceof WebAssembly.RuntimeError ||
    thrown instanceof RangeError ||
    thrown instanceof WebAssembly.Exception
  );
}

function crashed(cause: unknown): LanegradError {
  return new LanegradError(
    "Crashed",
    `engine: it has crashed (${textOf(cause)}) and has to be loaded again`,
    { cause },
  );
}
