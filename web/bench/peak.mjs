// Runs the peak loop (peak.cpp) in the worker it is loaded into.

const seconds = () => performance.now() / 1000;

/**
 * @param {BufferSource} wasm build/public/peak/VARIANT.wasm
 * @returns {Promise<(milliseconds: number) => import("./timing/slices.mjs").Slice>} units: floating-point operations
 */
export async function loadPeak(wasm) {
  const { exports } = (await WebAssembly.instantiate(wasm)).instance;
  const loops = [13, 24].map((chains) => {
    const run = exports[`run_${chains}`];
    const flops = chains * exports.flops_per_chain();
    return (turns) => {
      run(turns, 0.5, 0.25);
      return flops * turns;
    };
  });

  // Short calls first, until the browser's optimizing compiler has taken over.
  for (let call = 0; call < 200; call++) for (const loop of loops) loop(1000);
  const slice = (loop, milliseconds) => {
    const begin = seconds();
    const end = begin + milliseconds / 1000;
    let units = 0;
    let now;
    do {
      units += loop(5000);
      now = seconds();
    } while (now < end);
    return { units, seconds: now - begin };
  };

  const best = loops.map(() => 0);
  for (let trial = 0; trial < 10; trial++) {
    loops.forEach((loop, index) => {
      const { units, seconds } = slice(loop, 5);
      best[index] = Math.max(best[index], units / seconds);
    });
  }
  const fastest = loops[best.indexOf(Math.max(...best))];
  return (milliseconds) => slice(fastest, milliseconds);
}
