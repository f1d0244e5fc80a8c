// Where the other parts of the package are in the script lanegrad/inline, which holds them all: in it, as texts.
// wasm/package.mjs makes the module of texts, and puts this file where module/parts.ts is imported.
import { scriptWith, type Script } from "../module/script.js";
import type { Variant } from "../protocol/info.js";
import { helper, modules, worker } from "./texts.js";

export function moduleOf(variant: Variant): URL | Uint8Array<ArrayBuffer> {
  const text = modules[variant];
  return Uint8Array.from({ length: text.length / 2 }, (_, i) =>
    Number.parseInt(text.slice(2 * i, 2 * i + 2), 16),
  );
}

/** A worker gets the modules in front of its script, see texts.d.ts. */
export const workerFile = (): URL | string =>
  `const lanegradModules=${JSON.stringify(modules)};\n${worker}`;

// One address each, however many workers there are.
let [ofWorker, ofHelper]: Script[] = [];

export const workerScript = (): Script => (ofWorker ??= scriptWith(String(workerFile())));

export const helperFile = (): URL | string => helper;

export const helperScript = (): Script => (ofHelper ??= scriptWith(helper));
