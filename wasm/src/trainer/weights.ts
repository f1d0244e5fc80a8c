// Checks the weights that a caller gives a net.
import * as check from "../check.js";
import type { GivenWeights } from "../protocol/settings.js";
import { mapped } from "../values.js";

/** The option `weights` of a trainer. */
export function weightsOption(_: string, given: unknown): GivenWeights {
  const weights = check.record("weights", given, "numbers by name");
  return mapped(weights, numbersIn);
}

function numbersIn(value: unknown, name: string): GivenWeights[string] {
  const what = `weights: '${name}'`;
  if (typeof value !== "object" || value === null || check.isNumbers(value)) {
    return check.floats(what, value);
  }
  const { data, shape } = check.reading(what, () => ({ ...pick(value) }));
  if (data === undefined) check.fail(what, value, "an array of numbers or { data, shape }");
  return { data: check.floats(what, data), shape: check.extents(`${what}: shape`, shape) };
}

/** Reads data and shape, also those of a Tensor, which are not its own properties. */
const pick = ({ data, shape }: { data?: unknown; shape?: unknown }) => ({ data, shape });
