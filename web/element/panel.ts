// What an element shows and does: the controls, the readouts and the curve around a lab, and its trainer.
import type { Trainer, TrainerOptions } from "lanegrad";
import { button, make, setText } from "../ui/dom";
import { counted, loss, percent } from "../ui/format";
import type { Asked } from "./attributes";
import { LossCurve } from "./curve";
import { Failure, failureOf } from "./failure";
import type { Lab, Listener, Reading } from "./lab";

/** What the element is told. */
export interface Hooks {
  load(): Promise<{ Trainer: typeof Trainer }>;
  progress(reading: Reading): void;
  done(reading: Reading): void;
  failed(code: string, message: string): void;
}

type State = "idle" | "starting" | "learning" | "paused" | "finished" | "failed";

const words = {
  idle: "Start",
  starting: "Starting",
  learning: "Pause",
  paused: "Go on",
  finished: "Start anew",
  failed: "Try again",
} satisfies Record<State, string>;

export class Panel {
  readonly place: HTMLElement;
  trainer: Trainer | undefined;
  private state: State = "idle";
  private reading: Reading | undefined;
  private readonly main = button("Start", () => void this.toggle(), { className: "primary" });
  private readonly one = button("One step", () => void this.step());
  private readonly fresh = button("Reset", () => this.reset());
  private readonly status = make("p", { className: "status" });
  private readonly news = make("span");
  private readonly problem = make("p", { className: "problem", hidden: true });
  private readonly values = new Map<string, HTMLElement>();
  private readonly curve: LossCurve;
  // Ends what has begun, for good; and ends a run, which can go on.
  private all = new AbortController();
  private now: AbortController | undefined;

  constructor(
    private readonly asked: Asked,
    private readonly lab: Lab,
    private readonly hooks: Hooks,
  ) {
    const names = ["Epoch", "Loss", ...(lab.classes ? ["Accuracy"] : [])];
    if (asked.lab === "digits") names.push("Test accuracy");
    const readouts = make("dl", {}, ...names.flatMap((name) => this.readout(name)));
    const plot = make("div", { className: "curve" });
    const buttons = make("p", { className: "buttons" }, this.main, this.one, this.fresh);
    this.status.setAttribute("role", "status");
    this.problem.setAttribute("role", "alert");
    const parts: [HTMLElement, string][] = [
      [this.main, "button primary"],
      [this.one, "button"],
      [this.fresh, "button"],
      [this.status, "status"],
      [this.problem, "problem"],
      [readouts, "readouts"],
      [plot, "curve"],
      [buttons, "controls"],
    ];
    for (const [element, part] of parts) element.setAttribute("part", part);
    const training = make("div", {}, buttons, this.status, this.problem, readouts, plot);
    this.place = make(
      "div",
      { className: "lab", role: "group", ariaLabel: lab.name },
      training,
      lab.place,
    );
    this.place.setAttribute("part", "lab");
    this.status.append(make("span"), " ", this.news);
    this.news.ariaHidden = "true"; // it changes many times a second
    this.curve = new LossCurve(plot);
    this.enter("idle", lab.invitation);
    this.show(undefined);
    this.complain();
  }

  // Says what is wrong with the attributes; nothing is trained before they are right.
  private complain(): boolean {
    const { complaints } = this.asked;
    if (complaints.length === 0) return false;
    this.fail("InvalidArgument", `${complaints.join(". ")}.`);
    for (const each of [this.main, this.one, this.fresh]) each.disabled = true;
    return true;
  }

  /** Starts, or goes on. Resolves when the training is finished, paused or has failed. */
  async start(): Promise<void> {
    if (this.state === "learning" || this.state === "starting" || this.complain()) return;
    if (this.state === "finished") this.reset();
    await this.working(async (trainer, signal) => {
      this.enter("learning", this.lab.classes ? "It learns." : "It learns the function.");
      const done = await this.lab.run(trainer, signal, this.listener());
      if (this.all.signal.aborted) return;
      this.curve.show();
      await this.lab.refresh();
      const { reading } = this;
      if (!done || !reading) return this.pauseHere();
      this.enter(
        "finished",
        `Finished after ${counted(reading.epoch, "epoch")}. ${this.lab.verdict(reading)}`,
      );
      this.hooks.done(reading);
    });
  }

  pause(): void {
    if (this.state === "learning") this.now?.abort();
  }

  /** Trains one batch, also before the first start. */
  async step(): Promise<void> {
    if (this.state !== "idle" && this.state !== "paused" && this.state !== "failed") return;
    if (this.complain()) return;
    await this.working(async (trainer) => {
      this.enter("learning", "One step.");
      const { step, epoch, loss, accuracy, epochDone } = await trainer.step();
      const listener = this.listener();
      listener.point(step, loss);
      const testAccuracy = epochDone?.testAccuracy ?? this.reading?.testAccuracy ?? NaN;
      listener.reading({ step, epoch, epochs: this.epochs(trainer), loss, accuracy, testAccuracy });
      this.curve.show();
      await this.lab.refresh();
      this.pauseHere();
    });
  }

  /** Draws anew, in other colours. */
  repaint(): void {
    this.curve.show();
    this.lab.repaint?.();
  }

  /** Forgets the net. */
  reset(): void {
    this.end();
    this.all = new AbortController();
    this.reading = undefined;
    this.curve.begin(1);
    this.show(undefined);
    this.enter("idle", this.lab.invitation);
  }

  /** Ends the trainer and whatever has begun. */
  end(): void {
    this.all.abort();
    this.now?.abort();
    this.trainer?.dispose();
    this.trainer = undefined;
    this.lab.use(undefined);
  }

  private async toggle(): Promise<void> {
    if (this.state === "learning") this.pause();
    else await this.start();
  }

  // Does something with the trainer, which is made first where there is none.
  private async working(work: (trainer: Trainer, signal: AbortSignal) => Promise<void>) {
    const { all } = this;
    const now = (this.now = new AbortController());
    this.problem.hidden = true;
    try {
      const trainer = this.trainer ?? (await this.open(all.signal));
      if (!all.signal.aborted) await work(trainer, now.signal);
    } catch (thrown) {
      // What was ended on purpose is no failure.
      if (all.signal.aborted) return;
      this.end();
      this.all = new AbortController();
      const { code, message } = failureOf(thrown);
      this.fail(code, message);
    }
  }

  private async open(signal: AbortSignal): Promise<Trainer> {
    const { lab, asked, hooks } = this;
    this.enter("starting", lab.loading);
    const [data, { Trainer }] = await Promise.all([
      lab.data(signal, (news) => setText(this.news, news)),
      hooks.load().catch((error: Error) => {
        throw new Failure("LoadFailed", `lanegrad could not be loaded (${error.message})`);
      }),
    ]);
    setText(this.news, "");
    const settings = { ...lab.usual, ...asked.settings };
    // A rate alone is Adam's.
    if (settings.optimizer)
      settings.optimizer = { name: "adam", ...lab.usual.optimizer, ...asked.settings.optimizer };
    const options: TrainerOptions = { ...settings, data, signal };
    const trainer = await Trainer.create(options);
    this.trainer = trainer;
    trainer.onCrash = (error) => {
      if (this.trainer !== trainer) return;
      this.end();
      this.all = new AbortController();
      this.fail(error.code, error.message);
    };
    this.curve.begin(this.epochs(trainer) * trainer.info.batchesPerEpoch);
    lab.use(trainer);
    return trainer;
  }

  private epochs({ info }: Trainer): number {
    return info.settings.epochs ?? 1;
  }

  private listener(): Listener {
    const { all } = this;
    return {
      point: (step, value) => this.curve.add(step, value),
      reading: (reading) => {
        if (all.signal.aborted) return;
        this.show((this.reading = reading));
        this.curve.show();
        void this.lab.refresh().catch(() => {}); // a trainer that fails says so itself
        this.hooks.progress(reading);
      },
    };
  }

  private pauseHere(): void {
    this.enter("paused", `Paused after ${counted(this.reading?.step ?? 0, "step")}.`);
  }

  private fail(code: string, message: string): void {
    this.enter("failed", "");
    setText(this.problem, message);
    this.problem.hidden = false;
    this.hooks.failed(code, message);
  }

  private enter(state: State, sentence: string): void {
    this.state = state;
    setText(this.main, words[state]);
    setText(this.status.firstElementChild!, sentence);
    setText(this.news, "");
    this.main.disabled = state === "starting";
    this.one.disabled = !["idle", "paused", "failed"].includes(state);
    this.fresh.disabled = state === "idle" || state === "starting";
    this.place.dataset["state"] = state;
  }

  private show(reading: Reading | undefined): void {
    const { epoch, epochs, accuracy, testAccuracy } = reading ?? {
      accuracy: NaN,
      testAccuracy: NaN,
    };
    const texts: Record<string, string> = {
      Epoch: reading ? `${epoch} of ${epochs}` : "–",
      Loss: reading ? loss(reading.loss) : "–",
      Accuracy: percent(accuracy),
      "Test accuracy": percent(testAccuracy),
    };
    for (const [name, value] of this.values) setText(value, texts[name]!);
  }

  private readout(name: string): HTMLElement[] {
    const value = make("dd");
    this.values.set(name, value);
    return [make("div", {}, make("dt", {}, name), value)];
  }
}
