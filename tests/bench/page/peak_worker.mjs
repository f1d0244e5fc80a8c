// One thread's peak loop.
import { host } from "/web/bench/timing/host.mjs";
import { loadPeak } from "/web/bench/peak.mjs";

host({
  async peak({ wasm }) {
    return { run: await loadPeak(wasm) };
  },
});
