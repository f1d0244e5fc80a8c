// Finds and starts the engine: probes the processor, fetches the module, and makes every bound function
// throw LanegradError. Uses nothing of a browser or of Node while it is being imported.
import { LanegradError, asLanegradError } from "./errors.js";
import { fail } from "./check.js";
import type { RawModule } from "./raw.js";

/**
 * Which build of the engine runs. `simd` uses WebAssembly's 128-bit SIMD; `relaxed` multiplies and adds
 * in one instruction besides, which Safari lacks and which is about twice as fast where it is there.
 */
export type Variant = keyof typeof builds;

export interface LoadOptions {
  /**
   * Where engine.wasm is, if not beside the package: the URL of the folder `engine/` with a slash at its
   * end, or of one engine.wasm, which is taken for the variant `simd` unless `variant` says otherwise.
   * Relative URLs count from the page.
   */
  wasmUrl?: string | URL;
  /** Which build to load; left out, the best one that runs here. */
  variant?: Variant | undefined;
}

type Glue = (settings: {
  instantiateWasm(
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): object;
}) => Promise<RawModule & Record<string, unknown>>;

// Bundlers look for exactly these expressions.
const builds = {
  simd: {
    wasm: () => new URL("./engine/simd/engine.wasm", import.meta.url),
    glue: () => import("./engine/simd/engine.mjs"),
  },
  relaxed: {
    wasm: () => new URL("./engine/relaxed/engine.wasm", import.meta.url),
    glue: () => import("./engine/relaxed/engine.mjs"),
  },
};

/** The engine's module with all its functions guarded. */
export interface LoadedModule {
  raw: RawModule;
  variant: Variant;
}

export async function loadModule(options: LoadOptions = {}): Promise<LoadedModule> {
  requireSimd();
  const given = options.wasmUrl === undefined ? undefined : resolveUrl("wasmUrl", options.wasmUrl);
  const oneFile = given !== undefined && !given.pathname.endsWith("/");
  const variant = chooseVariant(options.variant ?? (oneFile ? "simd" : undefined));
  const url = oneFile ? given : wasmUrl(given, variant);
  const module = await compile(url);
  const glue = await importGlue(variant);
  try {
    // The glue's own way to instantiate never rejects when it goes wrong, so it is done here.
    const raw = await new Promise<Awaited<ReturnType<Glue>>>((resolve, reject) => {
      glue({
        instantiateWasm(imports, done) {
          WebAssembly.instantiate(module, imports).then(
            (instance) => done(instance, module),
            reject,
          );
          return {};
        },
      }).then(resolve, reject);
    });
    guardModule(raw);
    return { raw, variant };
  } catch (thrown) {
    throw new LanegradError("LoadFailed", `engine: ${url} did not start (${textOf(thrown)})`, {
      cause: thrown,
    });
  }
}

// ---- Probing ----------------------------------------------------------------------------------------

// (func (export "f") (param f32) (result f32)): the last lane of x·x + (1, 2, 3, 4), so f(3) = 13.
const simdProbe = new Uint8Array([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 6, 1, 0x60, 1, 0x7d, 1, 0x7d, 3, 2, 1, 0, 7, 5, 1, 1, 0x66, 0,
  0, 0x0a, 0x27, 1, 0x25, 0, 0x20, 0, 0xfd, 0x13, 0x20, 0, 0xfd, 0x13, 0xfd, 0xe6, 1, 0xfd, 0x0c, 0,
  0, 0x80, 0x3f, 0, 0, 0, 0x40, 0, 0, 0x40, 0x40, 0, 0, 0x80, 0x40, 0xfd, 0xe4, 1, 0xfd, 0x1f, 3,
  0x0b,
]);

/** Computes with SIMD rather than asking for it: some browsers accept such code and get it wrong. */
function requireSimd(): void {
  if (typeof WebAssembly !== "object") {
    throw new LanegradError("Unsupported", "engine: this browser has no WebAssembly");
  }
  try {
    new WebAssembly.Module(simdProbe.slice(0, 8));
  } catch (thrown) {
    throw new LanegradError(
      "LoadFailed",
      "engine: WebAssembly is forbidden here, the Content-Security-Policy has to allow 'wasm-unsafe-eval' in script-src",
      { cause: thrown },
    );
  }
  let result: unknown;
  try {
    const instance = new WebAssembly.Instance(new WebAssembly.Module(simdProbe));
    result = (instance.exports as { f(x: number): number }).f(3);
  } catch {
    result = undefined;
  }
  if (result !== 13) {
    throw new LanegradError(
      "Unsupported",
      "engine: this browser has no WebAssembly SIMD, which lanegrad needs; Chrome 91, Firefox 89, Safari 16.4 and newer have it",
    );
  }
}

// (func (result v128)): f32x4.relaxed_madd of zeros.
const relaxedProbe = new Uint8Array([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7b, 3, 2, 1, 0, 0x0a, 0x13, 1, 0x11, 0,
  0x41, 0, 0xfd, 0x11, 0x41, 0, 0xfd, 0x11, 0x41, 0, 0xfd, 0x11, 0xfd, 0x85, 2, 0x0b,
]);

function chooseVariant(wanted: Variant | undefined): Variant {
  const relaxed = WebAssembly.validate(relaxedProbe);
  if (wanted === undefined) return relaxed ? "relaxed" : "simd";
  if (!Object.hasOwn(builds, wanted)) {
    fail(
      "variant",
      wanted,
      `${Object.keys(builds)
        .map((name) => `'${name}'`)
        .join(" or ")}`,
    );
  }
  if (wanted === "relaxed" && !relaxed) {
    throw new LanegradError(
      "Unsupported",
      "engine: this browser has no relaxed WebAssembly SIMD, which the variant 'relaxed' needs; 'simd' runs here",
    );
  }
  return wanted;
}

// ---- Fetching ---------------------------------------------------------------------------------------

function wasmUrl(folder: URL | undefined, variant: Variant): URL {
  return folder ? new URL(`${variant}/engine.wasm`, folder) : builds[variant].wasm();
}

/** An absolute URL; a relative one counts from the page or, in Node, from the working directory. */
export function resolveUrl(what: string, given: string | URL): URL {
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
    return ((await builds[variant].glue()) as { default: Glue }).default;
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
  // Some static hosts do not know the type; others answer a missing file with a page.
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (bytes[0] === 0 && bytes[1] === 0x61 && bytes[2] === 0x73 && bytes[3] === 0x6d) return bytes;
  throw loadFailed(url, `is ${type === "" ? "of no known type" : type}, expected application/wasm`);
}

function loadFailed(url: URL, what: string, cause?: unknown): LanegradError {
  return new LanegradError("LoadFailed", `engine: ${url} ${what}`, { cause });
}

function textOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

// ---- Guarding ---------------------------------------------------------------------------------------

type Callable = (this: unknown, ...values: unknown[]) => unknown;

/** Replaces every bound function, and the methods of every handle, by one that throws LanegradError. */
function guardModule(module: Record<string, unknown>): void {
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
}

const noMemory = "engine: there is not enough memory for this";

/** JavaScript has no room for a copy; the engine is as good as before. */
function isFullMemory(thrown: unknown): boolean {
  return thrown instanceof RangeError && /alloc|memory/i.test(thrown.message);
}

/** After a trap, or when a stack has overflowed, the module's memory cannot be trusted any more. */
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
