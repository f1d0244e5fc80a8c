// The lab's state: the formula, the graph that the engine has recorded for it, and the current step
// of the walk. Panels change it by its methods and listen to its events.
import { LanegradError } from "lanegrad";
import { Events } from "../../../run/events";
import { connectEngine } from "../../../run/remote";
import { describe, type Problem } from "../../../ui/problems";
import type { Address } from "../../lab";
import { baseOf, fromAddress, toAddress, type State } from "../address";
import type { Question } from "../engine/forward";
import type { Difference, Graph } from "../engine/graph";
import type { EngineFunctions } from "../engine/worker";
import { read, readValue } from "../language/language";
import { stepsOf, type Step } from "./walk_steps";

export interface FormulaEvents {
  // The formula is another one.
  formula: void;
  // The names of the formula's values, which may have changed.
  values: readonly string[];
  // What is wrong with the formula, or with one of its values; nothing where the sentence is empty.
  complaint: { name?: string; sentence: string };
  // The formula of the graph, where what is typed cannot be computed; empty where the graph is of what is typed.
  earlier: string;
  // There is another graph, or another step of it is the current one.
  walk: { graph: Graph; steps: readonly Step[]; at: number };
  // The visitor points at a value of this name.
  chosen: string;
  // It begins to play, or stops.
  playing: boolean;
  differences: readonly Difference[];
  problem: Problem;
}

// The milliseconds from step to step while it plays.
const pace = 1500;

export class FormulaRun extends Events<FormulaEvents> {
  state: State;
  graph: Graph | undefined;
  // The formula of the graph.
  private formula = "";
  steps: readonly Step[] = [];
  private engine = connectEngine<EngineFunctions>(newWorker());
  private player: ReturnType<typeof setInterval> | undefined;
  // One question is asked at a time; of those that come meanwhile, the last is asked next.
  private asking = false;
  private again = false;
  // Whether the gradients are checked, too.
  private checks = false;

  constructor(private readonly address: Address) {
    super();
    this.state = fromAddress(address.read());
    document.addEventListener("visibilitychange", () => {
      if (document.hidden && this.playing) this.play(false);
    });
  }

  // ---- The formula ----------------------------------------------------------

  // Takes another state, as from the address.
  take(state: State): void {
    this.state = state;
    this.play(false);
    this.emit("formula");
    void this.update();
  }

  readAddress(): State | undefined {
    const search = this.address.read();
    return search === toAddress(this.state) ? undefined : fromAddress(search);
  }

  writeAddress(): void {
    this.address.write(toAddress(this.state));
  }

  setFormula(formula: string): void {
    this.take({ ...this.state, formula, at: undefined, opened: undefined });
  }

  setValue(name: string, text: string): void {
    this.state.values[name] = text.replaceAll("−", "-");
    void this.update();
  }

  setRequires(name: string, requires: boolean): void {
    const { names } = read(this.state.formula);
    const fixed = new Set(this.state.fixed);
    if (requires) fixed.delete(name);
    else fixed.add(name);
    this.state.fixed = names.filter((each) => fixed.has(each));
    void this.update();
  }

  async check(asked = this.question()): Promise<void> {
    if (!asked) return;
    try {
      this.emit("differences", await this.engine.differences(asked));
      this.checks = true;
    } catch (error) {
      this.refuse(error);
    }
  }

  private async update(): Promise<void> {
    this.writeAddress();
    if (this.asking) {
      this.again = true;
      return;
    }
    const { formula } = this.state;
    const asked = this.question();
    if (!asked) return this.emit("earlier", this.formula);
    this.asking = true;
    try {
      this.graph = await this.engine.graph(asked);
      this.formula = formula;
      this.steps = stepsOf(this.graph);
      this.emit("complaint", { sentence: "" });
      this.emit("earlier", "");
      this.show();
      if (this.checks) await this.check(asked);
    } catch (error) {
      this.refuse(error);
      this.emit("earlier", this.formula);
    }
    this.asking = false;
    if (this.again) {
      this.again = false;
      void this.update();
    }
  }

  // The question that the formula and the values are; undefined where they are wrong, which is said
  // below them.
  private question(): Question | undefined {
    const { state } = this;
    let found: ReturnType<typeof read>;
    try {
      found = read(state.formula);
    } catch (error) {
      this.emit("complaint", { sentence: (error as Error).message });
      return undefined;
    }
    const { tree, names } = found;
    const base = baseOf(state.formula, names);
    for (const name of names) state.values[name] ??= base.values[name]!;
    this.emit("values", names);
    const sentences = names.map((name) => {
      try {
        readValue(name, state.values[name]!);
        return "";
      } catch (error) {
        return (error as Error).message;
      }
    });
    names.forEach((name, i) => this.emit("complaint", { name, sentence: sentences[i]! }));
    if (sentences.some(Boolean)) return undefined;
    const values = Object.fromEntries(names.map((name) => [name, state.values[name]!]));
    return { tree, values, fixed: state.fixed.filter((name) => names.includes(name)) };
  }

  private refuse(error: unknown): void {
    if (!(error instanceof LanegradError && ["Crashed", "LoadFailed"].includes(error.code))) {
      const sentence = error instanceof Error ? error.message : String(error);
      return this.emit("complaint", { sentence });
    }
    const run = () => {
      this.engine = connectEngine<EngineFunctions>(newWorker());
      void this.update();
    };
    const problem = { ...describe(error), action: { label: "Try again", run } };
    if (error.code === "Crashed") problem.hint = "A new one starts where you are.";
    this.emit("problem", problem);
  }

  // ---- The walk -------------------------------------------------------------

  get playing(): boolean {
    return this.player !== undefined;
  }

  // The current step.
  get at(): number {
    return Math.min(this.state.at ?? Infinity, this.steps.length - 1);
  }

  // Goes to a step; it stops playing.
  go(step: number): void {
    if (this.playing) this.play(false);
    this.goTo(step);
  }

  play(on: boolean): void {
    clearInterval(this.player);
    this.player = undefined;
    if (on && this.graph) {
      this.player = setInterval(() => {
        if (this.at + 1 >= this.steps.length - 1) this.play(false);
        this.goTo(this.at + 1);
      }, pace);
      if (this.at === this.steps.length - 1) this.goTo(0);
    }
    this.emit("playing", on);
    this.show();
  }

  private goTo(step: number): void {
    if (!this.graph) return;
    const last = this.steps.length - 1;
    const wanted = Math.max(0, Math.min(step, last));
    this.state.at = wanted === last ? undefined : wanted;
    this.writeAddress();
    this.show();
  }

  private show(): void {
    const { graph, steps, at } = this;
    if (graph) this.emit("walk", { graph, steps, at });
  }
}

const newWorker = () =>
  new Worker(new URL("../engine/worker.ts", import.meta.url), { type: "module" });
