// What a net is, of what the engine says of its layers.
import type { LayerDescription, NetDescription } from "../protocol/info.js";

/** The layers, and what they cost together. */
export function described(layers: LayerDescription[]): NetDescription {
  const total = (cost: "parameters" | "forwardFlops" | "stepFlops"): number =>
    layers.reduce((sum, layer) => sum + layer[cost], 0);
  return {
    layers,
    parameters: total("parameters"),
    forwardFlops: total("forwardFlops"),
    stepFlops: total("stepFlops"),
  };
}
