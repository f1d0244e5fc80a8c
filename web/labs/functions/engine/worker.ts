// The engine of the Functions lab: one experiment, which learns in slices of a few milliseconds and
// answers the page between them.
import { LanegradError, load, type NetDescription } from "lanegrad";
import { once } from "../../../ui/lazy";
import { failureOf, serve, type Failure } from "../../../run/remote";
import { Experiment, type ExperimentOptions } from "./experiment";
import type { ExperimentInfo, Snapshot } from "./snapshot";
import { Landscape, type Slice } from "./landscape";
import { nextTask } from "../../../run/next_task";

const sliceMilliseconds = 8;

const engine = once(load);

let experiment: Experiment | undefined;
let landscape: Landscape | undefined;
let running = false;
// The number of the loop's turn; an old loop ends where a new one begins.
let turn = 0;
let goal = 0;
// The pace in steps per second; 0 for as fast as possible.
let pace = { perSecond: 0, since: 0, from: 0 };
let failure: Failure | undefined;

export interface State {
  step: number;
  rate: number;
  running: boolean;
  // Whether all steps are done.
  done: boolean;
  failure: Failure | undefined;
  snapshot: Snapshot;
}

async function loop(mine: number): Promise<void> {
  while (running && experiment && mine === turn) {
    const until = performance.now() + sliceMilliseconds;
    try {
      while (experiment.step < goal && due() && performance.now() < until) experiment.advance();
    } catch (thrown) {
      failure = failureOf(thrown);
    }
    if (failure || experiment.step >= goal) running = false;
    else if (due()) await nextTask();
    else await new Promise((resolve) => setTimeout(resolve, 8));
  }
}

// Whether the pace allows another step now. Time that a slow moment has lost is not made up for.
function due(): boolean {
  const { perSecond, since, from } = pace;
  if (perSecond === 0) return true;
  const now = performance.now();
  const behind = from + ((now - since) * perSecond) / 1000 - experiment!.step;
  if (behind > perSecond / 4 + 1) setPace(perSecond);
  return behind >= 0;
}

function setPace(perSecond: number): void {
  pace = { perSecond, since: performance.now(), from: experiment?.step ?? 0 };
}

function current(): Experiment {
  if (!experiment) {
    throw new LanegradError("InvalidState", "functions: there is no net, expected one first");
  }
  return experiment;
}

const functions = {
  // Makes a net that has learned nothing. Where it cannot be made, the one before stays.
  async make(options: ExperimentOptions): Promise<ExperimentInfo> {
    const created = new Experiment(await engine(), options);
    running = false;
    landscape?.dispose();
    landscape = undefined;
    experiment?.dispose();
    experiment = created;
    failure = undefined;
    return created.info;
  },

  async describe(net: string, inputs: number, outputs: number): Promise<NetDescription> {
    return (await engine()).describe(net, { inputs, outputs });
  },

  // Starts to run up to this many steps in all; returns at once.
  run(upTo: number, stepsPerSecond: number): void {
    current();
    goal = upTo;
    setPace(stepsPerSecond);
    if (running || failure) return;
    running = true;
    void loop(++turn);
  },

  halt(): void {
    running = false;
  },

  step(): void {
    try {
      current().advance();
    } catch (thrown) {
      failure = failureOf(thrown);
    }
  },

  // Sets the rate; returns the step after which it takes effect.
  setRate(rate: number): number {
    const { step } = current();
    current().setRate(rate);
    return step;
  },

  snapshot(): State {
    const { step, rate } = current();
    return { step, rate, running, done: step >= goal, failure, snapshot: current().snapshot() };
  },

  weights(): { name: string; shape: number[]; values: Float32Array }[] {
    const tensors = Object.entries(current().net.namedTensors());
    return tensors.map(([name, { shape, data }]) => ({ name, shape, values: data }));
  },

  // Begins a slice through the loss.
  landscape(plane: "path" | "random"): void {
    landscape?.dispose();
    landscape = undefined;
    landscape = new Landscape(current(), plane, current().options.seed);
  },

  // Computes a part of the slice, so that everything else goes on; returns the share that is done, 0 to 1,
  // or in the end the slice.
  moreLandscape(): number | Slice {
    if (!landscape) throw new LanegradError("InvalidState", "landscape: another net was made");
    const share = landscape.some(performance.now() + sliceMilliseconds);
    if (share < 1) return share;
    const { slice } = landscape;
    landscape.dispose();
    landscape = undefined;
    return slice;
  },
};
export type WorkerFunctions = typeof functions;
serve(functions);
