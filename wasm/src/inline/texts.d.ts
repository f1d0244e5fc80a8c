// What wasm/package.mjs puts into lanegrad/inline.
import type { Variant } from "../protocol/info.js";

/** The modules, two hexadecimal digits a byte. In the worker's script they are those that stand in front of it. */
export const modules: Record<Variant, string>;
/** The script of a trainer's worker, and that of its helpers; the worker itself has none of the first. */
export const worker: string;
export const helper: string;
