// Repeats one thing for about a slice of time, and looks at the clock rarely.

/**
 * @param {() => unknown} once may return a promise, which is awaited
 * @returns {(milliseconds: number) => Promise<import("./slices.mjs").Slice>} units: times done
 */
export function repeat(once) {
  // How many times together take about a millisecond.
  let burst = 1;
  return async (milliseconds) => {
    const begin = performance.now();
    const end = begin + milliseconds;
    let units = 0;
    let now = begin;
    do {
      for (let i = 0; i < burst; i++) {
        const result = once();
        if (result instanceof Promise) await result;
      }
      units += burst;
      const before = now;
      now = performance.now();
      if (now - before < 0.5) burst *= 2;
    } while (now < end);
    return { units, seconds: (now - begin) / 1000 };
  };
}
