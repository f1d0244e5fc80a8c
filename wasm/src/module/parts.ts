// Where the other parts of the package are: beside this script. inline/parts.ts takes the place of this file in the script
// that holds them all.
import type { Variant } from "../protocol/info.js";
import { scriptOf, type Script } from "./script.js";

// Bundlers look for exactly these expressions.
const modules: Record<Variant, () => URL> = {
  simd: () => new URL("./engine/simd/engine.wasm", import.meta.url),
  relaxed: () => new URL("./engine/relaxed/engine.wasm", import.meta.url),
  "simd-threads": () => new URL("./engine/simd-threads/engine.wasm", import.meta.url),
  "relaxed-threads": () => new URL("./engine/relaxed-threads/engine.wasm", import.meta.url),
};

/** The module of a build: its address, or its bytes. */
export const moduleOf = (variant: Variant): URL | Uint8Array<ArrayBuffer> => modules[variant]();

/** The script of a trainer's worker. */
export const workerScript = (): Script =>
  scriptOf(() => new Worker(new URL("./worker.js", import.meta.url), { type: "module" }));

/** The same where the workers are Node's. The address is in a variable, since bundlers would copy the script once more. */
export function workerFile(): URL | string {
  const here = import.meta.url;
  return new URL("./worker.js", here);
}

/** The script of the threads where they are Node's. */
export function helperFile(): URL | string {
  const here = import.meta.url;
  return new URL("./helper.js", here);
}

/** The script of the threads that share a module's work. */
export const helperScript = (): Script =>
  scriptOf(() => new Worker(new URL("./helper.js", import.meta.url), { type: "module" }));
