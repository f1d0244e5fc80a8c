// Explains why the net reads the selected picture as it does: its parts ask one after the other, and each shows at
// once what it has found.
import { make, setText } from "../../../ui/dom";
import { Problems, retriable } from "../../../ui/problems";
import { isCrash } from "../../../run/command_queue";
import { mostProbable } from "../run/current_net";
import type { DigitsRun } from "../run/digits_run";
import type { PictureSet } from "../run/picture_set";
import { labelOf, type SelectedPicture } from "../run/selected_picture";
import { ChangeView } from "./change_view";
import { EvidenceView } from "./evidence_view";
import { FirstLayerView } from "./first_layer/first_layer_view";
import { NeighborsView } from "./neighbors_view";
import type { Part } from "./question";
import { stateSentence } from "./sentences";
import "./why.css";

// A picture is explained anew once it has stayed the same for so many milliseconds.
const rest = 500;

const choice = (ariaLabel: string, test: string) => make("select", { ariaLabel, test });

export class WhyView {
  private readonly evidence = new EvidenceView();
  private readonly change = new ChangeView();
  private readonly parts: Part[] = [
    this.evidence,
    new NeighborsView(),
    this.change,
    new FirstLayerView(),
  ];
  // The parts that depend on which answers are compared.
  private readonly ofPair: Part[] = [this.evidence, this.change];
  private readonly answer = choice("The answer", "why-this");
  private readonly other = choice("The answer it is compared with", "why-other");
  private readonly state = make("p", { role: "status", test: "why-state" });
  private readonly since = make("span", {}, "It has learned since. ");
  private readonly again = make("button", {
    type: "button",
    className: "small",
    textContent: "Ask again",
    test: "why-again",
  });
  private readonly inside: HTMLElement;
  private readonly problems: Problems;
  // What was explained last, and after how many steps; undefined before anything was.
  private shown: { picture: SelectedPicture; pictures: PictureSet; step: number } | undefined;
  // The two answers that the visitor has chosen for this picture.
  private chosen: { answer: number; other: number } | undefined;
  // Counts the questions, so that an answer that comes late is not shown.
  private asked = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly details: HTMLDetailsElement,
    private readonly run: DigitsRun,
  ) {
    const pair = ["Why ", this.answer, " rather than ", this.other, "?"];
    this.inside = make(
      "div",
      { className: "reasons", hidden: true },
      make("p", { className: "compared" }, ...pair),
      ...this.parts.map(({ element }) => element),
    );
    const later = make("p", { className: "later" }, this.since, this.again);
    for (const { element } of this.parts) element.hidden = true;
    details.append(make("div", { className: "inside" }, this.state, later, this.inside));
    this.problems = new Problems(details);
    this.again.addEventListener("click", () => void this.explain());
    for (const select of [this.answer, this.other])
      select.addEventListener("change", () => this.choose(select));
    details.addEventListener("toggle", () => this.renew(0));
    run.onAny(["selected", "pictures"], () => this.isOther() && this.renew(rest));
    run.on("names", () => this.renew(rest));
    // What the visitor says that it is, is what it is compared with.
    run.on("labelled", () => {
      this.chosen = undefined;
      this.renew(0);
    });
    run.onAny(["net", "best"], () => this.renew(rest));
    run.onAny(["status", "progress"], () => this.move());
    this.renew(0);
  }

  // Explains anew, after so many milliseconds in which nothing else happens.
  private renew(wait: number): void {
    clearTimeout(this.timer);
    if (!this.details.open) return;
    this.timer = setTimeout(() => void this.explain(), wait);
  }

  // Whether another picture is selected than the one that is explained.
  private isOther(): boolean {
    const { selected, pictures } = this.run;
    const { shown } = this;
    return (
      shown?.pictures !== pictures ||
      !selected?.pixels.every((value, p) => value === shown?.picture.pixels[p])
    );
  }

  // The net has learned something. While it goes on, it is asked again only where the visitor wishes so.
  private move(): void {
    if (this.isLate() && this.run.status !== "training") this.renew(rest);
  }

  // Whether the net has learned since it was asked, which is said.
  private isLate(): boolean {
    const isLate = this.shown !== undefined && this.shown.step !== this.run.history.step;
    this.since.hidden = !isLate;
    return isLate;
  }

  // The visitor chooses an answer; where it is the other one already, the two change places.
  private choose(select: HTMLSelectElement): void {
    const [answer, other] = [Number(this.answer.value), Number(this.other.value)];
    const before = this.chosen!;
    if (answer !== other) this.chosen = { answer, other };
    else if (select === this.answer) this.chosen = { answer, other: before.answer };
    else this.chosen = { answer: before.other, other };
    void this.explain(this.ofPair);
  }

  private async explain(parts = this.parts): Promise<void> {
    const { run, details } = this;
    const { selected, pictures } = run;
    const { trainer } = run.net;
    clearTimeout(this.timer);
    this.problems.clear();
    if (!selected || !pictures || !trainer || !run.ready)
      return this.refuse("There is nothing to explain before the network is loaded.");
    const asked = ++this.asked;
    const wanted = () => asked === this.asked;
    const { pixels } = selected;
    try {
      details.ariaBusy = "true";
      const probabilities = await trainer.predict(pixels, 1);
      const best = mostProbable(probabilities);
      if (!wanted()) return;
      if (best === undefined)
        return this.refuse("The network has diverged: its answers are no numbers, so there is nothing to explain."); // prettier-ignore
      if (this.isOther()) this.chosen = undefined;
      this.chosen ??= pairOf(probabilities, best, labelOf(run));
      const { answer, other } = this.chosen;
      const { step, gradient } = await trainer.inputGradient(pixels, answer, other);
      if (!wanted()) return;
      this.shown = { picture: selected, pictures, step };
      this.offer(pictures);
      const { called } = selected;
      const epoch = run.history.restored?.epoch;
      const sure = probabilities[best]!;
      setText(this.state, stateSentence(pictures, { called, best, sure, step, epoch }));
      this.inside.hidden = false;
      this.isLate();
      const question = { trainer, pictures, pixels, best, answer, other, gradient, wanted };
      for (const { element } of parts) element.ariaBusy = "true";
      for (const part of parts) {
        part.element.hidden = false;
        await part.show(question);
        if (!wanted()) return;
        part.element.ariaBusy = null;
      }
    } catch (error) {
      // The session reports a crash; an answer of a net that is gone is not missed.
      if (!wanted() || isCrash(error) || trainer !== run.net.trainer) return;
      this.problems.show(retriable(error, () => void this.explain()));
    } finally {
      if (wanted()) details.ariaBusy = null;
    }
  }

  private refuse(sentence: string): void {
    this.asked++;
    this.shown = undefined;
    this.inside.hidden = true;
    this.details.ariaBusy = null;
    setText(this.state, sentence);
  }

  // Offers all answers for the two that are compared.
  private offer({ names }: PictureSet): void {
    for (const [select, value] of [
      [this.answer, this.chosen!.answer],
      [this.other, this.chosen!.other],
    ] as const) {
      if (
        select.options.length !== names.length ||
        names.some((name, i) => select.options[i]!.text !== name)
      )
        select.replaceChildren(...names.map((name, label) => new Option(name, String(label))));
      select.value = String(value);
    }
  }
}

// The answer and what it really is, or the second best answer where that is not known or the same.
function pairOf(probabilities: Float32Array, best: number, label: number | undefined) {
  if (label !== undefined && label !== best) return { answer: best, other: label };
  const others = [...probabilities.keys()].filter((answer) => answer !== best);
  const other = others.reduce((a, b) => (probabilities[b]! > probabilities[a]! ? b : a));
  return { answer: best, other };
}
