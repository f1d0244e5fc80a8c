// The public surface of the package.
export { load, type Lanegrad, type NormalOptions, type UniformOptions } from "./api/lanegrad.js";
export { Trainer, type TrainerOptions, type TrainOptions, type WeightsOptions } from "./trainer.js";
export { LanegradError, type ErrorCode } from "./errors.js";

export type {
  BatchNormOptions,
  Bias,
  Conv2D,
  Conv2DLayerOptions,
  Dense,
  DenseOptions,
  DropoutOptions,
  Init,
  Layer,
  Sequential,
} from "./api/layers.js";
export type {
  ArrayData,
  Batch,
  DataLoader,
  ImageSet,
  ImageSetOptions,
  LoaderOptions,
  MathFuncOptions,
} from "./api/loaders.js";
export type { LayerDescription, Net, NetDescription, NetOptions } from "./api/nets.js";
export type { AdamOptions, Optimizer, Schedule, SGDOptions, Trainable } from "./api/optimizers.js";
export type { Random, RandomSource } from "./api/random.js";
export type {
  Conv2DOptions,
  ConvolutionOptions,
  NestedNumbers,
  Tensor,
  TensorLike,
  TensorOptions,
} from "./api/tensor.js";
export type { Step, Summary, SyncTrainer, TrainerParts } from "./api/training.js";
export type { Handle, Memory } from "./engine.js";
export type { WorkerSource } from "./host.js";
export type { LoadOptions } from "./load.js";
export type { Inspection, Trace, TraceNode, TraceUpdate } from "./worker/inspection.js";
export type {
  Augmentation,
  DataDescription,
  DataDescriptions,
  EpochResult,
  Evaluation,
  GivenWeights,
  NamedRecipe,
  OptimizerDescription,
  Pile,
  Progress,
  Restored,
  RunSettings,
  ScheduleDescription,
  ShapedNumbers,
  StepResult,
  TrainerInfo,
  TrainingSettings,
  TrainResult,
  WeightsOf,
} from "./worker/protocol.js";
export type { Variant } from "./variants.js";
