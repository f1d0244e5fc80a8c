// What the worker is asked for, made from the settings.
import { LanegradError, type ErrorDetails } from "lanegrad";
import type { ClassSet } from "../../../data/class_points";
import type { ExperimentOptions } from "../engine/experiment";
import { readFormula } from "../../formula";
import { fromText } from "./points";
import { isClasses, type Settings } from "./functions_settings";

export const inputsOf = ({ task }: Settings) => (task === "surface" ? ["x", "y"] : ["x"]);

// The whole net, made from the hidden layers.
export function netOf({ net }: Settings): string {
  const hidden = net.replace(/,?\s*(dense|linear) classes\s*$/i, "").trim();
  return hidden === "" ? "dense classes" : `${hidden}, dense classes`;
}

// Throws a LanegradError about the field where the settings make no sense.
export function experimentOptions(settings: Settings): ExperimentOptions {
  const { task, f, low, high, samples, noise, optimizer, lr, rates, batch, seed } = settings;
  const names = inputsOf(settings);
  return {
    source: isClasses(task)
      ? { kind: "classes", set: task as ClassSet, samples, noise }
      : task === "points"
        ? { kind: "points", rows: reading("points", () => fromText(settings.points)) }
        : {
            kind: "function",
            text: f,
            formula: reading("f", () => readFormula(f, names)),
            names,
            low,
            high,
            samples,
            noise,
          },
    net: netOf(settings),
    optimizer,
    lr,
    rates,
    batch,
    seed,
  };
}

// The fields below which an error of the engine can stand.
type Refusable = "f" | "net" | "low" | "points";

// The field that an error is about; the range's errors stand below its first number.
export function fieldOf({ field }: ErrorDetails): Refusable | undefined {
  const fields: Record<string, Refusable> = {
    f: "f",
    net: "net",
    points: "points",
    range: "low",
    values: "f",
  };
  return field === undefined ? undefined : fields[field];
}

// Reads what stands in a field; the error says which field it is about.
function reading<T>(field: Refusable, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const details = { field };
    throw new LanegradError("InvalidArgument", (error as Error).message, { cause: error, details });
  }
}
