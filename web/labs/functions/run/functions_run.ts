// The lab's state: the settings, the experiment that they ask for, and what is known of it. Panels
// change it by its methods and listen to its events.
import { LanegradError } from "lanegrad";
import { Events } from "../../../run/events";
import type { Status } from "../../../run/status";
import { changed } from "../../../settings/rates";
import { grouped } from "../../../ui/format";
import { describe, type Problem } from "../../../ui/problems";
import type { Shell } from "../../lab";
import type { ExperimentInfo, Snapshot } from "../engine/snapshot";
import type { Slice } from "../engine/landscape";
import { experimentOptions, fieldOf } from "../settings/experiment_plan";
import {
  defaultsOf,
  fromAddress,
  longestPoints,
  toAddress,
  type Settings,
} from "../settings/functions_settings";
import { write } from "../../../ui/plots/plane";
import { RemoteExperiment, type Plan } from "./remote_experiment";

export interface FunctionsEvents {
  status: Status;
  // There is another net, which has learned nothing yet.
  made: ExperimentInfo;
  snapshot: Snapshot;
  // The settings are others than those in the form.
  settings: void;
  // A setting was changed in the form.
  change: void;
  // Another address repeats the run.
  address: void;
  // The sentence on a field; none where it is empty.
  complaint: { key: "net" | "f" | "low" | "points"; sentence: string };
  problem: Problem;
  // The address has a part that makes no sense.
  notice: string;
  // Something is tried anew, which may prove problems wrong.
  attempt: void;
}

export class FunctionsRun extends Events<FunctionsEvents> {
  readonly settings: Settings;
  // The current learning rate.
  rate: number;
  info: ExperimentInfo | undefined;
  snapshot: Snapshot | undefined;
  // The landscape of the current net, if it was measured.
  slice: Slice | undefined;
  // Takes the visitor to a field whose text makes no sense; returns whether there is one.
  toComplaint: () => boolean = () => false;
  readonly experiment = new RemoteExperiment({
    onStatus: (status) => this.emit("status", status),
    onMade: (info) => {
      this.info = info;
      this.emit("made", info);
    },
    onSnapshot: (snapshot) => {
      this.snapshot = snapshot;
      // The engine's rate is a float.
      this.rate = Number(snapshot.rate.toPrecision(6));
      this.emit("snapshot", snapshot);
    },
    onProblem: (thrown) => this.emit("problem", this.problem(thrown)),
  });
  // The address as this lab wrote or read it last.
  private written = "";
  private complaints: string[];

  constructor(private readonly shell: Shell) {
    super();
    const { settings, complaints } = fromAddress(shell.address.read());
    this.settings = settings;
    this.complaints = complaints;
    this.rate = settings.lr;
  }

  // Shows everything for the first time, and makes the net.
  open(): void {
    this.showSettings();
    void this.make();
  }

  // Takes another experiment, which an address describes.
  adopt(search: string): void {
    const { settings, complaints } = fromAddress(search);
    Object.assign(this.settings, settings);
    this.complaints = complaints;
    this.emit("attempt");
    this.showSettings();
    void this.make();
  }

  // Takes the experiment of the page's address, if that has changed elsewhere.
  readAddress(): void {
    if (this.shell.address.read() !== this.written) this.adopt(this.shell.address.read());
  }

  start(): void {
    const { settings, experiment } = this;
    if (experiment.status === "finished" && settings.steps <= experiment.step) {
      settings.steps = experiment.step + defaultsOf(settings.task).steps;
      this.showSettings();
    }
    this.withPlan((plan) => experiment.start(plan));
  }

  pauseOrResume(): void {
    this.withPlan((plan) => this.experiment.pauseOrResume(plan));
  }

  step(): void {
    this.withPlan(({ options }) => this.experiment.one(options));
  }

  stop(): void {
    this.watch(this.experiment.stop());
  }

  reset(): void {
    this.emit("attempt");
    void this.make();
  }

  // Whether a start would go on with the current net.
  get continues(): boolean {
    try {
      return this.experiment.continues(this.plan().options, this.settings.steps);
    } catch {
      return false;
    }
  }

  // The settings were changed in the form.
  change(key: keyof Settings): void {
    const { settings, experiment } = this;
    if (key === "pace" || key === "steps") {
      this.writeAddress();
      this.watch(experiment.setGoal(settings.steps, settings.pace));
      return this.emit("status", experiment.status);
    }
    if (key === "task") {
      Object.assign(settings, defaultsOf(settings.task), { pace: settings.pace });
      this.showSettings();
    } else {
      this.emit("change");
      this.writeAddress();
    }
    void this.make();
  }

  // While the net learns, a change of the rate belongs to the run, and the link repeats it; before,
  // it is the run's own rate.
  changeRate(rate: number): void {
    const { settings, experiment } = this;
    this.rate = rate;
    if (!experiment.running && experiment.status !== "finished") {
      Object.assign(settings, { lr: rate, rates: [] });
      this.writeAddress();
      if (this.info) this.watch(experiment.setRate(rate));
      return;
    }
    const change = async () => {
      const step = await experiment.setRate(rate);
      Object.assign(settings, changed(settings, step, rate));
      this.writeAddress();
    };
    this.watch(change());
  }

  // Shows what goes wrong with something that nobody waits for.
  watch(work: Promise<unknown>): void {
    work.catch((thrown: unknown) => this.emit("problem", describe(thrown)));
  }

  say(sentence: string): void {
    this.shell.say(sentence);
  }

  private plan(): Plan {
    const { steps, pace } = this.settings;
    return { options: experimentOptions(this.settings), steps, pace };
  }

  // Calls `run` with the plan that the settings are; where they are none, shows the sentence that
  // says why.
  private withPlan(run: (plan: Plan) => Promise<void>): void {
    this.emit("attempt");
    if (this.toComplaint()) return;
    this.watch((async () => run(this.plan()))());
  }

  // Makes the net anew from the current settings; what is wrong with them stands below the field
  // that it is about.
  private async make(): Promise<void> {
    try {
      await this.experiment.reset(() => experimentOptions(this.settings));
      for (const key of ["f", "net", "low", "points"] as const) {
        this.emit("complaint", { key, sentence: "" });
      }
    } catch (thrown) {
      const key = thrown instanceof LanegradError ? fieldOf(thrown.details) : undefined;
      const action = { label: "Try again", run: () => void this.make() };
      if (key) this.emit("complaint", { key, sentence: (thrown as LanegradError).message });
      else this.emit("problem", { ...describe(thrown), action });
    }
  }

  private showSettings(): void {
    this.rate = this.settings.lr;
    this.emit("settings");
    this.writeAddress();
    for (const message of this.complaints.splice(0)) this.emit("notice", message);
  }

  private writeAddress(): void {
    this.written = toAddress(this.settings);
    this.shell.address.write(this.written);
    this.emit("address");
  }

  // Whether an address cannot hold the experiment.
  get tooLong(): boolean {
    return this.settings.task === "points" && this.settings.points.length > longestPoints;
  }

  private problem(thrown: unknown): Problem {
    const { settings, experiment } = this;
    const problem = describe(thrown);
    if (thrown instanceof LanegradError && thrown.code === "Diverged") {
      const lower = Number(Math.min(experiment.rate / 10, 0.1).toPrecision(2));
      // The engine counts epochs, this lab counts steps.
      const { step } = experiment;
      const became = Number.isNaN(thrown.details.value) ? "no number" : "infinite";
      problem.message = `In step ${step + 1} the loss became ${became}: training cannot go on from there. The plots show the ${step === 1 ? "step" : `${grouped(step)} steps`} before it.`;
      problem.hint = `The steps were so large that the weights ran away. A smaller rate may do: ${write(lower)} instead of ${write(experiment.rate)}.`;
      problem.action = {
        label: `Start again with ${write(lower)}`,
        run: () => {
          Object.assign(settings, { lr: lower, rates: [] });
          this.showSettings();
          this.start();
        },
      };
    } else if (thrown instanceof LanegradError && thrown.code === "Crashed") {
      problem.action = { label: "Try again", run: () => void this.make() };
    }
    return problem;
  }
}
