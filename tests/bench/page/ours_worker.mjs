// lanegrad's matrix products, through the packed package's load().
import { load } from "/lanegrad/dist/index.js";
import { productRunner } from "/web/bench/timing/products.mjs";
import { host } from "/web/bench/timing/host.mjs";

let engine;
host({
  async product({ product, variant, threads }) {
    engine ??= await load({ variant, threads });
    if (engine.variant !== variant) throw new Error(`${engine.variant} runs, not ${variant}`);
    return productRunner(engine, product);
  },
});
