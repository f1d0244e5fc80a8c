// The tensors of a net by name.
import type { Net } from "../api/nets.js";
import type { Tensor } from "../api/tensor.js";
import { LanegradError } from "../errors.js";
import { meant } from "../names.js";

/** All tensors that training changes in a net, with or without gradients, by name. */
export const allTensors = (net: Net): Record<string, Tensor> => ({
  ...net.namedTensors(),
  ...net.namedBuffers(),
});

/** The tensor of that name; throws `NotFound`, naming those that there are. */
export function find(tensors: Record<string, Tensor>, name: string): Tensor {
  if (Object.hasOwn(tensors, name)) return tensors[name]!;
  const names = Object.keys(tensors);
  const near = meant(name, names);
  const others = near === undefined ? `it has ${names.join(", ")}` : `expected ${near}`;
  throw new LanegradError("NotFound", `weights: the net has no tensor '${name}', ${others}`);
}
