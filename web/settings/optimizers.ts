// The optimizers that the engine's table of settings lists, with their names for people.
import { settings } from "lanegrad/settings";

const row = settings.find(({ id }) => id === "optimizer")! as Extract<
  (typeof settings)[number],
  { id: "optimizer" }
>;

export type Optimizer = (typeof row.choices)[number];

export const optimizers: readonly Optimizer[] = row.choices;

export const optimizerNames: Readonly<Record<string, string>> = {
  adam: "Adam",
  adamw: "AdamW",
  sgd: "SGD",
} satisfies Record<Optimizer, string>;
