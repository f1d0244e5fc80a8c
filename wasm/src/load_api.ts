// The way to the API of `load()`: it is a script of its own, with the engine's glue, which a page that only trains in a
// worker does not load. inline/load_api.ts takes the place of this file in lanegrad/inline.
import type { Lanegrad } from "./api/lanegrad.js";
import { LanegradError, textOf } from "./errors.js";
import type { LoadOptions } from "./module/load.js";

/**
 * Loads the engine into this thread. Throws `Unsupported` where there is no WebAssembly SIMD and
 * `LoadFailed` where a file is missing or broken. Other threads share the work only in a worker,
 * and only if `threads` or `variant` asks for them.
 */
export async function load(options?: LoadOptions): Promise<Lanegrad> {
  let api: typeof import("./api/lanegrad.js");
  try {
    api = await import("./api/lanegrad.js");
  } catch (thrown) {
    throw new LanegradError(
      "LoadFailed",
      `load: api.js could not be loaded from beside the package (${textOf(thrown)}), expected that file, or lanegrad/inline, which holds it`,
      { cause: thrown },
    );
  }
  return api.load(options);
}
