// What the evaluation shows: the net's answers to every test picture, counted and shown in several
// ways. Where pictures are held back for validation, the test waits until somebody asks it. Where
// none are, the net is asked when the section is in sight and the net has changed; while it learns,
// at most once an epoch, and so seldom that training loses less than a tenth of its time.
import { Refresher } from "../../../run/refresher";
import * as format from "../../../ui/format";
import { part } from "../../../ui/dom";
import type { DigitsRun } from "../run/digits_run";
import type { PictureSet } from "../run/picture_set";
import { whatTestSaid } from "../sentences";
import { Calibration } from "./calibration";
import { Classes, perClass } from "./classes";
import { Confusion } from "./confusion/confusion";
import { examine } from "./examination";
import { PictureList } from "./picture_list";
import { saveButtons } from "./save_buttons";
import { Scores } from "./scores";
import { bins, confusion, meanLoss, rightCount, within, worst, type Answered } from "./statistics";

export class EvaluationView {
  private answered: Answered | undefined;
  private opened: [number, number] | undefined;
  private stale = false;
  private asking = false;
  // The number of the net, so that the answers of an earlier one are dropped.
  private net = 0;

  private readonly scores: Scores;
  private readonly matrix: Confusion;
  private readonly cell: PictureList;
  private readonly mistakes: PictureList;
  private readonly classes: Classes;
  private readonly calibration: Calibration;
  private readonly refresher: Refresher;

  constructor(
    private readonly place: HTMLElement,
    private readonly run: DigitsRun,
  ) {
    this.scores = new Scores(place, run);
    this.matrix = new Confusion(place, (label, answer) => this.open(label, answer));
    const pictures = (name: string, page: number, short: boolean) =>
      new PictureList({
        list: part(place, `${name}-pictures`),
        more: part<HTMLButtonElement>(place, `${name}-more`),
        page,
        caption: (index) => this.caption(index, short),
        onChoose: (index) => run.emit("chosen", { index, far: true }),
      });
    this.cell = pictures("opened", 40, true);
    this.mistakes = pictures("mistakes", 24, false);
    this.classes = new Classes(place);
    this.calibration = new Calibration(place);
    saveButtons(place, () => {
      const { answered, pictures } = this;
      return answered && pictures && { answered, pictures };
    });
    this.refresher = new Refresher({
      place,
      wanted: (seen) => seen && this.stale && this.pictures !== undefined && this.net !== 0,
      ask: async () => 10 * (await this.look()),
    });
    this.follow();
  }

  private get pictures(): PictureSet | undefined {
    return this.run.pictures;
  }

  private follow(): void {
    const { run } = this;
    run.on("pictures", () => this.clear());
    run.on("names", () => this.answered && this.show(this.answered));
    run.on("net", () => {
      this.reset();
      this.showStanding();
    });
    run.on("progress", ({ epochsDone = [] }) => {
      if (epochsDone.length > 0) this.showStanding();
      // This is for single steps; while it trains, the ends of epochs are often enough.
      else if (run.status !== "training") this.changed();
    });
    run.on("best", () => this.showStanding());
    run.on("status", (status) => {
      if (status !== "training" && run.history.step > 0) this.changed();
    });
    this.showState();
    if (run.history.batchesPerEpoch > 0) this.reset();
    this.showStanding();
  }

  // There is another net.
  private reset(): void {
    this.net++;
    this.clear();
    this.scores.reset();
    this.changed();
  }

  // An epoch has ended, or other weights are back.
  private showStanding(): void {
    const last = this.run.history.standing;
    if (!last) return;
    this.scores.epoch(last);
    this.changed();
  }

  // The net has changed since it was asked.
  private changed(): void {
    this.stale = true;
    this.renew();
  }

  private renew(): void {
    // Nobody who has stopped training need wait any longer.
    if (this.run.status === "training") this.refresher.renew();
    else this.refresher.hurry();
  }

  // Looks at what may be looked at as often as one likes; resolves with the milliseconds that the net
  // was busy with it.
  private async look(): Promise<number> {
    if (this.run.history.judge === "test") return this.ask();
    const begun = performance.now();
    this.stale = false;
    await this.measure(this.run.history.weightsStep);
    return performance.now() - begun;
  }

  // Asks the test once; resolves with the milliseconds until all pictures were answered.
  async ask(): Promise<number> {
    const { pictures, net, run } = this;
    if (this.asking || !pictures || net === 0) return 0;
    this.asking = true;
    this.stale = false;
    this.showState();
    const step = () => run.history.weightsStep;
    const begun = performance.now();
    const from = step();
    const answered = await examine({
      pictures,
      predict: (inputs, count) => run.net.predict(inputs, count),
      wanted: () => net === this.net && pictures === this.pictures,
      onAnswered: (count) => this.showState(count),
    });
    this.asking = false;
    this.showState();
    const milliseconds = performance.now() - begun;
    if (answered === "not finite") {
      this.clear();
      this.state("The net has diverged: its answers are no numbers, so there is nothing to count.");
    } else if (answered) {
      this.show(answered);
      const to = step();
      const [right, samples] = [rightCount(answered), answered.labels.length];
      const { history } = run;
      const epoch = history.restored?.epoch;
      history.tested = { from, to, epoch, right, samples, loss: meanLoss(answered) };
      this.showState();
      run.emit("examined", { names: pictures.names, counts: confusion(answered) });
      if (from === to) await this.measure(to);
    }
    this.renew();
    return milliseconds;
  }

  // Measures the other sets for the same net, while it does not learn.
  private async measure(at: number): Promise<void> {
    const { net, pictures, run } = this;
    const same = () =>
      net === this.net &&
      pictures === this.pictures &&
      run.history.weightsStep === at &&
      run.status !== "training";
    if (!same()) return;
    const train = await run.net.measure("train");
    const validates = run.history.samples.validation > 0;
    const validation = validates && same() ? await run.net.measure("validation") : undefined;
    if (!train || !same() || (validates && !validation)) return;
    this.scores.standing({ step: at, train, validation });
  }

  private show(answered: Answered): void {
    this.answered = answered;
    const pictures = this.pictures!;
    const counts = confusion(answered);
    part(this.place, "views").hidden = false;
    this.matrix.show(pictures, counts);
    this.classes.show(perClass(pictures, counts), rightCount(answered) / answered.labels.length);
    this.calibration.show(bins(answered), {
      nouns: `${pictures.noun}s`,
      smoothing: this.run.trainedWith.settings.labelSmoothing,
      steps: this.run.history.step,
    });
    const wrong = worst(answered);
    part(this.place, "mistakes-summary").textContent =
      wrong.length === 0
        ? "There are none."
        : `${format.grouped(wrong.length)} in all; those it was surest of come first.`;
    this.mistakes.show(pictures, wrong);
    if (this.opened) this.open(...this.opened);
  }

  private clear(): void {
    this.answered = undefined;
    this.run.emit("examined", undefined);
    this.opened = undefined;
    this.matrix.mark(undefined);
    part(this.place, "views").hidden = true;
    part(this.place, "opened").hidden = true;
    this.showState();
  }

  private open(label: number, answer: number): void {
    const { pictures, answered } = this;
    if (!pictures || !answered) return;
    this.opened = [label, answer];
    this.matrix.mark(this.opened);
    part(this.place, "opened").hidden = false;
    const indices = within(answered, label, answer);
    const { noun } = pictures;
    const count = indices.length === 0 ? `no ${noun}s` : format.counted(indices.length, noun);
    part(this.place, "opened-title").textContent =
      `${pictures.names[label]} read as ${pictures.names[answer]}: ${count}`;
    part(this.place, "opened-note").hidden = indices.length === 0;
    this.cell.show(pictures, indices);
  }

  private caption(index: number, short: boolean): { lines: string[]; label: string } {
    const { names, noun } = this.pictures!;
    const { labels, answers, confidences } = this.answered!;
    const [label, answer] = [labels[index]!, answers[index]!];
    const sure = format.probability(confidences[index]!);
    const picture = `Test ${noun} ${index + 1}`;
    if (short) {
      const read = `${picture}, ${this.pictures!.called(label)}, read as ${names[answer]}`;
      return { lines: [sure], label: `${read}, ${sure} sure` };
    }
    const mistake = `${names[answer]}, not ${names[label]}`;
    return { lines: [mistake, sure], label: `${picture}: ${mistake}, ${sure} sure` };
  }

  private showState(done = 0): void {
    const { pictures, asking } = this;
    part<HTMLButtonElement>(this.place, "ask").disabled = asking || this.net === 0;
    if (asking) {
      this.state(`Asking: ${format.grouped(done)} of ${format.grouped(pictures!.count)} answered.`);
      return;
    }
    const { tested } = this.run.history;
    const unasked = this.net === 0 ? "There is no net to ask yet." : "It has not been asked yet.";
    // Its answers are not kept with a run.
    const again = this.answered ? "" : " Ask it again to see its answers.";
    this.state(tested ? whatTestSaid(tested) + again : unasked);
  }

  private state(text: string): void {
    part(this.place, "asked").textContent = text;
  }
}
