// What is timed: matrix products and training steps, as data, and how their operations are counted.

/**
 * c[M, N] = a · b, where `layout` says which operand is stored transposed: "NN" neither, "TN" a, "NT" b.
 * @typedef {{ id: string, m: number, k: number, n: number, layout: "NN" | "TN" | "NT" }} Product
 * @typedef {{ id: string, layers: number[], batchSize: number }} Training
 */

/** @returns {Product} */
const product = (m, k, n, layout = "NN") => ({
  id: `${layout[0] === "T" ? `[${k},${m}]ᵀ` : `[${m},${k}]`}×${layout[1] === "T" ? `[${n},${k}]ᵀ` : `[${k},${n}]`}`,
  m,
  k,
  n,
  layout,
});

/** @returns {Product[]} */
const inAllLayouts = (m, k, n) => [
  product(m, k, n),
  product(m, k, n, "TN"),
  product(m, k, n, "NT"),
];

export const cubes = [64, 128, 256, 512, 1024].map((size) => ({
  ...product(size, size, size),
  id: `${size}³`,
}));

export const trainingShapes = [
  ...inAllLayouts(64, 784, 128), // forward of the first layer
  ...inAllLayouts(784, 64, 128), // its weights' gradient
  ...inAllLayouts(128, 512, 512), // a wide layer, all three ways
];

/** The products of a net's ten outputs: forward, the weights' gradient, the input's gradient. */
export const tenOutputs = [
  product(64, 128, 10),
  product(128, 64, 10, "TN"),
  product(64, 10, 128, "NT"),
];

/** What is left of a product's time when there is nothing to multiply: the price of a call. */
export const emptyProduct = { ...product(1, 1, 1), id: "call" };

/** @returns {Training} */
const training = (layers, batchSize) => ({
  id: `${layers.join("-")}, batch ${batchSize}`,
  layers,
  batchSize,
});

export const trainings = [
  training([784, 128, 10], 64),
  training([784, 128, 10], 256),
  training([784, 512, 512, 10], 128),
  training([784, 256, 128, 10], 1000),
];

export const productFlops = ({ m, k, n }) => 2 * m * k * n;

/**
 * Of one sample in a training step: every layer's product forward, for the weights' gradient and, except
 * in the first layer, for the input's gradient. Nothing else is counted.
 */
export function trainingFlops({ layers }) {
  let flops = 0;
  for (let layer = 1; layer < layers.length; layer++) {
    flops += (layer === 1 ? 2 : 3) * 2 * layers[layer - 1] * layers[layer];
  }
  return flops;
}
