// What the first layer makes of one picture, product by product: the windows of a convolution's filters, or the sum
// of a neuron that is connected to each pixel. A test compares the numbers with the engine's.
import type { TrainerInfo } from "lanegrad";
import { numel } from "../../../../data/numel";

type Weights = Record<string, Float32Array>;
export type Net = Pick<TrainerInfo, "layers" | "tensors" | "sampleShape" | "normalization">;

// One sum of a layer: the products of its weights and inputs, and the bias.
export interface Sum {
  inputs: Float32Array;
  weights: Float32Array;
  products: Float32Array;
  bias: number;
  value: number;
}

interface Layer {
  hasBias: boolean;
  // Whether the pixels are shifted and scaled before they come to it.
  isNormalized: boolean;
}

export interface Convolution extends Layer {
  kind: "convolution";
  filters: number;
  // The numbers of a pixel: 1, or 3 in colour. Windows, weights and products have one after the other.
  channels: number;
  // The extents of a window, of the map that it fills, and of the picture.
  kernel: Extents;
  map: Extents;
  picture: Extents;
  stride: number;
  pad: number;
  // The weights of a filter.
  filter(filter: number): Float32Array;
  // The sum of a filter's window at a place of its map. Beyond the edge, inputs are 0.
  sum(filter: number, place: number): Sum;
  // All of a filter's map.
  values(filter: number): Float32Array;
}

export interface Neurons extends Layer {
  kind: "neurons";
  count: number;
  // The neuron with the largest sum.
  strongest: number;
  sum(neuron: number): Sum;
}

export interface Extents {
  height: number;
  width: number;
}

// The first layer with weights, where it takes the pixels themselves; undefined where something else comes before, or
// where the windows cannot be told from the net's text. `pixels` are from 0 to 1.
export function firstLayer(
  net: Net,
  weights: Weights,
  pixels: Float32Array,
): Convolution | Neurons | undefined {
  const { layers, normalization } = net;
  const found = layers.find(({ kind }) => kind !== "Flatten");
  if (!found) return undefined;
  // What the net takes: each channel may have a mean and a deviation of its own.
  const plane = pixels.length / (net.sampleShape.length === 3 ? net.sampleShape[0]! : 1);
  const of = (value: number | readonly number[], pixel: number) =>
    typeof value === "number" ? value : value[Math.floor(pixel / plane)]!;
  const { mean, deviation } = normalization;
  const x = pixels.map((value, p) => (value - of(mean, p)) / of(deviation, p));
  if (found.kind === "Conv2D") return convolution(net, found, weights, x);
  if (found.kind === "Dense") return neurons(net, found, weights, x);
  return undefined;
}

function convolution(
  { tensors, sampleShape, normalization }: Net,
  { name, text, shape }: TrainerInfo["layers"][number],
  weights: Weights,
  x: Float32Array,
): Convolution | undefined {
  const [channels = 0, height = 0, width = 0] = sampleShape;
  const [filters = 0, , tall = 0, wide = 0] = tensors[`${name}.weight`] ?? [];
  const [, mapHeight = 0, mapWidth = 0] = shape;
  const stride = Number(/strides?\s+(\d+)/i.exec(text)?.[1] ?? 1);
  const padding = /pad(?:ding)?\s+(\d+|same)/i.exec(text)?.[1] ?? "0";
  const pad = padding.toLowerCase() === "same" ? (tall - 1) / 2 : Number(padding);
  const extent = (size: number, kernel: number) =>
    Math.floor((size + 2 * pad - kernel) / stride) + 1;
  if (extent(height, tall) !== mapHeight || extent(width, wide) !== mapWidth) return undefined;
  const [all, biases] = [weights[`${name}.weight`]!, weights[`${name}.bias`]];
  const area = tall * wide;
  const size = channels * area;
  const filter = (filter: number) => all.subarray(filter * size, (filter + 1) * size);
  function sum(which: number, place: number): Sum {
    const inputs = new Float32Array(size);
    const top = Math.floor(place / mapWidth) * stride - pad;
    const left = (place % mapWidth) * stride - pad;
    for (let i = 0; i < inputs.length; i++) {
      const [channel, at] = [Math.floor(i / area), i % area];
      const [y, column] = [top + Math.floor(at / wide), left + (at % wide)];
      const inside = y >= 0 && y < height && column >= 0 && column < width;
      inputs[i] = inside ? x[(channel * height + y) * width + column]! : 0;
    }
    return added(inputs, filter(which), biases?.[which] ?? 0);
  }
  return {
    kind: "convolution",
    filters,
    channels,
    kernel: { height: tall, width: wide },
    map: { height: mapHeight, width: mapWidth },
    picture: { height, width },
    stride,
    pad,
    hasBias: biases !== undefined,
    isNormalized: isNormalized(normalization),
    filter,
    sum,
    values: (which) =>
      Float32Array.from({ length: mapHeight * mapWidth }, (_, place) => sum(which, place).value),
  };
}

function neurons(
  { layers, sampleShape, normalization }: Net,
  { name, shape }: TrainerInfo["layers"][number],
  weights: Weights,
  x: Float32Array,
): Neurons {
  const count = numel(shape);
  const all = weights[`${name}.weight`]!;
  // A dense layer's bias is a layer of its own, right behind it.
  const next = layers[layers.findIndex((layer) => layer.name === name) + 1];
  const biases = next?.kind === "Bias" ? weights[`${next.name}.bias`] : undefined;
  const sum = (neuron: number) =>
    added(
      x,
      Float32Array.from({ length: numel(sampleShape) }, (_, p) => all[p * count + neuron]!),
      biases?.[neuron] ?? 0,
    );
  const sums = Array.from({ length: count }, (_, neuron) => sum(neuron).value);
  const strongest = sums.indexOf(Math.max(...sums));
  return {
    kind: "neurons",
    count,
    strongest,
    hasBias: biases !== undefined,
    isNormalized: isNormalized(normalization),
    sum,
  };
}

const isNormalized = ({ mean, deviation }: Net["normalization"]) =>
  [mean].flat().some((value) => value !== 0) || [deviation].flat().some((value) => value !== 1);

function added(inputs: Float32Array, weights: Float32Array, bias: number): Sum {
  const products = inputs.map((input, i) => input * weights[i]!);
  const value = products.reduce((sum, product) => sum + product, bias);
  return { inputs, weights, products, bias, value };
}
