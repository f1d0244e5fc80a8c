// What the worker is asked for, made from the settings.
import type { ClassSet } from "../engine/data_sets";
import type { Wanted } from "../engine/experiment";
import { readFormula } from "../engine/formula";
import { fromText } from "./points";
import { isClasses, type Settings } from "./functions_settings";

export const inputsOf = ({ task }: Settings) => (task === "surface" ? ["x", "y"] : ["x"]);

// The whole net, made from the hidden layers.
export function netOf({ net }: Settings): string {
  const hidden = net.replace(/,?\s*dense classes\s*$/, "").trim();
  return hidden === "" ? "dense classes" : `${hidden}, dense classes`;
}

// Throws an Error with one sentence where the settings make no sense.
export function wantedOf(settings: Settings): Wanted {
  const { task, f, low, high, samples, noise, optimizer, lr, rates, batch, seed } = settings;
  const names = inputsOf(settings);
  return {
    source: isClasses(task)
      ? { kind: "classes", set: task as ClassSet, samples, noise }
      : task === "points"
        ? { kind: "points", rows: fromText(settings.points) }
        : { kind: "function", formula: readFormula(f, names), names, low, high, samples, noise },
    net: netOf(settings),
    optimizer,
    lr,
    rates,
    batch,
    seed,
  };
}

// The field that a sentence is about.
export function fieldOf(sentence: string) {
  const starts: [string, "net" | "f" | "low" | "points"][] = [
    ["net:", "net"],
    ["f:", "f"],
    ["math function: the value", "f"],
    ["math function: range", "low"],
    ["points:", "points"],
  ];
  return starts.find(([start]) => sentence.startsWith(start))?.[1];
}
