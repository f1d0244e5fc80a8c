// One net and its training, in the worker. The engine computes everything that the page shows of
// it: the net's answers on a grid, what each hidden unit adds to them, and the losses.
import {
  LanegradError,
  type Lanegrad,
  type Net,
  type Optimizer,
  type SyncTrainer,
  type Tensor,
} from "lanegrad";
import { Series } from "../../../ui/plots/series";
import type { Changes } from "../../../settings/rates";
import {
  gridPlaces,
  type ExperimentInfo,
  type Snapshot,
  type Points,
  type Score,
  type View,
} from "./snapshot";
import { classSets } from "../../../data/class_points";
import { makeData, type Data, type Samples, type Source } from "./data_sets";

export interface ExperimentOptions {
  source: Source;
  // All layers of the net.
  net: string;
  optimizer: string;
  lr: number;
  // The learning rates after numbers of steps.
  rates: Changes;
  batch: number;
  seed: number;
}

const mostUnits = 64;
const mostParameters = 100_000;
// The most points of the held-out curve.
const mostPoints = 512;
// The most weights that the path may keep.
const pathNumbers = 2_000_000;

export class Experiment {
  readonly data: Data;
  readonly net: Net;
  private readonly optimizer: Optimizer;
  private readonly trainer: SyncTrainer;
  // The grid as the net sees it: [G, D].
  private readonly grid: Tensor;
  private readonly series = new Series(20);
  private heldCurve = { x: [] as number[], y: [] as number[], every: 1 };
  private rates: (readonly [step: number, rate: number])[];
  readonly path = { steps: [] as number[], weights: [] as Float32Array[], every: 1 };
  private readonly pathLength: number;
  step = 0;
  readonly info: ExperimentInfo;

  constructor(
    readonly lg: Lanegrad,
    readonly options: ExperimentOptions,
  ) {
    const { source, batch, seed } = options;
    const classes = source.kind === "classes" ? classSets[source.set] : 0;
    const dimension =
      source.kind === "function"
        ? source.names.length
        : source.kind === "points"
          ? source.rows[0]!.length - 1
          : 2;
    const shape = { inputs: dimension, outputs: classes || 1 };
    // An error in the net's text is found before anything is made.
    const { parameters } = lg.describe(options.net, shape);
    if (parameters > mostParameters) {
      throw new LanegradError(
        "InvalidArgument",
        `net: ${parameters} weights, expected at most ${mostParameters} here`,
        { details: { field: "net" } },
      );
    }
    this.pathLength = Math.max(4, Math.min(512, Math.floor(pathNumbers / parameters)));
    this.rates = [...options.rates];
    this.net = lg.net(options.net, { ...shape, seed });
    try {
      this.optimizer = lg.optimizer(options.optimizer, this.net, { learningRate: options.lr });
      this.data = makeData(lg, source, batch, seed);
      this.trainer = new lg.SyncTrainer({
        net: this.net,
        optimizer: this.optimizer,
        train: this.data.loader,
      });
      this.grid = this.makeGrid();
      this.info = this.describe();
    } catch (thrown) {
      this.dispose();
      throw thrown;
    }
    this.keepPath();
    this.keepHeld();
  }

  get rate(): number {
    return this.optimizer.learningRate;
  }

  // Sets the rate from the next step on; planned changes are dropped.
  setRate(rate: number): void {
    this.optimizer.learningRate = rate;
    this.rates = [];
  }

  advance(): void {
    while (this.rates.length > 0 && this.rates[0]![0] <= this.step) {
      this.optimizer.learningRate = this.rates.shift()![1];
    }
    const { loss } = this.trainer.step();
    this.step++;
    this.series.add(this.step, loss);
    if (this.step % this.path.every === 0) this.keepPath();
    if (this.step % this.heldCurve.every === 0) this.keepHeld();
  }

  snapshot(): Snapshot {
    const { lg, data } = this;
    const { x, y, smooth } = this.series;
    return lg.scope(() =>
      lg.noGrad(() => ({
        step: this.step,
        rate: this.rate,
        train: this.score(data.train),
        held: data.held && this.score(data.held),
        curve: { x, y, smooth },
        heldCurve: { x: this.heldCurve.x, y: this.heldCurve.y },
        view: this.view(),
      })),
    );
  }

  // All weights, one after the other.
  weights(): Float32Array {
    const parts = Object.values(this.net.namedTensors()).map((tensor) => tensor.data);
    const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
    let place = 0;
    for (const part of parts) {
      all.set(part, place);
      place += part.length;
    }
    return all;
  }

  // The loss of these answers to the samples.
  lossOf(answer: Tensor, { targets, labels }: Samples): number {
    const { lg } = this;
    const loss = labels
      ? new lg.SoftmaxCrossEntropy().forward(answer, labels)
      : new lg.MSE().forward(answer, targets!);
    return loss.item();
  }

  score(samples: Samples): Score {
    const { lg } = this;
    const { inputs, labels } = samples;
    return lg.scope(() =>
      lg.noGrad(() => {
        const answer = this.trainer.predict(inputs);
        const loss = this.lossOf(answer, samples);
        if (!labels) return { loss, accuracy: NaN };
        const chosen = answer.argmax();
        const right = labels.reduce((sum, label, i) => sum + Number(label === chosen[i]), 0);
        return { loss, accuracy: right / labels.length };
      }),
    );
  }

  dispose(): void {
    this.trainer?.dispose();
    this.optimizer?.dispose();
    this.net.dispose();
    this.grid?.dispose();
    if (!this.data) return;
    const { loader, train, held } = this.data;
    loader.dispose();
    for (const samples of [train, held]) {
      samples?.inputs.dispose();
      samples?.targets?.dispose();
    }
  }

  // Computes layer by layer up to the last layer, whose sum is taken apart: activation · outgoing
  // weight, unit by unit.
  private view(): View {
    const { net, data, grid } = this;
    const layers = Object.values(net.parameters);
    const [last, lastBias] = layers.slice(-2);
    // The weights: [U, O].
    const weight = last!.namedTensors()["weight"]!;
    // The biases: [O].
    const bias = lastBias!.namedTensors()["bias"]!;
    // The net is in evaluation mode, since dropout would use up random numbers of the training.
    net.setTraining(false);
    try {
      let units = grid;
      for (const layer of layers.slice(0, -2)) units = layer.forward(units);
      const { middle, half } = data.targetScale;
      const isPlain = middle === 0 && half === 1;
      const scaled = (tensor: Tensor) => (isPlain ? tensor : tensor.mul(half));
      const answer = data.classes
        ? this.trainer.probabilities(grid)
        : isPlain
          ? this.trainer.predict(grid)
          : this.trainer.predict(grid).mul(half).add(middle);
      const parts = data.classes ? units : scaled(units.mul(weight.reshape([weight.size])));
      const shown = this.info.unitsShown * grid.shape[0]!;
      return {
        answer: answer.data,
        units: parts.transpose().data.subarray(0, shown),
        weights: scaled(weight).data,
        bias: isPlain ? bias.data : bias.mul(half).add(middle).data,
      };
    } finally {
      net.setTraining(true);
    }
  }

  private keepPath(): void {
    const { path } = this;
    path.steps.push(this.step);
    path.weights.push(this.weights());
    if (path.steps.length < this.pathLength) return;
    path.steps = path.steps.filter((_, i) => i % 2 === 0);
    path.weights = path.weights.filter((_, i) => i % 2 === 0);
    path.every *= 2;
  }

  private keepHeld(): void {
    const { heldCurve, data } = this;
    if (!data.held || this.step === 0) return;
    heldCurve.x.push(this.step);
    heldCurve.y.push(this.score(data.held).loss);
    if (heldCurve.x.length < mostPoints) return;
    heldCurve.every *= 2;
    const kept = heldCurve.x.map((step) => step % heldCurve.every === 0);
    heldCurve.x = heldCurve.x.filter((_, i) => kept[i]);
    heldCurve.y = heldCurve.y.filter((_, i) => kept[i]);
  }

  private makeGrid(): Tensor {
    const { box, inputScales, dimension } = this.data;
    const places = gridPlaces(box);
    const seen = inputScales.map(({ middle, half }, i) =>
      places[i]!.map((place) => (place - middle) / half),
    );
    const values =
      dimension === 1 ? seen[0]! : seen[1]!.flatMap((y) => seen[0]!.flatMap((x) => [x, y]));
    return this.lg.tensor(values, [values.length / dimension, dimension]);
  }

  private describe(): ExperimentInfo {
    const { data, net } = this;
    const { source } = this.options;
    const { box, dimension, classes, truth } = data;
    const { middle, half } = data.targetScale;
    const places = gridPlaces(box);
    const units = Object.values(net.parameters).at(-2)!.namedTensors()["weight"]!.shape[0]!;
    const points = ({ inputs, targets, labels }: Samples): Points => ({
      inputs: inputs.data.map((value, i) => {
        const { middle, half } = data.inputScales[i % dimension]!;
        return middle + half * value;
      }),
      values: labels
        ? Float32Array.from(labels)
        : targets!.data.map((value) => data.targetScale.middle + data.targetScale.half * value),
    });
    return {
      dimension,
      classes,
      units,
      hidden: Object.keys(net.parameters).length > 2,
      unitsShown: Math.min(units, mostUnits),
      box,
      grid: places[0]!.length,
      formula: source.kind === "function" ? source.text : undefined,
      scaled: truth && half !== 1 ? [middle - half, middle + half] : undefined,
      truth:
        truth &&
        Float32Array.from(
          dimension === 1
            ? places[0]!.map((x) => truth(x))
            : places[1]!.flatMap((y) => places[0]!.map((x) => truth(x, y))),
        ),
      points: points(data.train),
      heldPoints: data.held && points(data.held),
    };
  }
}
