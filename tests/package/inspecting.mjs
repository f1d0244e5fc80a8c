// For tests that look into trainings: trainers, a recipe with everything in it, and a net's arithmetic in loops.
import assert from "node:assert/strict";
import { after } from "node:test";
import { Trainer } from "../../dist/index.js";
import { circle, idx } from "./support.mjs";

const trainers = [];
after(() => trainers.forEach((trainer) => trainer.dispose()));

export async function create(options = {}) {
  const trainer = await Trainer.create({
    data: { train: circle(100) },
    net: "dense 5, relu, dense classes",
    optimizer: { name: "adam", learningRate: 0.02 },
    batchSize: 100, // all of them: a step's gradient does not depend on their order
    ...options,
  });
  trainers.push(trainer);
  return trainer;
}

export const close = (actual, expected, what, tolerance = 2e-6) => {
  assert.equal(actual.length, expected.length, what);
  const scale = Math.max(...Array.from(expected, Math.abs), 1e-12);
  for (let i = 0; i < expected.length; i++) {
    const off = Math.abs(actual[i] - expected[i]) / scale;
    assert.ok(off <= tolerance, `${what}[${i}] is ${actual[i]}, expected ${expected[i]}`);
  }
};
export const norm = (values) => Math.hypot(...values);
export const minus = (a, b) => a.map((value, i) => value - b[i]);
export const byName = (list) => Object.fromEntries(list.map((item) => [item.name, item]));

/** Forward and backward of 2 → 5 → relu → 2 → softmax cross-entropy, sample by sample, in double. */
export function byHand(weights, inputs, labels) {
  const [w1, b1] = [weights["dense1.weight"], weights["bias1.bias"]];
  const [w2, b2] = [weights["dense2.weight"], weights["bias2.bias"]];
  const [I, H, O, N] = [2, 5, 2, labels.length];
  const gradient = {
    "dense1.weight": new Float64Array(I * H),
    "bias1.bias": new Float64Array(H),
    "dense2.weight": new Float64Array(H * O),
    "bias2.bias": new Float64Array(O),
  };
  let loss = 0;
  const samples = [];
  for (let n = 0; n < N; n++) {
    const x = inputs.subarray(I * n, I * n + I);
    const dense1 = Array.from({ length: H }, (_, h) => x[0] * w1[h] + x[1] * w1[H + h]);
    const bias1 = dense1.map((value, h) => value + b1[h]);
    const relu1 = bias1.map((value) => Math.max(value, 0));
    const dense2 = Array.from({ length: O }, (_, o) =>
      relu1.reduce((sum, value, h) => sum + value * w2[O * h + o], 0),
    );
    const bias2 = dense2.map((value, o) => value + b2[o]);
    const total = bias2.reduce((sum, value) => sum + Math.exp(value), 0);
    const probabilities = bias2.map((value) => Math.exp(value) / total);
    loss -= Math.log(probabilities[labels[n]]) / N;
    const d2 = probabilities.map((p, o) => (p - (o === labels[n])) / N);
    const dRelu = Array.from({ length: H }, (_, h) => d2[0] * w2[O * h] + d2[1] * w2[O * h + 1]);
    const d1 = dRelu.map((value, h) => (bias1[h] > 0 ? value : 0));
    for (let h = 0; h < H; h++) {
      for (let i = 0; i < I; i++) gradient["dense1.weight"][H * i + h] += x[i] * d1[h];
      gradient["bias1.bias"][h] += d1[h];
      for (let o = 0; o < O; o++) gradient["dense2.weight"][O * h + o] += relu1[h] * d2[o];
    }
    for (let o = 0; o < O; o++) gradient["bias2.bias"][o] += d2[o];
    const dx = [0, 1].map((i) => d1.reduce((sum, d, h) => sum + d * w1[H * i + h], 0));
    samples.push({ dense1, bias1, relu1, dense2, bias2, probabilities, d1, d2, dRelu, dx });
  }
  return { loss, gradient, samples };
}

/** Small pictures of two kinds: a bright left or right half, with some noise. */
export function pictures(samples = 200) {
  const pixels = new Uint8Array(64 * samples);
  const labels = new Uint8Array(samples);
  let state = 1;
  const random = () => (state = (state * 48271) % 0x7fffffff) / 0x7fffffff;
  for (let i = 0; i < samples; i++) {
    labels[i] = i % 2;
    for (let p = 0; p < 64; p++) {
      pixels[64 * i + p] = p % 8 >= 4 === (labels[i] === 1) ? 155 + 100 * random() : 60 * random();
    }
  }
  const classes = 2;
  return { kind: "idx", images: idx([samples, 8, 8], pixels), labels: idx([samples], labels), classes }; // prettier-ignore
}

/** All that makes it hard: averages, statistics, chance, a schedule, clipping, samples set apart. */
export const everything = {
  data: { train: pictures(), test: pictures(60) },
  net: "conv 4 3x3 pad 1, pool 2, batchnorm, relu, conv 6 3x3, relu, dropout 0.3, dense 12, tanh, dense classes",
  optimizer: { name: "adamw", learningRate: 0.01 },
  schedule: { name: "cosine" },
  averaging: 0.9,
  clipNorm: 1,
  labelSmoothing: 0.1,
  validation: 20,
  patience: 30,
  augment: { shift: 1 },
  normalize: true,
  batchSize: 16,
  epochs: 40,
};
export const picture = Float32Array.from({ length: 64 }, (_, i) => (i % 8) / 8);
