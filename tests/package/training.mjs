// For the tests of trainings: trainers that are disposed in the end, and their messages.
import assert from "node:assert/strict";
import { after } from "node:test";
import { Trainer } from "../../dist/index.js";
import { circle } from "./support.mjs";

const trainers = [];
after(() => trainers.forEach((trainer) => trainer.dispose()));

export async function create(options = {}) {
  const trainer = await Trainer.create({
    data: { train: circle(), test: circle(100) },
    net: "dense 16, relu, dense classes",
    optimizer: { name: "adam", learningRate: 0.02 },
    batchSize: 32,
    ...options,
  });
  trainers.push(trainer);
  return trainer;
}

/** Something that takes long enough to be interrupted. */
export const slow = () =>
  create({ net: "dense 256, relu, dense 256, relu, dense classes", batchSize: 8 });
export const forever = 1_000_000;

/** Starts training; `reached(step)` resolves at the first message from that step on. */
export function watch(trainer, options = { epochs: forever }) {
  const messages = [];
  const waiting = [];
  const done = trainer.train({
    ...options,
    onProgress(progress) {
      messages.push(progress);
      for (const { step, resolve } of waiting) if (progress.step >= step) resolve(progress);
    },
  });
  const reached = (step) => new Promise((resolve) => waiting.push({ step, resolve }));
  return { messages, done, reached };
}

export const within = async (milliseconds, promise) => {
  const begin = performance.now();
  const value = await promise;
  const took = performance.now() - begin;
  assert.ok(took < milliseconds, `took ${took} ms`);
  return value;
};
// The promise is 50 ms; a busy machine gets some more.
export const soon = 250;

export const pauseFor = (milliseconds) =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
