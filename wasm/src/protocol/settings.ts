// What a training starts from, beside its settings.
import type { RunSettings } from "./run_settings.js";

/** Numbers with their shape, which a Tensor has, too. */
export interface ShapedNumbers {
  /** The numbers, the last axis running fastest. */
  data: ArrayLike<number>;
  /** The extents along the axes. */
  shape: readonly number[];
}

/** Weights by name. Where a shape is given, it must be that of the net's tensor. */
export type GivenWeights = Record<string, ArrayLike<number> | ShapedNumbers>;

/** What `reset` can change. */
export interface TrainingSettings extends RunSettings {
  /**
   * The weights to start from, by name, as `weights()` gives them: finite numbers for all tensors
   * of the net, each with or without its shape.
   */
  weights?: GivenWeights;
  /** A checkpoint, as `save()` makes it, to go on from; all settings are those of that training. */
  checkpoint?: Uint8Array;
}

/** A net of the catalog, and how it is best trained. */
export interface NamedRecipe {
  /** The name of the net. */
  name: string;
  /** What it is, and what it reaches on which data, in a few words. */
  description: string;
  /** The net as text. */
  text: string;
  /** The recommended settings. */
  settings: RunSettings;
}
