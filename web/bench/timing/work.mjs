// What is timed: matrix products and training steps, as data, and how their operations are counted.

/**
 * c[M, N] = a · b, where `layout` says which operand is stored transposed: "NN" neither, "TN" a, "NT" b.
 * @typedef {{ id: string, m: number, k: number, n: number, layout: "NN" | "TN" | "NT" }} Product
 * `net` is a text as Trainer.create takes it; `layers` are the widths where it has dense layers only.
 * @typedef {{ id: string, label: string, net: string, layers?: number[], batchSize: number }} Training
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
  // The forward product of the first layer.
  ...inAllLayouts(64, 784, 128),
  ...inAllLayouts(784, 64, 128), // its weights' gradient
  // A wide layer in all three layouts.
  ...inAllLayouts(128, 512, 512),
];

/** The products of a net's ten outputs: forward, the weights' gradient, the input's gradient. */
export const tenOutputs = [
  product(64, 128, 10),
  product(128, 64, 10, "TN"),
  product(64, 10, 128, "NT"),
];

/** An empty product, whose time is the price of a call. */
export const emptyProduct = { ...product(1, 1, 1), id: "call" };

/** @returns {Training} */
const training = (layers, batchSize) => ({
  id: `${layers.join("-")}, batch ${batchSize}`,
  label: `${layers.join("-")} neurons`,
  net: [...layers.slice(1, -1).map((width) => `dense ${width}, relu`), "dense classes"].join(", "),
  layers,
  batchSize,
});

/** @returns {Training} */
const convolutional = (name, net, batchSize) => ({
  id: `${name}, batch ${batchSize}`,
  label: `${name}, a convolutional net`,
  net,
  batchSize,
});

export const trainings = [
  training([784, 128, 10], 64),
  training([784, 128, 10], 256),
  training([784, 512, 512, 10], 128),
  training([784, 256, 128, 10], 1000),
  convolutional(
    "convnet",
    "conv 24 5x5, pool 2, relu, conv 32 3x3, pool 2, relu, dense 128, relu, dense classes",
    250,
  ),
  convolutional(
    "small convnet",
    "conv 8 5x5, pool 2, relu, conv 16 5x5, pool 2, relu, dense classes",
    100,
  ),
];

export const productFlops = ({ m, k, n }) => 2 * m * k * n;

/**
 * The layers of a net text that has only conv, pool, relu and dense, for digits of 28 × 28 in ten classes.
 * `places`: how often a convolution's filters, or a dense layer's weights, are multiplied per sample.
 */
export function layersOf({ net }) {
  let [channels, size] = [1, 28];
  return net.split(", ").map((text) => {
    const [kind, ...words] = text.split(" ");
    const numbers = words.map((word) => (word === "classes" ? 10 : parseInt(word, 10)));
    if (kind === "relu") return { kind };
    if (kind === "pool") {
      size = Math.floor(size / numbers[0]);
      return { kind, size: numbers[0] };
    }
    const isConv = kind === "conv";
    const kernel = isConv ? numbers[1] : size;
    const inputs = isConv ? channels : channels * size * size;
    size = isConv ? size - kernel + 1 : 1;
    channels = numbers[0];
    const places = size * size;
    return { kind, inputs, outputs: channels, kernel: isConv ? kernel : 1, places };
  });
}

/**
 * The FLOPs of one sample in a training step: every layer's product forward, for the weights'
 * gradient and, except in the first layer, for the input's gradient. Nothing else is counted.
 * Multiplications that a net could do without, such as those with the zeros of a pool's gradient,
 * are counted.
 */
export function trainingFlops(net) {
  const products = layersOf(net).filter(({ inputs }) => inputs);
  return products.reduce(
    (flops, { inputs, outputs, kernel, places }, layer) =>
      flops + (layer === 0 ? 2 : 3) * 2 * inputs * outputs * kernel ** 2 * places,
    0,
  );
}
