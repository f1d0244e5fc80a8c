// What the evaluation shows: the net's answers to every test picture, counted and shown in several
// ways. The net is asked when the section is in sight and the net has changed; while it learns, at
// most once an epoch, and so seldom that training loses less than a tenth of its time.
import type { EpochResult } from "lanegrad";
import * as format from "../../../ui/format";
import { csv, downloadText, type Cell } from "../../../ui/download";
import { Calibration } from "./calibration";
import { Classes, perClass } from "./classes";
import { Confusion } from "./confusion";
import type { Digits } from "../run/picture_set";
import { examine } from "./examination";
import { Pictures } from "./picture_list";
import type { EvaluationOptions } from "./panel";
import { Scores, type Counts } from "./scores";
import { bins, confusion, meanLoss, rightCount, within, worst, type Answered } from "./statistics";

export class EvaluationView {
  private digits: Digits | undefined;
  private counts: Counts = { train: 0, validation: 0, test: 0 };
  private answered: Answered | undefined;
  private opened: [number, number] | undefined;
  private visible = false;
  private stale = false;
  private asking = false;
  // The number of the net, so that the answers of an earlier one are dropped.
  private net = 0;
  private restUntil = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  private readonly scores: Scores;
  private readonly matrix: Confusion;
  private readonly cell: Pictures;
  private readonly mistakes: Pictures;
  private readonly classes: Classes;
  private readonly calibration: Calibration;

  constructor(private readonly options: EvaluationOptions) {
    const { place, onChoose } = options;
    this.scores = new Scores({
      place,
      noun: () => this.nouns,
      hardship: () => this.options.hardship(),
    });
    this.matrix = new Confusion({
      table: this.find<HTMLTableElement>(".confusion table"),
      note: this.find(".confusion .note"),
      onOpen: (label, answer) => this.open(label, answer),
    });
    const words = (short: boolean) => (index: number) => this.words(index, short);
    const pictures = (name: string, page: number, short: boolean) =>
      new Pictures({
        list: this.find(`.${name} .pictures`),
        more: this.find<HTMLButtonElement>(`.${name} .more`),
        page,
        words: words(short),
        onChoose,
      });
    this.cell = pictures("opened", 40, true);
    this.mistakes = pictures("mistakes", 24, false);
    this.classes = new Classes(
      this.find(".per-class tbody"),
      this.find(".per-class .scale"),
      this.find(".per-class .summary"),
    );
    this.calibration = new Calibration({
      place: this.find(".reliability"),
      summary: this.find(".calibration .summary"),
      body: this.find(".calibration tbody"),
      noun: () => this.nouns,
      smoothing: () => this.options.hardship().labelSmoothing,
    });
    this.saveButtons();
    new IntersectionObserver(([entry]) => {
      this.visible = entry!.isIntersecting;
      this.renew();
    }).observe(place);
    document.addEventListener("visibilitychange", () => this.renew());
    this.showState();
  }

  // Takes another set of test pictures, or other names of its classes.
  use(digits: Digits): void {
    const same = digits === this.digits;
    this.digits = digits;
    if (!same) this.clear();
    else if (this.answered) this.show(this.answered);
  }

  // Evaluates another net.
  reset(counts: Counts): void {
    this.counts = counts;
    this.net++;
    this.restUntil = 0;
    this.clear();
    this.scores.reset(counts);
    this.changed();
  }

  // Takes the result of an epoch that has ended.
  epoch(last: EpochResult): void {
    this.scores.epoch(last);
    this.changed();
  }

  // The net has changed since it was asked.
  changed(): void {
    this.stale = true;
    this.renew();
  }

  private renew(): void {
    if (!this.stale || !this.visible || document.hidden || !this.digits || this.net === 0) return;
    if (this.asking) return;
    // Nobody who has stopped training need wait any longer.
    clearTimeout(this.timer);
    const wait = this.options.training() ? Math.max(0, this.restUntil - performance.now()) : 0;
    this.timer = setTimeout(() => {
      if (this.visible && !document.hidden) void this.ask();
    }, wait);
  }

  async ask(): Promise<void> {
    const { digits, net } = this;
    if (this.asking || !digits || net === 0) return;
    clearTimeout(this.timer);
    this.asking = true;
    this.stale = false;
    this.showState();
    const { predict, step } = this.options;
    const begun = performance.now();
    const from = step();
    const answered = await examine({
      digits,
      predict,
      wanted: () => net === this.net && digits === this.digits,
      onAnswered: (count) => this.showState(count),
    });
    this.asking = false;
    this.showState();
    this.restUntil = performance.now() + 10 * (performance.now() - begun);
    if (answered === "not finite") {
      this.clear();
      this.state("The net has run away: its answers are no numbers, so there is nothing to count.");
    } else if (answered) {
      this.show(answered);
      const to = step();
      const when =
        from === to
          ? `after step ${format.grouped(to)}`
          : `between the steps ${format.grouped(from)} and ${format.grouped(to)}, while it learned`;
      const right = rightCount(answered);
      const all = answered.labels.length;
      this.state(
        `Asked ${when}: ${format.grouped(right)} of ${format.grouped(all)} are right, ${format.percent(right / all)}.`,
      );
      if (from === to) await this.measure(answered, to);
    }
    this.renew();
  }

  // Measures the other sets, too, for the same net as the test, while it does not learn.
  private async measure(answered: Answered, at: number): Promise<void> {
    const { net, digits, counts } = this;
    const { measure, step, training } = this.options;
    const same = () => net === this.net && digits === this.digits && step() === at && !training();
    if (!same()) return;
    this.asking = true;
    const train = await measure("train");
    const validation = counts.validation > 0 && same() ? await measure("validation") : undefined;
    this.asking = false;
    if (!train || !same() || (counts.validation > 0 && !validation)) return;
    const samples = answered.labels.length;
    const test = { samples, accuracy: rightCount(answered) / samples, loss: meanLoss(answered) };
    this.scores.standing({ step: at, train, validation, test });
  }

  private show(answered: Answered): void {
    this.answered = answered;
    const digits = this.digits!;
    const counts = confusion(answered);
    this.find(".views").hidden = false;
    this.matrix.show(digits, counts);
    this.classes.show(perClass(digits, counts), rightCount(answered) / answered.labels.length);
    this.calibration.show(bins(answered));
    const wrong = worst(answered);
    this.find(".mistakes .summary").textContent =
      wrong.length === 0
        ? "There are none."
        : `${format.grouped(wrong.length)} in all. The surest come first. Some of these you would misread, too.`;
    this.mistakes.show(digits, wrong);
    if (this.opened) this.open(...this.opened);
  }

  private clear(): void {
    this.answered = undefined;
    this.opened = undefined;
    this.matrix.mark(undefined);
    this.find(".views").hidden = true;
    this.find(".opened").hidden = true;
    this.showState();
  }

  private open(label: number, answer: number): void {
    const { digits, answered } = this;
    if (!digits || !answered) return;
    this.opened = [label, answer];
    this.matrix.mark(this.opened);
    this.find(".opened").hidden = false;
    const indices = within(answered, label, answer);
    const { noun } = digits;
    const count = `${indices.length === 0 ? "no" : format.grouped(indices.length)} ${noun}${indices.length === 1 ? "" : "s"}`;
    this.find(".opened h3").textContent =
      `${digits.names[label]} read as ${digits.names[answer]}: ${count}`;
    this.find(".opened .note").hidden = indices.length === 0;
    this.cell.show(digits, indices);
  }

  private words(index: number, short: boolean): { lines: string[]; label: string } {
    const { names, noun } = this.digits!;
    const { labels, answers, confidences } = this.answered!;
    const [label, answer] = [labels[index]!, answers[index]!];
    const sure = format.probability(confidences[index]!);
    const picture = `Test ${noun} ${index + 1}`;
    if (short) {
      const read = `${picture}, ${this.digits!.called(label)}, read as ${names[answer]}`;
      return { lines: [sure], label: `${read}, ${sure} sure` };
    }
    const mistake = `${names[answer]}, not ${names[label]}`;
    return { lines: [mistake, sure], label: `${picture}: ${mistake}, ${sure} sure` };
  }

  // ---- Files ----------------------------------------------------------------

  private saveButtons(): void {
    const save = (name: string, rows: (answered: Answered, digits: Digits) => Cell[][]) =>
      this.button(name, () => {
        const { answered, digits } = this;
        if (answered && digits) {
          downloadText(`lanegrad-${name}.csv`, csv(rows(answered, digits)), "text/csv");
        }
      });
    save("answers", (answered, { names }) => [
      ["number", "label", "answer", "confidence", "probability of label"],
      ...Array.from(answered.labels, (label, i) => [
        i + 1,
        names[label],
        names[answered.answers[i]!],
        answered.confidences[i],
        answered.ofLabels[i],
      ]),
    ]);
    save("confusion", (answered, { names, classes }) => {
      const counts = confusion(answered);
      return [
        ["label", ...names.map((name) => `read as ${name}`)],
        ...names.map((name, i) => [name, ...counts.subarray(i * classes, (i + 1) * classes)]),
      ];
    });
    save("classes", (answered, digits) => [
      ["class", "count", "right", "accuracy", "lower bound", "upper bound"],
      ...perClass(digits, confusion(answered)).map(
        ({ name, count, right, accuracy, low, high }) => [name, count, right, accuracy, low, high],
      ),
    ]);
    save("calibration", (answered) => [
      ["confidence above", "up to", "count", "right", "mean confidence", "accuracy"],
      ...bins(answered).map(({ from, to, count, right, confidence, accuracy }) => [
        from,
        to,
        count,
        right,
        confidence,
        accuracy,
      ]),
    ]);
  }

  // ---- Bits of the page -----------------------------------------------------

  private showState(done = 0): void {
    const { digits, asking } = this;
    this.find<HTMLButtonElement>('[data-do="ask"]').disabled = asking || this.net === 0;
    if (asking) {
      this.state(`Asking: ${format.grouped(done)} of ${format.grouped(digits!.count)} answered.`);
    } else if (!this.answered) {
      this.state(this.net === 0 ? "There is no net to ask yet." : "It has not been asked yet.");
    }
  }

  private get nouns(): string {
    return `${this.digits?.noun ?? "digit"}s`;
  }

  private state(text: string): void {
    this.find(".state").textContent = text;
  }

  private button(name: string, run: () => void): void {
    this.find(`[data-do="${name}"]`).addEventListener("click", run);
  }

  private find<T extends HTMLElement>(selector: string): T {
    return this.options.place.querySelector<T>(selector)!;
  }
}
