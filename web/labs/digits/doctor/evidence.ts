// What a diagnosis is drawn from: numbers that the engine gave, and what follows from them alone.
import type { ErrorDetails, Inspection } from "lanegrad";
import { numel } from "../../../data/numel";
import * as format from "../../../ui/format";
import type { Settings } from "../settings/digits_settings";
import type { Sizes } from "../storage/checkpoint";

export interface Evidence {
  settings: Settings;
  // The loss of a net that answers without looking: the entropy of the labels.
  blind: number;
  // The step since which the loss was never better than blind, and, of the steps since then that
  // were much worse, the first and the worst.
  since: number;
  jump: number | undefined;
  worst: { step: number; loss: number };
  // The median of the latest losses.
  recent: number;
  // The current step.
  step: number;
  failure: ErrorDetails | undefined; // what the engine's error is about, where it has given up
  inspection: Inspection;
  // The norm of each tensor in the last good state.
  sizes: Sizes;
  // How much the answers to different pictures differ; NaN where there are no answers.
  spread: number;
}

export type Tensor = Inspection["tensors"][number];
export type Layer = Inspection["layers"][number];

export const matrices = (tensors: readonly Tensor[]) => {
  const found = tensors.filter(({ shape }) => shape.length > 1);
  return found.length > 0 ? found : tensors;
};

export function largest(tensors: readonly Tensor[], of: (tensor: Tensor) => number): Tensor {
  return tensors.reduce((best, tensor) => (of(tensor) > of(best) ? tensor : best));
}

// How many times as large a tensor is as in the last good state.
export const ratio = ({ sizes }: Evidence, { name, weightNorm }: Tensor) =>
  weightNorm / sizes[name]!;

// The typical size of one weight: the root of the mean square.
export const typical = (norm: number, { shape }: Tensor) => norm / Math.sqrt(numel(shape));

export function becameOf({ sizes }: Evidence, tensor: Tensor, first = false): string {
  const [before, now] = [sizes[tensor.name]!, tensor.weightNorm];
  const change =
    now === before
      ? `is still ${format.large(now)}`
      : `has ${now > before ? "grown" : "shrunk"} from ${format.large(before)} to ${format.large(now)}`;
  const text = `the length of ${tensor.name} ${change}`;
  return first ? text.replace("the", "The") : text;
}

// The weights that this layer's numbers are sums of: its own, or those of the nearest earlier layer
// that has weights.
export function behind({ layers, tensors }: Inspection, layer: Layer): Tensor {
  for (let i = layers.indexOf(layer); i >= 0; i--) {
    const own = tensors.find(({ name }) => name === `${layers[i]!.name}.weight`);
    if (own) return own;
  }
  return tensors[0]!;
}

// The tensor that is named, and the matrices around it in the net's order; few enough to look at.
export function evident({ inspection }: Evidence, named: Tensor): Tensor[] {
  const shown = inspection.tensors.filter((tensor) => tensor === named || tensor.shape.length > 1);
  const most = 6;
  const start = Math.max(0, Math.min(shown.indexOf(named) - 2, shown.length - most));
  return shown.slice(start, start + most);
}

// The most by which the answers to two pictures differ in one class.
export function spread(answers: Float32Array, count: number): number {
  const classes = answers.length / count;
  let most = 0;
  for (let label = 0; label < classes; label++) {
    const column = Array.from({ length: count }, (_, i) => answers[i * classes + label]!);
    most = Math.max(most, Math.max(...column) - Math.min(...column));
  }
  return most;
}
