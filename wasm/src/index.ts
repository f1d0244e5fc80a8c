// The public surface of the package.
export { load } from "./load_api.js";
export type { Lanegrad } from "./api/lanegrad.js";
export { Trainer } from "./trainer/trainer.js";
export type {
  EvaluateOptions,
  TrainerOptions,
  TrainOptions,
  WeightsOptions,
} from "./trainer/options.js";
export { LanegradError } from "./errors.js";

export type {
  BatchNormOptions,
  Bias,
  Conv2D,
  Conv2DLayerOptions,
  Dense,
  DenseOptions,
  DropoutOptions,
  Init,
} from "./api/layers.js";
export type { Layer, Sequential } from "./api/layer.js";
export type {
  ArrayData,
  Batch,
  DataLoader,
  ImageSet,
  ImageSetOptions,
  LoaderOptions,
  MathFuncOptions,
} from "./api/loaders.js";
export type { Net, NetOptions } from "./api/nets.js";
export type { AdamOptions, Optimizer, SGDOptions, Trainable } from "./api/optimizers.js";
export type { NormalOptions, Random, RandomSource, UniformOptions } from "./api/random.js";
export type { Conv2DOptions, Tensor, TensorLike, TensorOptions } from "./api/tensor.js";
export type { NestedNumbers } from "./api/nested.js";
export type { ConvolutionOptions } from "./api/windows.js";
export type { SyncTrainer, TrainerParts } from "./api/training.js";
export type { Handle, Memory, WithDisposal } from "./module/engine.js";
export type { WorkerSource } from "./trainer/make_worker.js";
export type { LoadOptions } from "./module/load.js";
export type {
  BatchSource,
  ImageBatch,
  LabelBatch,
  NumberBatch,
  StreamedDescription,
} from "./protocol/batches.js";
export type {
  ByteStream,
  DataDescription,
  DataDescriptions,
  NumberStream,
  StreamedDescriptions,
} from "./protocol/data.js";
export type {
  LayerDescription,
  NetDescription,
  TrainerInfo,
  TrainingDescription,
  Variant,
} from "./protocol/info.js";
export type {
  ExportedFiles,
  ExportOptions,
  NetFormat,
  NormalizedBy,
  OwnBytes,
} from "./protocol/formats.js";
export type { InputGradient, Nearest } from "./protocol/explanation.js";
export type { Inspection, Trace, TraceNode, TraceUpdate } from "./protocol/inspection.js";
export type { ErrorCode, ErrorDetails, Pile, WeightsOf } from "./protocol/messages.js";
export type {
  EpochResult,
  Evaluation,
  Progress,
  Restored,
  Step,
  StepResult,
  Summary,
  TrainResult,
} from "./protocol/results.js";
export type {
  Augmentation,
  OptimizerDescription,
  OptimizerOptions,
  RunSettings,
  Schedule,
} from "./protocol/run_settings.js";
export type {
  GivenWeights,
  NamedRecipe,
  ShapedNumbers,
  TrainingSettings,
} from "./protocol/settings.js";
export type { Activations, UnaryFunctions } from "./unary.js";
