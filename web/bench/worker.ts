// Runs what the page times: the peak loop, or matrix products through the package's tensors.
import { load } from "lanegrad";
import { host } from "./timing/host.mjs";
import { loadPeak } from "./peak.mjs";
import { productRunner } from "./timing/products.mjs";
import type { Product } from "./timing/work.mjs";

const engine = load();
// Whoever asks for a product gets the error.
engine.catch(() => {});

host({
  peak: async ({ wasm }: { wasm: ArrayBuffer }) => ({ run: await loadPeak(wasm) }),
  product: async ({ product }: { product: Product }) => {
    const lg = await engine;
    return { ...productRunner(lg, product), about: { variant: lg.variant, threads: lg.threads } };
  },
});
