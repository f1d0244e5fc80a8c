// Starts the engine: the module of the chosen variant, with the threads that share its work.
// Importing this file uses nothing of a browser or of Node.
import { fail, whole, type Options } from "../check.js";
import { LanegradError, textOf } from "../errors.js";
import type { Variant } from "../protocol/info.js";
import { compile, resolveUrl } from "./fetch.js";
import { runGlue } from "./glue.js";
import { guardModule } from "./guard.js";
import { moduleOf } from "./parts.js";
import { outlived } from "./place.js";
import type { RawModule } from "./raw.js";
import type { Bridge } from "./script.js";
import { helperAddress, Helpers } from "./threads.js";
import {
  bestPlain,
  hasThreads,
  requireSimd,
  runnable,
  usefulThreads,
  variantIn,
  whyNoThreads,
} from "./variants.js";

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
  /** A sentence that says why there is one thread, where more were asked for. */
  note?: string | undefined;
  /** Ends the other threads; the module cannot be used afterwards. */
  end(): void;
}

/** How to load it, and what starts threads with a script of another origin. */
export interface Loading extends LoadOptions {
  bridge?: Bridge;
}

export async function loadModule(options: Loading = {}): Promise<LoadedModule> {
  requireSimd();
  const given = options.wasmUrl === undefined ? undefined : resolveUrl("wasmUrl", options.wasmUrl);
  const oneFile = given !== undefined && !given.pathname.endsWith("/");
  const asked = options.variant === undefined ? (oneFile ? "simd" : undefined) : options.variant;
  const most = options.threads;
  const start = (variant: Variant, threads: number): Promise<LoadedModule> =>
    startModule(variant, threads, oneFile ? given : moduleIn(given, variant), options.bridge);

  if (asked !== undefined) {
    runnable(asked);
    return start(asked, hasThreads(asked) ? (most ?? usefulThreads()) : 1);
  }
  const plain = bestPlain();
  if (most === undefined || most === 1) return start(plain, 1);
  const why = whyNoThreads();
  let note = `One thread runs: a build with threads ${why}.`;
  if (why === undefined) {
    try {
      return await start(`${plain}-threads`, most);
    } catch (thrown) {
      // Workers may be forbidden, or the memory too large. One thread will do then.
      note = `One thread runs: ${textOf(thrown)}.`;
    }
  }
  return { ...(await start(plain, 1)), note };
}

const moduleIn = (folder: URL | undefined, variant: Variant) =>
  folder ? new URL(`${variant}/engine.wasm`, folder) : moduleOf(variant);

/** The number of threads, checked; the message is that of the engine's thread pool. */
export function threadCount(threads: unknown): number {
  const count = whole("threads", threads);
  return count >= 1 && count <= 64 ? count : fail("threads", count, "1 to 64");
}

// ---- Starting ---------------------------------------------------------------

async function startModule(
  variant: Variant,
  threads: number,
  from: URL | Uint8Array<ArrayBuffer>,
  bridge: Bridge = ({ url }) => url,
): Promise<LoadedModule> {
  const module = await compile(from);
  let helpers: Helpers | undefined;
  try {
    helpers = hasThreads(variant)
      ? new Helpers(threads - 1, await helperAddress(bridge))
      : undefined;
    const [raw] = await Promise.all([runGlue(module, helpers?.shared), helpers?.ready(module)]);
    const died = guardModule(raw);
    if (helpers) helpers.onDeath = died;
    if (threads > 1) raw.setThreads(threads);
    return {
      raw,
      variant,
      threads,
      end() {
        try {
          if (helpers && outlived()) raw.setThreads(1);
        } catch {
          // It has crashed.
        }
        helpers?.end();
      },
    };
  } catch (thrown) {
    helpers?.end();
    const name = from instanceof URL ? from : `the module of '${variant}'`;
    throw new LanegradError("LoadFailed", `engine: ${name} did not start (${textOf(thrown)})`, {
      cause: thrown,
    });
  }
}
