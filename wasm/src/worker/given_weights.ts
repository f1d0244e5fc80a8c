// Puts weights that a caller gives, which trainer/weights.ts has checked, into a net's tensors.
import * as check from "../check.js";
import { LanegradError } from "../errors.js";
import type { NetHandle } from "../module/raw.js";
import type { GivenWeights } from "../protocol/settings.js";
import { numel } from "../values.js";
import { scoped, type Tensors } from "./handles.js";
import { allTensors, find } from "./weights.js";

/**
 * Puts these weights into the net: one for each of its tensors, of its size and, where a shape is
 * given, of its shape.
 */
export const setWeights = (net: NetHandle, weights: GivenWeights): void =>
  scoped((own) => setTensors(allTensors(own, net), weights));

function setTensors(tensors: Tensors, weights: GivenWeights): void {
  for (const name of Object.keys(weights)) find(tensors, name);
  for (const [name, tensor] of Object.entries(tensors)) {
    const given = weights[name];
    if (given === undefined) {
      throw new LanegradError("InvalidArgument", `weights: '${name}' is missing`);
    }
    const values = ("data" in given ? given.data : given) as Float32Array;
    const shape = tensor.shape();
    const size = numel(shape);
    const text = (extents: readonly number[]): string => `[${extents.join(", ")}]`;
    if ("shape" in given && text(given.shape) !== text(shape)) {
      throw new LanegradError(
        "ShapeMismatch",
        `weights: '${name}' has the shape ${text(given.shape)}, expected ${text(shape)}`,
      );
    }
    if (values.length !== size) {
      throw new LanegradError(
        "ShapeMismatch",
        `weights: '${name}' has ${values.length} numbers, expected ${size} for its shape ${text(shape)}`,
      );
    }
    const least = name.endsWith(".running_var") ? 0 : -Infinity;
    const wrong = values.findIndex((value) => !Number.isFinite(value) || value < least);
    if (wrong >= 0) {
      throw new LanegradError(
        "InvalidArgument",
        `weights: '${name}' holds ${check.word(values[wrong]!)} at position ${wrong}, expected ${least === 0 ? "variances of at least 0" : "finite numbers"}`,
      );
    }
    tensor.setData(values, shape);
  }
}
