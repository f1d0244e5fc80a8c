// One thread's peak loop.
import { loadPeak } from "/web/bench/peak.mjs";
import { host } from "./host.mjs";

host({
  async peak({ variant }) {
    const response = await fetch(`/peak/${variant}.wasm`);
    return { run: await loadPeak(await response.arrayBuffer()) };
  },
});
