// A slice through the loss, in the worker: the loss of a copy of the net at weights all over a
// plane. The plane goes through the path that training took, or in random directions from the
// current weights. The training itself is only read.
import type { Lanegrad, Net } from "lanegrad";
import type { Experiment } from "./experiment";

export interface Slice {
  step: number;
  plane: "path" | "random";
  // The number of places along each axis.
  size: number;
  x: [number, number];
  y: [number, number];
  // The losses: [size, size], rows from the lowest y upwards; not finite where the net overflows.
  losses: Float32Array;
  // The path; its last point is the current weights.
  path: { x: number[]; y: number[]; steps: number[] };
  // The loss at the current weights, (0, 0).
  here: number;
}

const size = 41;

export class Landscape {
  readonly slice: Slice;
  private readonly twin: Net;
  private readonly now: Float32Array;
  private readonly axes: [Float32Array, Float32Array];
  private next = 0;

  constructor(
    private readonly experiment: Experiment,
    wanted: "path" | "random",
    seed: number,
  ) {
    const { lg, net, path, step, info, options: run } = experiment;
    this.twin = lg.net(run.net, { inputs: info.dimension, outputs: info.classes || 1 });
    const buffers = this.twin.namedBuffers();
    for (const [name, buffer] of Object.entries(net.namedBuffers())) {
      buffers[name]!.setData(buffer.data);
    }
    this.twin.setTraining(false);
    this.now = experiment.weights();
    const steps = [...path.steps];
    const weights = [...path.weights];
    if (steps.at(-1) !== step) {
      steps.push(step);
      weights.push(this.now);
    }
    const through = wanted === "path" ? pathAxes(weights) : undefined;
    const plane = through ? "path" : "random";
    this.axes = through ?? [this.randomAxis(lg, seed, 0), this.randomAxis(lg, seed, 1)];
    const from = (w: Float32Array) => minus(w, this.now);
    const places = plane === "path" ? weights.map(from) : [from(this.now)];
    const [x, y] = this.axes.map((axis) => places.map((place) => dot(place, axis)));
    this.slice = {
      step,
      plane,
      size,
      x: plane === "path" ? around(x!) : [-1, 1],
      y: plane === "path" ? around(y!) : [-1, 1],
      losses: new Float32Array(size * size),
      path: { x: x!, y: y!, steps: plane === "path" ? steps : [step] },
      here: this.lossAt(0, 0),
    };
  }

  // Works until the time is over; returns the share that is done.
  some(until: number): number {
    const { slice } = this;
    const { losses } = slice;
    const at = ([low, high]: [number, number], i: number) => low + ((high - low) * i) / (size - 1);
    while (this.next < losses.length && performance.now() < until) {
      const i = this.next++;
      losses[i] = this.lossAt(at(slice.x, i % size), at(slice.y, Math.floor(i / size)));
    }
    return this.next / losses.length;
  }

  dispose(): void {
    this.twin.dispose();
  }

  // The loss at a and b, the distances along the two axes.
  private lossAt(a: number, b: number): number {
    const { lg, data } = this.experiment;
    const [u, v] = this.axes;
    const moved = this.now.map((weight, i) => weight + a * u[i]! + b * v[i]!);
    let place = 0;
    for (const tensor of Object.values(this.twin.namedTensors())) {
      tensor.setData(moved.subarray(place, (place += tensor.size)));
    }
    const { train } = data;
    return lg.scope(() =>
      lg.noGrad(() => this.experiment.lossOf(this.twin.forward(train.inputs), train)),
    );
  }

  // A random direction in which each unit's weights are as long as that unit's own: filter
  // normalisation (Li et al. 2018, "Visualizing the loss landscape of neural nets"). Biases stay.
  private randomAxis(lg: Lanegrad, seed: number, stream: number): Float32Array {
    const axis = new Float32Array(this.now.length);
    const random = new lg.Random(seed, 100 + stream);
    let place = 0;
    for (const tensor of Object.values(this.experiment.net.namedTensors())) {
      const { shape, data } = tensor;
      if (shape.length === 2) {
        const [inputs, outputs] = shape as [number, number];
        const drawn = data.map(() => random.normal());
        for (let o = 0; o < outputs; o++) {
          let [own, other] = [0, 0];
          for (let i = o; i < inputs * outputs; i += outputs) {
            own += data[i]! ** 2;
            other += drawn[i]! ** 2;
          }
          for (let i = o; i < inputs * outputs; i += outputs) {
            axis[place + i] = drawn[i]! * Math.sqrt(own / other || 0);
          }
        }
      }
      place += data.length;
    }
    random.dispose();
    return axis;
  }
}

// The axes of the plane through the start, the end, and the place that is farthest from the
// straight line between them: two axes of length 1, at a right angle. Undefined where the path is
// one place or one line.
function pathAxes(path: Float32Array[]): [Float32Array, Float32Array] | undefined {
  const now = path.at(-1)!;
  const first = unit(minus(now, path[0]!));
  if (!first) return undefined;
  let [farthest, distance]: [Float32Array | undefined, number] = [undefined, 0];
  const whole = Math.sqrt(dot(minus(now, path[0]!), minus(now, path[0]!)));
  for (const weights of path) {
    const away = minus(weights, now);
    const along = dot(away, first);
    const off = away.map((value, i) => value - along * first[i]!);
    const length = Math.sqrt(dot(off, off));
    if (length > distance) [farthest, distance] = [off, length];
  }
  if (!farthest || distance < 1e-4 * whole) return undefined;
  return [first, unit(farthest)!];
}

// The range of the values, with room on both sides.
function around(values: number[]): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const margin = 0.3 * (high - low);
  return [low - margin, high + margin];
}

const minus = (a: Float32Array, b: Float32Array) => a.map((value, i) => value - b[i]!);
const dot = (a: Float32Array, b: Float32Array) =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0);

function unit(vector: Float32Array): Float32Array | undefined {
  const length = Math.sqrt(dot(vector, vector));
  return length > 0 && Number.isFinite(length) ? vector.map((value) => value / length) : undefined;
}
