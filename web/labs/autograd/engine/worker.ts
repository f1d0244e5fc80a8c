// The lab's engine: computes a formula with real Tensors, reads the graph that they record, goes
// backward, and sends plain numbers.
import { load } from "lanegrad";
import { serve } from "../../../run/remote";
import { differencesOf } from "./central_differences";
import type { Question } from "./forward";
import { graphOf } from "./recorded_graph";

const engine = load();
// Whoever asks gets the error.
engine.catch(() => {});

const functions = {
  graph: async (question: Question) => {
    const lg = await engine;
    return lg.scope(() => graphOf(lg, question));
  },
  differences: async (question: Question) => {
    const lg = await engine;
    return lg.scope(() => differencesOf(lg, question));
  },
};
export type EngineFunctions = typeof functions;

serve(functions);
