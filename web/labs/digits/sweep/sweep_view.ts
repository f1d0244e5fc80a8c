// The panel of sweeps: many runs with other rates, seeds and nets, of which validation says the best.
import "./sweep.css";
import type { Progress } from "lanegrad";
import { button, make, paragraph, setText } from "../../../ui/dom";
import * as format from "../../../ui/format";
import { describe } from "../../../ui/problems";
import type { DigitsRun } from "../run/digits_run";
import type { SampleSets } from "../run/sample_sets";
import { completed, conflictOf, type Settings } from "../settings/digits_settings";
import type { StoredSweep } from "../storage/stored_sweep";
import { SweepKeeper } from "./keeper";
import { SweepLists } from "./lists";
import { about, called, described, estimate, isSame, isSamePlan, measured } from "./plan";
import { mostRuns, runsOf, taken, tooMany, type Plan, type PlannedRun } from "./plan";
import { SweepResults } from "./results_view";
import type { SweepRow } from "./statistics";
import { SweepQueue } from "./sweep_queue";

const intro =
  "One run proves little: another seed, and another net may win. A sweep trains each net with each rate and each seed, " +
  "one run after the other, and shows means over the seeds. All other settings are those of the form. It trains in " +
  "a worker of its own: the run above stays as it is.";

export class View {
  private sweep: StoredSweep | undefined;
  private queue: SweepQueue | undefined;
  // The run that is under way, and how far it is.
  private now: { run: PlannedRun; progress: Progress | undefined } | undefined;
  private readonly keeper: SweepKeeper;
  // Whether a start is under way, from the press on.
  private starting = false;

  private readonly lists: SweepLists;
  private readonly plan = make("p", { className: "note", test: "sweep-plan", role: "status" });
  private readonly main = button("Start the sweep", () => void this.press(), {
    className: "primary",
    test: "sweep-start",
  });
  private readonly stop = button("Stop", () => void this.halt(), {
    disabled: true,
    test: "sweep-stop",
  });
  private readonly bar = make("progress", { max: 1, ariaLabel: "The sweep" });
  private readonly place = make("p", { test: "sweep-place" });
  private readonly way = make("div", { className: "way" }, this.bar, this.place);
  private readonly results: SweepResults;

  constructor(
    host: HTMLElement,
    private readonly run: DigitsRun,
  ) {
    this.keeper = new SweepKeeper(run);
    this.lists = new SweepLists(
      (net) => run.asked.isName(net),
      () => this.showPlan(),
    );
    this.results = new SweepResults({
      use: (row) => this.use(row),
      open: () => this.open(),
      forget: () => void this.forget(),
    });
    const buttons = make("div", { className: "buttons" }, this.main, this.stop);
    host.append(
      paragraph("note", intro),
      this.lists.element,
      this.plan,
      buttons,
      this.way,
      this.results.element,
    );
    run.onAny(["settings", "net", "status"], () => {
      if (!this.queue) this.showPlan();
    });
    this.propose();
    this.show();
    void this.recall();
  }

  // Three rates around the one of the form, and three seeds.
  private propose(): void {
    const { lr, net } = this.run.settings;
    const [low, high] = [lr / 3, lr * 3].map((rate) => Number(rate.toPrecision(1))) as [
      number,
      number,
    ];
    this.lists.write({ rates: [low, lr, high], seeds: [1, 2, 3], nets: [net] });
  }

  // The runs of the sweep that have not ended.
  private get left(): PlannedRun[] {
    const { sweep } = this;
    if (!sweep) return [];
    return runsOf(sweep).filter((run) => !sweep.results.some((done) => isSame(done, run)));
  }

  // ---- Commands -------------------------------------------------------------

  // Starts, goes on, pauses or resumes, as the button says.
  private async press(): Promise<void> {
    const { queue } = this;
    if (queue) {
      const done = queue.paused ? queue.resume() : queue.pause();
      this.show();
      await done;
      return;
    }
    const plan = this.lists.read();
    if (!plan) return this.lists.toComplaint();
    if (this.starting) return;
    this.starting = true;
    const isAlone = await this.keeper.alone(() => this.start(plan));
    this.starting = false;
    if (!isAlone) setText(this.plan, "A sweep is under way in another tab of this page already.");
  }

  private async start(plan: Plan): Promise<void> {
    if (await this.isOutdated()) return;
    const { sets } = this.run;
    if (!sets) return setText(this.plan, "The digits are still being loaded.");
    const refused = this.goesOn(plan) ? this.refusal(sets) : await this.begin(plan, sets);
    if (refused === undefined) await this.work(sets);
    else setText(this.plan, refused);
  }

  // Whether a start goes on with the sweep in hand.
  private goesOn(plan: Plan): boolean {
    return this.sweep !== undefined && isSamePlan(plan, this.sweep) && this.left.length > 0;
  }

  // Why the sweep in hand cannot go on; undefined where it can.
  private refusal(sets: SampleSets): string | undefined {
    const { pictures } = this.sweep!;
    if (pictures === called(sets)) return undefined;
    return `This sweep has learned ${pictures}: choose these again, or change a list to start another sweep.`;
  }

  // Takes up a new sweep in place of the one before. Resolves with why that cannot be; undefined
  // where it can.
  private async begin(plan: Plan, sets: SampleSets): Promise<string | undefined> {
    const { settings, net } = this.run;
    if (runsOf(plan).length > mostRuns) return tooMany(plan);
    if (settings.validation === 0)
      return "A sweep chooses by validation: set “Held back” in the form above 0 first.";
    const conflict = conflictOf(settings, sets.learned);
    if (conflict) return conflict.sentence;
    for (const each of plan.nets) {
      try {
        await net.describe(each);
      } catch (error) {
        this.lists.complain((error as Error).message);
        return "";
      }
    }
    this.sweep = {
      ...structuredClone(plan),
      settings: structuredClone(settings),
      pictures: called(sets),
      results: [],
      opened: false,
    };
    return undefined;
  }

  private async work(sets: SampleSets): Promise<void> {
    const { run } = this;
    const sweep = this.sweep!;
    this.queue = new SweepQueue(sets, this.settings(sweep), {
      progress: (run, progress) => {
        this.now = { run, progress };
        this.showPlace();
      },
      ended: (result) => {
        sweep.results.push(result);
        this.keeper.keep(sweep);
        this.show();
      },
    });
    this.results.say("");
    this.show();
    this.keeper.keep(sweep);
    try {
      await this.queue.train(this.left);
    } catch (error) {
      const hint = "The runs that have ended are kept, and the sweep can go on.";
      run.show({ ...describe(error), hint });
    }
    this.queue = this.now = undefined;
    this.show();
    const isDone = this.left.length === 0;
    run.emit("say", isDone ? this.results.verdict.textContent! : "The sweep is stopped.");
  }

  private async halt(): Promise<void> {
    this.main.focus();
    await this.queue?.stop();
  }

  private async forget(): Promise<void> {
    if (await this.isOutdated()) return;
    this.sweep = undefined;
    this.main.focus();
    this.show();
    this.keeper.forget();
  }

  private async open(): Promise<void> {
    if (await this.isOutdated()) return;
    this.sweep!.opened = true;
    this.show();
    this.keeper.keep(this.sweep!);
  }

  // Puts a row's settings into the form.
  private use({ net, rate }: SweepRow): void {
    const { run } = this;
    if (run.running)
      return this.results.say("Stop the run above first: its settings are fixed while it trains.");
    const { seed, data } = run.settings;
    Object.assign(run.settings, { ...this.settings(this.sweep!), net, seed, data, rates: [] });
    run.changed();
    void run.changeRate(rate);
    this.results.say(taken(net, rate, this.sweep!.pictures, called(run.sets!)));
  }

  // All settings of a sweep, also those that the build which kept it did not have.
  private settings({ settings }: StoredSweep): Settings {
    return completed(settings, this.run.asked.recipes);
  }

  // ---- What is kept ---------------------------------------------------------

  private async recall(): Promise<void> {
    const kept = await this.keeper.unknown();
    if (!kept || this.sweep) return;
    this.sweep = kept;
    this.lists.write(kept);
    this.show();
  }

  // Whether another tab has kept a sweep since, which is shown then instead of what the visitor has asked for.
  private async isOutdated(): Promise<boolean> {
    const kept = await this.keeper.unknown();
    if (!kept) return false;
    this.sweep = kept;
    this.show();
    this.results.say(
      "Another tab of this page has kept this sweep meanwhile. Press once more for what you wanted.",
    );
    return true;
  }

  // ---- What is shown --------------------------------------------------------

  private show(): void {
    const { queue, sweep } = this;
    this.lists.lock(queue !== undefined);
    this.stop.disabled = queue === undefined;
    if (queue) setText(this.main, queue.paused ? "Resume" : "Pause");
    else this.showPlan();
    this.showPlace();
    this.results.show(sweep, this.left.length === 0, queue !== undefined);
  }

  private showPlan(): void {
    const plan = this.lists.read();
    const goesOn = plan !== undefined && this.goesOn(plan);
    const left = format.counted(this.left.length, "run");
    setText(this.main, goesOn ? `Go on (${left} left)` : "Start the sweep");
    if (!plan) return setText(this.plan, "");
    const known = measured(this.run, this.sweep, this.run.settings);
    const isMany = runsOf(plan).length > mostRuns;
    setText(this.plan, isMany ? tooMany(plan) : described(plan, known));
  }

  private showPlace(): void {
    const { sweep, now, queue } = this;
    this.way.hidden = !(this.plan.hidden = queue !== undefined);
    if (!sweep || !queue) return;
    const [all, done] = [runsOf(sweep).length, sweep.results.length];
    const { epoch = 0, epochs = 0 } = now?.progress ?? {};
    this.bar.value = (done + (epochs > 0 ? (epoch - 1) / epochs : 0)) / all;
    if (!now) return setText(this.place, "Beginning …");
    const { net, rate, seed } = now.run;
    const at = epochs > 0 ? `, epoch ${epoch} of ${epochs}` : "";
    const seconds = estimate(this.left, measured(this.run, sweep, this.settings(sweep)));
    const rest = seconds === undefined ? "" : `; ${about(seconds)} left`;
    setText(
      this.place,
      `Run ${done + 1} of ${all}: ${net}, rate ${rate}, seed ${seed}${at}${rest}.`,
    );
  }
}
