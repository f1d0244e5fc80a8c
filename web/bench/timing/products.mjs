// Matrix products through the package's tensors, timed in the thread that this is called in.
import { repeat } from "./repeat.mjs";

// Values between -1 and 1, so that sums stay small and none is denormal.
function values(count) {
  return Float32Array.from({ length: count }, (_, i) => Math.sin(i * 1.7));
}

/**
 * A transposed operand is what backward() makes: dw = xᵀ · dy, dx = dy · wᵀ, no copy of anything.
 * @param {object} lg what the package's load() gave
 * @param {import("./work.mjs").Product} product
 * @returns {{ run: (milliseconds: number) => Promise<import("./slices.mjs").Slice>, dispose: () => void }}
 * units: products
 */
export function productRunner(lg, { m, k, n, layout }) {
  const made = [];
  const tensor = (rows, columns, requiresGrad = false) => {
    const result = lg.tensor(values(rows * columns), [rows, columns], { requiresGrad });
    made.push(result);
    return result;
  };
  const once = onceOf();

  function onceOf() {
    if (layout === "NN") {
      const a = tensor(m, k);
      const b = tensor(k, n);
      return () => lg.matmul(a, b).dispose();
    }
    const transposedFirst = layout === "TN";
    const x = transposedFirst ? tensor(k, m) : tensor(m, n, true);
    const w = transposedFirst ? tensor(m, n, true) : tensor(n, k);
    const dy = transposedFirst ? tensor(k, n) : tensor(m, k);
    const result = transposedFirst ? w : x;
    const y = lg.matmul(x, w);
    made.push(y);
    return () => {
      result.zeroGrad();
      y.backward(dy);
    };
  }

  return {
    run: repeat(once),
    dispose() {
      for (const tensor of made) tensor.dispose();
    },
  };
}
