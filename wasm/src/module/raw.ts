// The engine's module as wasm/bindings/ binds it, name by name; a test compares the two. Only this
// folder and the files under api/ and worker/ use these names. All functions throw LanegradError;
// guard.ts sees to that.
import type { LayerDescription } from "../protocol/info.js";
import type { OwnBytes } from "../protocol/formats.js";
import type { Step, Summary } from "../protocol/results.js";
import type { UnaryName } from "../unary.js";
import type { OptimizerOptions, RunSettings, Schedule } from "../protocol/run_settings.js";

/** The last step of a training loop, with the samples of its last piece, and what that piece was. */
export interface LoopEvent extends Step {
  event: "step" | "evaluated" | "epochEnded" | "restored" | "finished";
}

/** An object of the engine that JavaScript owns until delete(). */
export interface RawHandle {
  delete(): void;
}

export interface TensorHandle extends RawHandle {
  data(): Float32Array;
  shape(): number[];
  item(): number;
  setData(values: Float32Array, shape: readonly number[]): void;
  /** Writes numbers over those from this one on; they have to fit. */
  write(at: number, values: Float32Array): void;
  requiresGrad(): boolean;
  setRequiresGrad(requiresGrad: boolean): void;
  isLeaf(): boolean;
  is(other: TensorHandle): boolean;
  grad(): TensorHandle | null;
  zeroGrad(): void;
  sourceCount(): number;
  source(index: number): TensorHandle;
  gradFn(): string;
  backward(): void;
  backwardFrom(grad: TensorHandle): void;
  detach(): TensorHandle;
  norm(): number;
  allFinite(): boolean;
}

export interface RandomHandle extends RawHandle {
  uniform(): number;
  normal(): number;
  below(end: number): number;
}

export interface LayerHandle extends RawHandle {
  kind(): string;
  forward(x: TensorHandle): TensorHandle;
  backward(dy: TensorHandle): void;
  namedTensors(): [string, TensorHandle][];
  namedBuffers(): [string, TensorHandle][];
  training(): boolean;
  setTraining(training: boolean): void;
}

export interface OptimizerHandle extends RawHandle {
  kind(): string;
  step(): void;
  zeroGrad(): void;
  /** The settings that this optimizer has. */
  settings(): OptimizerSettings;
  /**
   * Copies of the state, called "first_moment.dense1.weight"; `names` are the names of the tensors.
   */
  state(names: readonly string[]): [string, TensorHandle][];
  learningRate(): number;
  setLearningRate(rate: number): void;
}

export interface NetHandle extends RawHandle {
  add(name: string, layer: LayerHandle): void;
  forward(x: TensorHandle): TensorHandle;
  layers(): [string, LayerHandle][];
  parameterCount(): number;
  setTraining(training: boolean): void;
  describe(sample: readonly number[]): LayerDescription[];
}

/** Samples with their targets, which any number of loaders can read. */
export interface DataSetHandle extends RawHandle {
  /** The numbers of inputs, or so many pixels at most from this one on. */
  values(begin: number, count: number): Uint8Array | Float32Array;
  /** The next bytes of a file of images. */
  append(bytes: Uint8Array): void;
  /** Ends the file of images. */
  finish(labels: Uint8Array, name: string, classes: number): void;
  /** Makes these samples stand for so many that are given batch after batch; images are normalized so where that is asked for. */
  stream(samples: number, mean: ArrayLike<number>, deviation: ArrayLike<number>): void;
}

/** Data to be tested or validated with. */
type Data = DataSetHandle | null;

export interface BatchHandle extends RawHandle {
  inputs(): TensorHandle;
  labels(): Int32Array;
  targets(): TensorHandle;
}

export interface LoaderHandle extends RawHandle {
  size(): number;
  batches(): number;
  /** The samples of the epoch under way that were given already. */
  position(): number;
  epoch(): number;
  batchSize(): number;
  outputs(): number;
  sampleShape(): number[];
  hasLabels(): boolean;
  startEpoch(): void;
  next(): BatchHandle | null;
}

export interface TrainingHandle extends RawHandle {
  /** Gives the samples of the next batch, where they are streamed. */
  give(batch: DataSetHandle): void;
  step(): Step;
  /** Does the next piece of a training of `epochs` epochs in all. */
  advance(epochs: number): LoopEvent;
  /** Whether evaluations are under way, which `advance` ends before the next step. */
  evaluating(): boolean;
  /** Whether a training of so many epochs has no step left. */
  finished(epochs: number): boolean;
  /** Whether early stopping has ended the training, and `goOn` was not called since. */
  stoppedEarly(): boolean;
  goOn(): void;
  /** Throws where a training of this many steps in all would be longer than the schedule. */
  checkSchedule(steps: number): void;
  /** The rate of the next step; where the schedule is over, the one that it has come to. */
  learningRate(): number;
  setLearningRate(rate: number): void;
  planLearningRate(rate: number, after: number): void;
  beginEvaluation(of: "train" | "test" | "validation", most: number): void;
  evaluateSome(): boolean;
  /** The means of the epoch so far, or of the last evaluation of a set. */
  metrics(of: "epoch" | "train" | "test" | "validation"): Summary;
  confusion(): Int32Array;
  bestEpoch(): number;
  predict(x: TensorHandle): TensorHandle;
  probabilities(x: TensorHandle): TensorHandle;
  activations(x: TensorHandle): [string, TensorHandle][];
  answering(): [string, TensorHandle][];
  net(): NetHandle;
  optimizer(): OptimizerHandle;
  loader(of: "train" | "test" | "validation"): LoaderHandle | null;
  /** A number each, or one for each channel. */
  normalization(): Record<"mean" | "deviation", Float64Array>;
  /** The names by label, one per line. */
  classNames(): string;
  setClassNames(names: readonly string[]): void;
  /** The steps done, and the epochs that have ended. */
  progress(): { step: number; epochs: number };
  settings(): RunSettings;
  save(): OwnBytes;
}

/** The settings of an optimizer, with their values; those that its kind does not have are left out. */
export type OptimizerSettings = OptimizerOptions & { learningRate: number; weightDecay: number };

type Unary = (x: TensorHandle) => TensorHandle;
type Binary = (a: TensorHandle, b: TensorHandle) => TensorHandle;
type Pool = (x: TensorHandle, size: number, stride: number) => TensorHandle;
type Reduction = (x: TensorHandle, axis: number, keepdims: boolean) => TensorHandle;

/** The functions of the module. */
export interface RawModule extends Readonly<Record<UnaryName, Unary>> {
  tensor(values: Float32Array, shape: readonly number[], requiresGrad: boolean): TensorHandle;
  full(shape: readonly number[], value: number): TensorHandle;
  arange(end: number): TensorHandle;
  uniform(shape: readonly number[], low: number, high: number, random: RandomHandle): TensorHandle;
  normal(
    shape: readonly number[],
    mean: number,
    deviation: number,
    random: RandomHandle,
  ): TensorHandle;

  add: Binary;
  sub: Binary;
  mul: Binary;
  div: Binary;
  pow: Binary;
  maximum: Binary;
  matmul: Binary;
  leakyRelu(x: TensorHandle, slope: number): TensorHandle;
  softmax: Unary;
  logSoftmax: Unary;
  sum: Unary;
  mean: Unary;
  max: Unary;
  sumAxis: Reduction;
  meanAxis: Reduction;
  maxAxis: Reduction;
  conv2d(
    x: TensorHandle,
    filters: TensorHandle,
    bias: TensorHandle | null,
    stride: number,
    padding: number,
  ): TensorHandle;
  maxPool2d: Pool;
  avgPool2d: Pool;
  globalAvgPool2d: Unary;
  argmax(x: TensorHandle, axis: number): Int32Array;
  reshape(x: TensorHandle, shape: readonly number[]): TensorHandle;
  transpose(x: TensorHandle, axis0: number, axis1: number): TensorHandle;

  gradEnabled(): boolean;
  setGradEnabled(enabled: boolean): void;
  liveBytes(): number;
  peakBytes(): number;
  heapBytes(): number;
  setThreads(count: number): void;
  helpedTiles(): number;
  crashForTest(): void;
  crashHelperForTest(): void;

  Random(seed: number, stream: number): RandomHandle;

  Dense(inputs: number, outputs: number, random: RandomHandle, init: string): LayerHandle;
  Conv2D(
    inputs: number,
    outputs: number,
    kernel: number,
    random: RandomHandle,
    stride: number,
    padding: number,
    init: string,
    bias: boolean,
  ): LayerHandle;
  Bias(outputs: number): LayerHandle;
  BatchNorm(features: number, momentum: number, epsilon: number): LayerHandle;
  MaxPool2D(size: number, stride: number): LayerHandle;
  AvgPool2D(size: number, stride: number): LayerHandle;
  Dropout(rate: number, seed: number): LayerHandle;
  LeakyReLU(slope: number): LayerHandle;
  /** Makes the layer that its kind alone describes. */
  layer(kind: string): LayerHandle;
  Sequential(names: readonly string[], layers: readonly LayerHandle[]): LayerHandle;

  MSE(prediction: TensorHandle, target: TensorHandle): TensorHandle;
  SoftmaxCrossEntropy(logits: TensorHandle, labels: Int32Array): TensorHandle;

  optimizer(
    name: string,
    tensors: readonly TensorHandle[],
    settings: OptimizerOptions,
  ): OptimizerHandle;
  learningRateFactor(
    name: string,
    settings: Omit<Schedule, "name">,
    step: number,
    steps: number,
  ): number;

  Net(): NetHandle;
  net(text: string, sample: readonly number[], outputs: number, random: RandomHandle): NetHandle;
  describe(text: string, sample: readonly number[], outputs: number): LayerDescription[];
  /** The nets that have names. */
  catalog(): { name: string; description: string; text: string }[];

  /** Makes room for a file of images of so many bytes at most. */
  ImageSet(bytes: number): DataSetHandle;
  LabelSet(inputs: TensorHandle, labels: Int32Array, classes: number, name: string): DataSetHandle;
  NumberSet(inputs: TensorHandle, targets: TensorHandle, name: string): DataSetHandle;
  Loader(data: DataSetHandle, batchSize: number, shuffle: boolean, seed: number): LoaderHandle;
  mathFuncInputs(options: object): Float32Array;
  MathFunc(values: Float32Array, options: object): LoaderHandle;

  Trainer(
    net: NetHandle,
    optimizer: OptimizerHandle,
    train: LoaderHandle,
    test: LoaderHandle | null,
  ): TrainingHandle;
  /** All settings; those that are left out have the recommended values. */
  recipe(settings: RunSettings): RunSettings;
  training(settings: RunSettings, train: DataSetHandle, test: Data, valid: Data): TrainingHandle;
  load(checkpoint: Uint8Array, train: DataSetHandle, test: Data, valid: Data): TrainingHandle;
  savedRecipe(checkpoint: Uint8Array): RunSettings;
  /** About how many bytes a training needs; throws where it cannot fit into the memory. */
  trainingMemory(
    settings: RunSettings,
    sample: readonly number[],
    outputs: number,
    samples: number,
    data: number,
  ): number;
  learningRates(settings: RunSettings, samples: number, points: number): Float32Array;
  augmented(
    settings: RunSettings,
    data: DataSetHandle,
    indices: readonly number[],
    epoch: number,
  ): Float32Array;
}
