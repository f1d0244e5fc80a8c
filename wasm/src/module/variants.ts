// The builds of the module, and which of them run here.
import { fail } from "../check.js";
import { LanegradError } from "../errors.js";
import type { Variant } from "../protocol/info.js";
import { builtin, here, inProcess } from "./place.js";

type Plain = "simd" | "relaxed";

const variants: readonly Variant[] = ["simd", "relaxed", "simd-threads", "relaxed-threads"];

export const hasThreads = (variant: Variant): variant is `${Plain}-threads` =>
  variant.endsWith("-threads");

/** The bytes of memory that a build with threads has: -sINITIAL_MEMORY of wasm/CMakeLists.txt. */
export const threadsMemory = 256 * 2 ** 20;

/**
 * The most threads that are used unless more are asked for. With more of them, waiting for each
 * other takes what they gain.
 */
const usualThreads = 8;

/** The number of threads that are worth using here. */
export const usefulThreads = (): number => (whyNoThreads() === undefined ? mostThreads() : 1);

/** The number of threads that are wanted here, whether the page allows them or not. */
export const wantedThreads = (): number => (inWorker() ? mostThreads() : 1);

function mostThreads(): number {
  const os = inProcess() ? builtin("node:os") : undefined;
  const cores = os ? os.availableParallelism() : navigator.hardwareConcurrency || 1;
  return Math.min(usualThreads, cores);
}

/** The best build for one thread that runs here. */
export function bestPlain(): Plain {
  return hasRelaxed() ? "relaxed" : "simd";
}

/** The name of a variant, checked, whether it runs here or not. */
export function variantIn(variant: unknown): Variant {
  if (variants.includes(variant as Variant)) return variant as Variant;
  const names = variants.map((name) => `'${name}'`);
  return fail("variant", variant, `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`);
}

/**
 * The variant that was asked for; throws `Unsupported` with the reason where it does not run here.
 */
export function runnable(variant: Variant): Variant {
  const [kind] = variant.split("-") as [Plain];
  if (kind === "relaxed" && !hasRelaxed()) {
    const other = variant.replace("relaxed", "simd") as Variant;
    throw unsupported(
      `${here()} has no relaxed WebAssembly SIMD, which the variant '${variant}' needs`,
      hasThreads(other) && whyNoThreads() !== undefined ? "simd" : other,
    );
  }
  const why = hasThreads(variant) ? whyNoThreads() : undefined;
  if (why !== undefined) throw unsupported(`the variant '${variant}' ${why}`, kind);
  return variant;
}

function unsupported(why: string, other: Variant): LanegradError {
  return new LanegradError("Unsupported", `engine: ${why}; '${other}' runs here`);
}

// ---- Probing ----------------------------------------------------------------

// (func (export "f") (param f32) (result f32)): the last lane of x·x + (1, 2, 3, 4), so f(3) = 13.
const simdProbe = /* @__PURE__ */ new Uint8Array([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 6, 1, 0x60, 1, 0x7d, 1, 0x7d, 3, 2, 1, 0, 7, 5, 1, 1, 0x66, 0,
  0, 0x0a, 0x27, 1, 0x25, 0, 0x20, 0, 0xfd, 0x13, 0x20, 0, 0xfd, 0x13, 0xfd, 0xe6, 1, 0xfd, 0x0c, 0,
  0, 0x80, 0x3f, 0, 0, 0, 0x40, 0, 0, 0x40, 0x40, 0, 0, 0x80, 0x40, 0xfd, 0xe4, 1, 0xfd, 0x1f, 3,
  0x0b,
]);

/** Computes with SIMD and checks the result: some browsers accept such code and get it wrong. */
export function requireSimd(): void {
  if (typeof WebAssembly !== "object") {
    throw new LanegradError("Unsupported", `engine: ${here()} has no WebAssembly`);
  }
  try {
    // Where it is forbidden, WebKit compiles, and makes no instance.
    new WebAssembly.Instance(new WebAssembly.Module(simdProbe.slice(0, 8)));
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
      `engine: ${here()} has no WebAssembly SIMD, which lanegrad needs; Chrome 91, Firefox 89, Safari 16.4 and newer have it`,
    );
  }
}

// (func (result v128)): f32x4.relaxed_madd of zeros.
const relaxedProbe = /* @__PURE__ */ new Uint8Array([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7b, 3, 2, 1, 0, 0x0a, 0x13, 1, 0x11, 0,
  0x41, 0, 0xfd, 0x11, 0x41, 0, 0xfd, 0x11, 0x41, 0, 0xfd, 0x11, 0xfd, 0x85, 2, 0x0b,
]);

const hasRelaxed = (): boolean => WebAssembly.validate(relaxedProbe);

/**
 * The reason why the builds with threads do not run here, as the end of a sentence about one of
 * them; undefined where they do.
 */
export function whyNoThreads(): string | undefined {
  const scope = globalThis as { Worker?: unknown; crossOriginIsolated?: boolean };
  if (inProcess()) {
    if (sharesMemory()) return undefined;
    return `needs workers in workers and shared memory, which ${here()} does not have`;
  }
  if (!inWorker()) {
    return "runs in a browser's workers only, since a window may not wait for threads";
  }
  if (scope.crossOriginIsolated !== true) {
    return "needs a cross-origin isolated page, by the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp";
  }
  if (typeof scope.Worker !== "function" || !sharesMemory()) {
    return `needs workers in workers and shared memory, which ${here()} does not have`;
  }
  return undefined;
}

/** Whether this is a worker. */
function inWorker(): boolean {
  const threads = inProcess() ? builtin("node:worker_threads") : undefined;
  if (threads) return !threads.isMainThread;
  const { DedicatedWorkerGlobalScope: Scope } = globalThis as {
    DedicatedWorkerGlobalScope?: new () => unknown;
  };
  return Scope !== undefined && globalThis instanceof Scope;
}

function sharesMemory(): boolean {
  try {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    return memory.buffer instanceof SharedArrayBuffer;
  } catch {
    return false;
  }
}
