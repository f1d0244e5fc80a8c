// For tests of what trainers are given: trainers that are disposed in the end, and arrays that are gone.
import { after } from "node:test";
import { Trainer } from "../../dist/index.js";
import { circle, refusesLater } from "./support.mjs";

const trainers = [];
after(() => trainers.forEach((trainer) => trainer.dispose()));

export async function create(options = {}) {
  const trainer = await Trainer.create({
    data: { train: circle() },
    net: "dense 4, relu, dense classes",
    batchSize: 32,
    ...options,
  });
  trainers.push(trainer);
  return trainer;
}

/** Gives the buffer away, so that views of it have nothing any more. */
export function detached(view) {
  structuredClone(view.buffer, { transfer: [view.buffer] });
  return view;
}

export const invalid = (promise, message) => refusesLater(promise, "InvalidArgument", message);
