// The panel in which visitors collect classes of their own, by drawing or from the camera, learn them and try them at once.
import "./collect.css";
import { Refresher } from "../../../run/refresher";
import { button, make, paragraph, setText } from "../../../ui/dom";
import * as format from "../../../ui/format";
import { describe, Problems } from "../../../ui/problems";
import { mostProbable } from "../run/current_net";
import type { DigitsRun } from "../run/digits_run";
import { shares } from "../run/selected_picture";
import { classSets, filled, missing, settingsFor } from "../storage/classes/class_sets";
import type { CollectedClass } from "../storage/classes/stored_classes";
import { ArchiveButtons } from "./archive_buttons";
import { ClassCards } from "./class_cards";
import { Collection } from "./collection";
import { ExampleSource } from "./example_source";

const introduction =
  "Name your classes, and draw or photograph some examples of each. Ten are a good start, all a little different. It " +
  "learns them in seconds, and then says what it makes of new ones.";
// The milliseconds between two answers.
const rest = 200;

export class View {
  private readonly problems: Problems;
  private readonly collection: Collection;
  private readonly cards: ClassCards;
  private readonly source: ExampleSource;
  private readonly archive: ArchiveButtons;
  private readonly answers: Refresher;
  // When the run began that is learning these classes; 0 for none.
  private began = 0;
  private announced = "";
  private isRead = false;

  private readonly add = button("Add", () => this.addExample(), {
    className: "primary",
    disabled: true,
    test: "collect-add",
  });
  private readonly answer = make("p", { className: "reads", test: "collect-answer" });
  private readonly train = button("Train on these", () => void this.learn(), {
    className: "primary",
    test: "collect-train",
  });
  private readonly forget = button("Forget all of them", () => this.forgetAll(), {
    test: "collect-forget",
  });
  private readonly lacks = make("p", { className: "note", test: "collect-lacks" });
  private readonly undo = button("Undo", () => this.bringBack(), {
    className: "small",
    hidden: true,
    test: "collect-undo",
  });
  // The classes before something was removed.
  private before: readonly CollectedClass[] = [];
  private readonly told = make("p", { className: "told", role: "status", test: "collect-told" });

  constructor(
    host: HTMLElement,
    private readonly run: DigitsRun,
  ) {
    const place = make("div", { className: "problems" });
    const say = (sentence: string) => this.say(sentence);
    this.problems = new Problems(place);
    // What is done in a frame of another site is not kept.
    const keeps = !host.closest("[data-embed]");
    this.collection = new Collection(
      keeps,
      () => this.show(),
      (error) => say(describe(error).message),
    );
    this.cards = new ClassCards(this.collection, {
      chosen: () => this.showChosen(),
      removed: (sentence, before) => this.sayRemoved(sentence, before),
    });
    this.source = new ExampleSource(this.add, {
      seen: () => this.showSeen(),
      entered: () => this.addExample(),
      refused: ({ message }: Error) =>
        this.problems.show({ title: "There is no picture from a camera", message }),
    });
    this.archive = new ArchiveButtons(this.collection, this.problems, say);
    const kept = keeps ? " They stay in this browser, until you forget them." : "";
    host.append(paragraph("note", introduction + kept), this.bench(), this.commands(), place);
    this.answers = new Refresher({
      place: host,
      wanted: (isSeen) => isSeen && this.canAnswer,
      ask: () => this.ask(),
    });
    host.addEventListener("toggle", () => this.source.closeCamera());
    run.onAny(["status", "net", "progress", "best", "pictures"], () => this.follow());
    this.show();
    // A picture that is added before would be lost with a reload.
    void this.collection.load().then(() => {
      this.isRead = true;
      this.showSeen();
    });
  }

  private bench(): HTMLElement {
    const another = button("Add a class", () => this.addClass(), { test: "collect-more" });
    const { parts, small } = this.source;
    return make(
      "div",
      { className: "bench" },
      make(
        "div",
        { className: "taking" },
        ...parts,
        make("div", { className: "guessing" }, small, this.answer),
      ),
      make("div", {}, this.cards.element, make("div", { className: "buttons small" }, another)),
    );
  }

  private commands(): HTMLElement {
    const buttons = [this.train, ...this.archive.all, this.forget];
    return make(
      "div",
      { className: "commands" },
      make("div", { className: "buttons" }, ...buttons),
      this.lacks,
      make("div", { className: "telling" }, this.told, this.undo),
    );
  }

  // ---- Collecting -----------------------------------------------------------

  private addExample(): void {
    const { chosen } = this.cards;
    const pixels = chosen && this.isRead && this.source.take();
    if (!pixels) return;
    this.collection.addExamples(chosen.id, [pixels]);
    const count = this.cards.chosen!.examples.length;
    this.say(`“${chosen.name}” has ${format.counted(count, "picture")}.`);
  }

  private addClass(): void {
    const made = this.collection.addClass();
    if (made) this.cards.nameIt(made.id);
    else this.say(`There is room for ${this.collection.classes.length} classes.`);
  }

  private forgetAll(): void {
    const before = this.collection.classes;
    this.collection.clear();
    this.train.focus();
    this.sayRemoved("All of them are forgotten.", before);
  }

  // ---- Learning -------------------------------------------------------------

  private async learn(): Promise<void> {
    const { run, collection } = this;
    this.problems.clear();
    const lacks = missing(collection.classes);
    if (lacks) return this.say(lacks);
    const sets = classSets(collection.classes);
    this.say("Learning …");
    const began = performance.now();
    try {
      await run.use(sets, settingsFor(sets.learned, run.settings.seed));
      this.began = began;
      run.start(true);
    } catch (error) {
      this.say("");
      this.problems.show({ ...describe(error), title: "These classes cannot be learned" });
    }
  }

  // The run goes on: what the net makes of the sheet may be something else.
  private follow(): void {
    const { run } = this;
    if (this.canAnswer) this.answers.renew();
    else this.showAnswer(undefined);
    if (this.began === 0 || run.status !== "finished") return;
    const seconds = (performance.now() - this.began) / 1000;
    this.began = 0;
    if (!run.sets?.collected) return;
    const tested = run.sets.pictures.count;
    const right = Math.round((run.history.accuracyNow ?? 0) * tested);
    this.say(
      `Learned from ${format.counted(run.sets.learned, "picture")} in ${seconds.toFixed(1)} s. Of the ${tested} that were ` +
        `held back, ${right} ${right === 1 ? "is" : "are"} seen right. Try new ones: it answers here, and on the pad above.`,
    );
  }

  // ---- Trying ---------------------------------------------------------------

  private get canAnswer(): boolean {
    const { run } = this;
    const isLearned = run.sets?.collected && run.ready && run.history.step > 0;
    return Boolean(isLearned && this.source.pixels);
  }

  private showSeen(): void {
    this.add.disabled = !this.source.pixels || !this.isRead;
    if (this.canAnswer) this.answers.hurry();
    else this.showAnswer(undefined);
  }

  private async ask(): Promise<number> {
    const { run } = this;
    const { pictures } = run;
    const { pixels } = this.source;
    const found = pixels && (await run.net.predict(shares(pixels), 1));
    if (found && pictures === run.pictures && this.canAnswer) this.showAnswer(found);
    return rest;
  }

  private showAnswer(found: Float32Array | undefined): void {
    const names = this.run.pictures?.names ?? [];
    const best = found && mostProbable(found);
    let said = "";
    if (found && best !== undefined) {
      this.cards.guess(new Map(names.map((name, label) => [name, found[label]!])));
      said = `It sees ${names[best]!}, ${format.probability(found[best]!)} sure.`;
    } else this.cards.guess(undefined);
    setText(this.answer, said);
    if (this.run.status === "training" || said === "" || this.announced === said) return;
    this.announced = said;
    this.run.emit("say", said);
  }

  // ---- What is shown --------------------------------------------------------

  private show(): void {
    // The first change comes before there is anything to show it in.
    if (!this.archive) return;
    this.cards.show();
    const { classes } = this.collection;
    setText(this.lacks, missing(classes) ?? "");
    this.archive.save.disabled = this.forget.disabled = filled(classes).length === 0;
  }

  private showChosen(): void {
    setText(this.add, `Add to “${this.cards.chosen?.name ?? ""}”`);
  }

  private say(sentence: string): void {
    setText(this.told, sentence);
    this.undo.hidden = true;
  }

  private sayRemoved(sentence: string, before: readonly CollectedClass[]): void {
    this.say(sentence);
    this.before = before;
    this.undo.hidden = false;
  }

  private bringBack(): void {
    this.collection.bringBack(this.before);
    this.train.focus();
    this.say("It is back.");
  }
}
