// The commands of the page's buttons: what may follow what, and what becomes of the engine's errors.
import type { Inspection, Progress, Trainer } from "lanegrad";
import type { WhichMnist } from "../../../data/mnist";
import type { Events } from "../../../run/events";
import { isCrash } from "../../../run/command_queue";
import type { Status } from "../../../run/status";
import { progressOf, TrainerSession } from "../../../run/trainer_session";
import { keys, type Key, type Settings } from "../settings/digits_settings";
import type { CurrentNet } from "./current_net";
import type { DigitsEvents } from "./digits_events";
import { NetMaker } from "./net_maker";
import type { SavedRun } from "./run_record";
import type { SampleSets } from "./sample_sets";

export class Session extends TrainerSession {
  private readonly maker: NetMaker;
  // The whole epochs done, or those that a finished run was to have: a start goes on with the net
  // where it is to have more. Infinity after a failure.
  private done = Infinity;

  constructor(
    private readonly net: CurrentNet,
    private readonly events: Events<DigitsEvents>,
    which: WhichMnist,
  ) {
    super();
    this.maker = new NetMaker(net, events, (error) => this.fail(error), which);
    events.on("net", ({ info, record: { progress } }) => {
      this.done = progress.status === "finished" ? progress.epochs : info.epochs;
    });
  }

  // Loads what is missing and makes a net that has learned nothing. Settings that `given` does not
  // name come from the engine's recipe for the net.
  reset(settings: Settings, given: readonly Key[] = keys): Promise<void> {
    return this.queue.run(async () => {
      await this.halt();
      this.to("loading");
      await this.maker.fresh(settings, given);
      this.to("idle");
    });
  }

  // Makes another net by itself where these settings begin with another one and nothing has been
  // learned yet: then they are undefined. Where it cannot be made, the current one stays, and a start
  // says why.
  remake(settings: () => Settings | undefined): Promise<void> {
    return this.queue.run(async () => {
      const wanted = settings();
      const rests = this.status === "idle" || this.status === "stopped";
      if (!rests || !wanted || this.maker.beginsAs(wanted)) return;
      try {
        await this.maker.fresh(wanted, keys, true);
        if (this.status === "stopped") this.to("idle");
      } catch (error) {
        if (isCrash(error)) throw error;
      }
    });
  }

  // Starts a new run, or goes on with one unless it is to begin `anew`: after single steps, after a
  // stop, or where a finished run gets more epochs.
  start(settings: Settings, anew: boolean, given: readonly Key[] = keys): Promise<void> {
    return this.queue.run(async () => {
      if (this.running) return;
      let { epochs } = settings;
      if (anew || !this.continues(settings)) {
        this.to("loading");
        await this.maker.fresh(settings, given);
        epochs = this.trainer!.info.settings.epochs ?? epochs;
      } else {
        await this.trainer!.setLearningRate(settings.lr);
      }
      await this.plan(settings.rates);
      this.let(this.train(this.trainer!, epochs));
    });
  }

  // Whether a start with these settings goes on with the current net.
  continues(settings: Settings): boolean {
    return this.maker.hasMade(settings) && settings.epochs > this.done;
  }

  // Trains one batch.
  step(settings: Settings): Promise<void> {
    return this.queue.run(async () => {
      if (this.status === "training") return;
      if (this.status !== "paused" && !this.maker.hasMade(settings)) {
        this.to("loading");
        await this.maker.fresh(settings);
      }
      const trainer = this.trainer!;
      if (!this.running) {
        await trainer.setLearningRate(settings.lr);
        await this.plan(settings.rates);
      }
      const done = await trainer.step();
      const { epoch, epochDone, restored } = done;
      // In a run that is paused, its own messages have told of the step.
      if (!this.running) {
        this.done = epochDone ? epoch : epoch - 1;
        if (this.status !== "stopped") this.to("idle");
        this.events.emit("progress", progressOf(done, settings.epochs));
      }
      if (restored) this.events.emit("best", { restored, epochs: epoch, early: true });
    });
  }

  stop(): Promise<void> {
    return this.queue.run(async () => {
      if (!this.running) return;
      // The test of an epoch whose steps are done is completed first, for which saving waits. It
      // would be told with the rest of the training, which after a reload does not know of it.
      await this.trainer!.pause();
      await this.net.snapshot();
      await this.halt();
    });
  }

  // Goes back to a saved run. Rejects with the engine's error where that cannot be; the current net
  // then stays as it is.
  async restore(saved: SavedRun): Promise<void> {
    let refused: unknown;
    await this.queue.run(async () => {
      await this.halt();
      const before = this.status;
      this.to("loading");
      try {
        const { status } = (await this.maker.restore(saved)).progress;
        this.to(status === "finished" || status === "idle" ? status : "stopped");
      } catch (error) {
        if (!this.trainer || isCrash(error)) throw error;
        this.to(before);
        refused = error;
      }
    });
    if (refused !== undefined) throw refused;
  }

  // Learns other pictures from now on. Rejects with the engine's error where that cannot be; data and
  // run then stay as they are.
  async use(sets: SampleSets, settings: Settings): Promise<void> {
    let refused: unknown;
    await this.queue.run(async () => {
      const put = await this.maker.prepare(sets).catch((error: unknown) => {
        refused = error;
      });
      if (!put) return;
      await this.halt();
      this.to("loading");
      await put(settings);
      this.to("idle");
    });
    if (refused !== undefined) throw refused;
  }

  // Names the classes from now on, also in files of this run.
  async name(names: readonly string[]): Promise<void> {
    await this.reported((trainer) => trainer.setClassNames(names));
  }

  // The run as a file's bytes, to go on with later.
  save(): Promise<Uint8Array | undefined> {
    return this.reported((trainer) => trainer.save());
  }

  // Sets the rate of the current run. Resolves with the number of steps before it takes effect;
  // undefined where that cannot be.
  setLearningRate(rate: number): Promise<number | undefined> {
    return this.reported((trainer) => trainer.setLearningRate(rate));
  }

  // What the net looks like inside, with nothing that is some steps old: training is paused for
  // that moment.
  async examine(image: Float32Array): Promise<Inspection | undefined> {
    let found: Inspection | undefined;
    await this.queue.run(async () => {
      const { trainer } = this;
      const runs = this.status === "training";
      if (runs) await trainer?.pause();
      try {
        found = await trainer?.inspect(image);
      } finally {
        if (runs) await trainer?.resume();
      }
    });
    return found;
  }

  protected get trainer(): Trainer | undefined {
    return this.net.trainer;
  }

  private async train(trainer: Trainer, epochs: number): Promise<void> {
    this.to("training");
    try {
      const onProgress = (progress: Progress) => this.events.emit("progress", progress);
      const { restored, state, ...ended } = await trainer.train({ epochs, onProgress });
      if (restored) {
        this.events.emit("best", { restored, epochs: ended.epochs, early: ended.stoppedEarly });
      }
      this.done = state === "finished" ? epochs : ended.epochs;
      this.to(state);
    } catch (error) {
      this.fail(error);
    }
  }

  // Asks the trainer; an error is reported, a crash has been.
  private async reported<T>(ask: (trainer: Trainer) => Promise<T>): Promise<T | undefined> {
    try {
      return this.trainer && (await ask(this.trainer));
    } catch (error) {
      if (!isCrash(error)) this.events.emit("failure", error);
      return undefined;
    }
  }

  protected fail(error: unknown): void {
    if (isCrash(error)) {
      // It has been said before: everything that waited for the worker ends up here.
      if (!this.trainer) return;
      this.trainer.dispose();
      this.net.trainer = undefined;
    }
    this.done = Infinity;
    this.to("failed");
    this.events.emit("failure", error);
  }

  protected to(status: Status): void {
    this.status = status;
    this.events.emit("status", status);
  }
}
