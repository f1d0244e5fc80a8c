// The run of Digits: its settings, its net and what that has been through. Panels ask it, give it
// the visitor's commands and listen to its events; they know nothing of each other.
import type { Inspection } from "lanegrad";
import { Events } from "../../../run/events";
import type { Problem, ProblemKind } from "../../../ui/problems";
import { fromEngine, type Key, type Settings } from "../settings/digits_settings";
import { AskedSettings } from "./asked_settings";
import { CurrentNet } from "./current_net";
import type { DigitsEvents } from "./digits_events";
import { RunHistory } from "./history";
import type { PictureSet } from "./picture_set";
import { LearningRates } from "./rates";
import { trainedWith, type RunRecord, type SavedRun, type TrainedWith } from "./run_record";
import type { SampleSets } from "./sample_sets";
import { selectedPicture, type SelectedPicture } from "./selected_picture";
import { Session } from "./session";

export class DigitsRun extends Events<DigitsEvents> {
  readonly net = new CurrentNet();
  readonly history = new RunHistory();
  // What the visitor asks for, and what is recommended.
  readonly asked: AskedSettings;
  // What is learned and tested with; undefined before it is loaded.
  sets: SampleSets | undefined;
  // Whether a start was asked for and waits for what is being loaded.
  starting = false;
  // What the current net was made and trained with.
  trainedWith: TrainedWith;
  // Commands are held back until all of these, which complain otherwise, are true.
  readonly checks: (() => boolean)[] = [];
  private readonly rates: LearningRates;
  private readonly session: Session;
  // What is on the pad, as brightnesses from 0 to 255; undefined where that is empty.
  drawn: Uint8ClampedArray | undefined;
  // The label that the visitor has given the drawing, who alone knows it; "" for none.
  drawnLabel = "";
  private first = 0;

  // `named` are the settings that the visitor has asked for; the engine has a recipe for the rest.
  constructor(
    readonly settings: Settings,
    named: Key[],
  ) {
    super();
    this.asked = new AskedSettings(settings, named);
    this.trainedWith = { settings: { ...settings }, net: settings.net, rates: [], pictures: "" };
    this.rates = new LearningRates(settings);
    this.session = new Session(this.net, this, settings.data);
    this.follow();
  }

  get status() {
    return this.session.status;
  }

  // Whether a run is under way, be it paused.
  get running(): boolean {
    return this.session.running;
  }

  // Whether there is a net to ask.
  get ready(): boolean {
    return this.net.trainer !== undefined && this.history.batchesPerEpoch > 0;
  }

  // Whether a start would go on with the current net.
  get continues(): boolean {
    return this.session.continues(this.settings);
  }

  // The current learning rate.
  get rate(): number {
    return this.rates.at(this.history.step);
  }

  // The test pictures; undefined before they are loaded.
  get pictures(): PictureSet | undefined {
    return this.sets?.pictures;
  }

  // The selected picture; undefined before there are pictures.
  get selected(): SelectedPicture | undefined {
    return this.pictures && selectedPicture(this.pictures, this.drawn, this.first);
  }

  // What the run has been through as plain data, to be kept.
  record(): RunRecord {
    const { status, trainedWith } = this;
    return this.history.record(this.rates.all, { status, epochs: trainedWith.settings.epochs });
  }

  show(problem: Problem, kind: ProblemKind = "problem"): void {
    this.emit("problem", { problem, kind });
  }

  // ---- Commands -------------------------------------------------------------

  // Makes the first net.
  async open(): Promise<void> {
    await this.session.reset({ ...this.settings }, this.asked.given);
    this.emit("opened");
  }

  // Starts a run, or goes on with the current one unless it is to begin `anew`.
  start(anew = false): void {
    this.attempt(async () => {
      this.setStarting(true);
      await this.session.start({ ...this.settings }, anew, this.asked.given);
      this.setStarting(false);
    }, anew);
  }

  step(): void {
    this.attempt(() => this.session.step({ ...this.settings }));
  }

  reset(): void {
    this.attempt(() => this.session.reset({ ...this.settings }));
  }

  pauseOrResume(): void {
    void this.session.pauseOrResume();
  }

  stop(): Promise<void> {
    return this.session.stop();
  }

  // Goes on training the net as it is, with another rate.
  goOn(rate: number): void {
    this.rates.ask(rate);
    this.changed();
    this.start();
  }

  // Makes the net again as it was made with these settings.
  makeAgain(settings: Settings): Promise<void> {
    return this.session.reset(settings);
  }

  // Goes back to a saved run. Rejects with the engine's error where that cannot be; the run in hand
  // then stays.
  restore(saved: SavedRun): Promise<void> {
    return this.session.restore(saved);
  }

  // The run as it is now; undefined where that cannot be, which `save` complains of.
  snapshot(): Promise<SavedRun | undefined> {
    return this.recorded(this.net.snapshot());
  }
  save(): Promise<SavedRun | undefined> {
    return this.recorded(this.session.save());
  }

  // What the net looks like inside, with nothing that is some steps old.
  examine(image: Float32Array): Promise<Inspection | undefined> {
    return this.session.examine(image);
  }

  // Learns other pictures from now on, with these settings. Rejects with the engine's error where that
  // cannot be; pictures and run then stay as they are.
  use(sets: SampleSets, settings = this.asked.fitted(this.sets, sets)): Promise<void> {
    return this.session.use(sets, settings);
  }

  // Gives the classes of the pictures other names.
  rename(names: readonly string[]): void {
    const pictures = this.pictures!;
    pictures.names = names;
    this.emit("names", pictures);
    void this.session.name(names);
  }

  // ---- Settings -------------------------------------------------------------

  // Settings have changed, one of them in the form or several elsewhere.
  changed(key?: Key): void {
    if (key) this.asked.changed(key);
    this.settle();
    this.emit("settings", key);
    // What is shown belongs to the net that is named, as long as nothing is lost by that.
    void this.session.remake(() => (this.history.step === 0 ? { ...this.settings } : undefined));
  }

  // Asks for all of these settings, as an address does.
  ask(settings: Settings): void {
    Object.assign(this.settings, settings);
    this.rates.ask(settings.lr, settings.rates);
    this.changed();
  }

  // Takes a net: a name of the catalog, which comes with the settings that suit it, or a text.
  choose(net: string, withItsSettings: boolean): void {
    const { settings } = this;
    settings.net = net;
    if (withItsSettings) {
      const { seed, validation } = settings;
      Object.assign(settings, this.asked.base, { seed, validation });
      this.rates.ask(settings.lr);
    }
    this.changed();
  }

  // Holds samples back for validation, from the next start on.
  holdBack(): void {
    this.asked.holdBack(this.sets);
    this.changed();
    this.emit("holdBack");
  }

  async changeRate(rate: number): Promise<void> {
    if (!this.running) {
      this.rates.ask(rate);
      return this.changed("lr");
    }
    const of = this.trainedWith;
    const step = await this.session.setLearningRate(rate);
    // It was refused, or belongs to a net that is gone.
    if (step === undefined || of !== this.trainedWith) return;
    this.rates.change(step, rate);
    Object.assign(this.trainedWith.settings, this.rates.all);
    this.emit("rate");
    this.emit("settings", "rates");
  }

  // ---- Pictures -------------------------------------------------------------

  // Selects what is drawn on the pad, as brightnesses from 0 to 255; undefined for an empty pad.
  selectDrawn(drawn: Uint8ClampedArray | undefined): void {
    this.drawn = drawn;
    this.emit("selected");
  }

  // Selects a test picture where nothing is drawn.
  selectFirst(index: number): void {
    this.first = index;
    this.emit("selected");
  }

  // ---- What the session says ------------------------------------------------

  // Knows what happens before any panel does.
  private follow(): void {
    const { settings, history, rates } = this;
    this.on("recipes", (recipes) => {
      this.asked.learn(recipes);
      rates.take();
    });
    this.on("sets", (sets) => {
      if (sets.pictures === this.pictures) return;
      this.sets = sets;
      settings.data = sets.which ?? settings.data;
      this.first = 0;
      if (this.drawn?.length !== sets.pictures.pixels) this.drawn = undefined;
      this.emit("pictures", sets.pictures);
    });
    this.on("net", ({ info, record, restored, unasked }) => {
      const made = { ...fromEngine(info.settings), data: settings.data };
      const changes = restored ? record.rates : { rates: settings.rates };
      if (!unasked) Object.assign(settings, made, { epochs: record.progress.epochs }, changes);
      rates.take();
      history.begin(info, record);
      const data = this.sets!.which ?? "full";
      const own = { ...(unasked ? made : settings), rates: settings.rates, data };
      this.trainedWith = trainedWith(info, own, this.asked.recipes, rates.taken(info.step));
    });
    this.on("progress", (progress) => {
      const before = this.rate;
      rates.takeAsked();
      history.add(progress);
      this.trainedWith.rates = rates.taken(history.step);
      Object.assign(this.trainedWith.settings, { epochs: progress.epochs }, rates.all);
      if (this.rate !== before) this.emit("rate");
    });
    this.on("best", ({ restored }) => history.restore(restored));
  }

  // The checkpoint with the record of the same moment: the page has heard of all its steps before.
  private async recorded(saving: Promise<Uint8Array | undefined>): Promise<SavedRun | undefined> {
    const checkpoint = await saving;
    return checkpoint && { checkpoint, record: this.record() };
  }

  // Tries a command. Settings that cannot be read hold it back.
  private attempt(command: () => Promise<void>, anew = false): void {
    this.emit("attempt");
    if (!this.checks.every((check) => check())) return;
    this.settle(anew);
    void command();
  }

  private settle(anew = false): void {
    if (!this.running) this.rates.settle(this.history.step, this.continues && !anew);
  }

  private setStarting(starting: boolean): void {
    this.starting = starting;
    this.emit("starting");
  }
}
