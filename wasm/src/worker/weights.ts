// The tensors of a net by name.
import { LanegradError } from "../errors.js";
import type { NetHandle } from "../module/raw.js";
import { meant } from "../names.js";
import { tensorsOf, type Own, type Tensors } from "./handles.js";

/** All tensors that training changes in a net, with or without gradients, by name. */
export const allTensors = (own: Own, net: NetHandle): Tensors => ({
  ...tensorsOf(own, net),
  ...tensorsOf(own, net, "namedBuffers"),
});

/** The tensor of that name; throws `NotFound`, naming those that there are. */
export function find(tensors: Tensors, name: string) {
  if (Object.hasOwn(tensors, name)) return tensors[name]!;
  const names = Object.keys(tensors);
  const near = meant(name, names);
  const others = near === undefined ? `it has ${names.join(", ")}` : `expected ${near}`;
  throw new LanegradError("NotFound", `weights: the net has no tensor '${name}', ${others}`);
}
