// One experiment as the lab's buttons drive it: what may follow what. The engine is in a worker of
// its own. While the net learns, this asks how it is at most thirty times a second, and never when
// out of sight.
import { CommandQueue, isCrash } from "../../../run/command_queue";
import { connectEngine, errorOf, type Remote } from "../../../run/remote";
import { isRunning, type Status } from "../../../run/status";
import { curvesRest } from "../../../ui/pace";
import type { ExperimentInfo, Snapshot } from "../engine/snapshot";
import type { ExperimentOptions } from "../engine/experiment";
import type { Slice } from "../engine/landscape";
import type { WorkerFunctions } from "../engine/worker";

export interface Listener {
  onStatus(status: Status): void;
  onMade(info: ExperimentInfo): void;
  onSnapshot(snapshot: Snapshot): void;
  onProblem(error: unknown): void;
}

export interface Plan {
  options: ExperimentOptions;
  steps: number;
  pace: number;
}

export class RemoteExperiment {
  status: Status = "loading";
  lessMotion = false;
  step = 0;
  rate = 0;
  private worker: Remote<WorkerFunctions> | undefined;
  // What the current net was made from.
  private made: string | undefined;
  // Whether the next start is a new run.
  private over = true;
  // Whoever asked for a command gets its error, unless the worker has ended.
  private readonly queue = new CommandQueue((error) => {
    if (!isCrash(error)) throw error;
    this.fail(error);
  });
  private watching = 0;
  private inSight = true;
  // Called when the lab comes into sight, if something waits for that.
  private seen: (() => void) | undefined;

  constructor(private readonly listener: Listener) {}

  get remote(): Remote<WorkerFunctions> {
    return (this.worker ??= connectEngine<WorkerFunctions>(
      new Worker(new URL("../engine/worker.ts", import.meta.url), { type: "module" }),
    ));
  }

  // Whether the lab is in sight. Out of sight the net learns on, but is not asked.
  get visible(): boolean {
    return this.inSight;
  }
  set visible(now: boolean) {
    this.inSight = now;
    if (now) this.seen?.();
  }

  get running(): boolean {
    return isRunning(this.status);
  }

  // Makes a net that has learned nothing. Rejects where it cannot be made; the current one then
  // stays.
  reset(options: () => ExperimentOptions): Promise<void> {
    return this.queue.run(async () => {
      if (this.running) {
        await this.remote.halt();
        this.to("idle");
      }
      try {
        await this.fresh(options());
      } finally {
        // Even the settings could not be read.
        if (this.status === "loading") this.to("idle");
      }
    });
  }

  start({ options, steps, pace }: Plan): Promise<void> {
    return this.queue.run(async () => {
      if (this.running) return;
      if (!this.continues(options, steps)) await this.fresh(options);
      this.over = true;
      await this.remote.run(steps, pace);
      this.to("training");
      void this.watch();
    });
  }

  // Whether a start goes on with the current net.
  continues(options: ExperimentOptions | undefined, steps: number): boolean {
    if (!options || this.made !== signature(options)) return false;
    return this.status === "finished" ? steps > this.step : !this.over;
  }

  pauseOrResume({ steps, pace }: Plan): Promise<void> {
    return this.queue.run(async () => {
      if (this.status === "training") {
        await this.remote.halt();
        await this.snapshot();
        if (this.status === "training") this.to("paused");
      } else if (this.status === "paused") {
        await this.remote.run(steps, pace);
        this.to("training");
        void this.watch();
      }
    });
  }

  one(options: ExperimentOptions): Promise<void> {
    return this.queue.run(async () => {
      if (this.status === "training") return;
      if (this.status !== "paused" && this.made !== signature(options)) await this.fresh(options);
      if (this.status === "failed") await this.fresh(options);
      await this.remote.step();
      if (this.status === "finished") this.to("idle");
      await this.snapshot();
    });
  }

  stop(): Promise<void> {
    return this.queue.run(async () => {
      if (!this.running) return;
      await this.remote.halt();
      await this.snapshot();
      if (this.running) this.to("idle");
    });
  }

  // Sets the rate; resolves with the step after which it takes effect.
  async setRate(rate: number): Promise<number> {
    return this.remote.setRate(rate);
  }

  async setGoal(steps: number, pace: number): Promise<void> {
    if (this.status === "training") await this.remote.run(steps, pace);
  }

  // Computes a slice through the loss in parts, while everything else goes on.
  async landscape(plane: "path" | "random", onShare: (share: number) => void): Promise<Slice> {
    await this.remote.landscape(plane);
    let part: number | Slice = 0;
    while (typeof part === "number") {
      onShare(part);
      part = await this.remote.moreLandscape();
    }
    return part;
  }

  // Asks how the training is, if there is one.
  async snapshot(): Promise<void> {
    if (this.made === undefined) return;
    const { snapshot, failure, running, done, step, rate } = await this.remote.snapshot();
    [this.step, this.rate] = [step, rate];
    this.listener.onSnapshot(snapshot);
    if (failure) {
      if (this.status === "failed") return;
      this.over = true;
      this.to("failed");
      this.listener.onProblem(errorOf(failure));
    } else if (this.status === "training" && !running && done) {
      this.to("finished");
    }
  }

  private async watch(): Promise<void> {
    const mine = ++this.watching;
    while (mine === this.watching && this.status === "training") {
      if (!this.visible) {
        await new Promise<void>((resolve) => (this.seen = resolve));
        continue;
      }
      const pause = this.lessMotion ? 500 : curvesRest;
      const begin = performance.now();
      try {
        await this.snapshot();
      } catch (error) {
        if (mine === this.watching) this.fail(error);
        return;
      }
      const rest = Math.max(4, pause - (performance.now() - begin));
      await new Promise((resolve) => setTimeout(resolve, rest));
    }
  }

  private async fresh(options: ExperimentOptions): Promise<void> {
    const before = this.running ? "idle" : this.status;
    this.to("loading");
    let info: ExperimentInfo;
    try {
      info = await this.remote.make(options);
    } catch (error) {
      this.to(before);
      throw error;
    }
    this.made = signature(options);
    this.over = false;
    this.step = 0;
    this.to("idle");
    this.listener.onMade(info);
    await this.snapshot();
  }

  private fail(error: unknown): void {
    if (isCrash(error)) {
      this.worker = undefined;
      this.made = undefined;
    }
    this.over = true;
    this.to("failed");
    this.listener.onProblem(error);
  }

  private to(status: Status): void {
    this.status = status;
    this.listener.onStatus(status);
  }
}

const signature = (options: ExperimentOptions) => JSON.stringify({ ...options, rates: [], lr: 0 });
