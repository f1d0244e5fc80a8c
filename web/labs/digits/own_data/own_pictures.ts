// What is learned: all of MNIST, the small one, or pictures of one's own from files, with names for their classes. What
// was read of files is shown before it is learned.
import type { WhichMnist } from "../../../data/mnist";
import * as format from "../../../ui/format";
import { LanegradError } from "lanegrad";
import { button, part } from "../../../ui/dom";
import { describe, retriable, type Problems } from "../../../ui/problems";
import type { DigitsRun } from "../run/digits_run";
import { mnistSets, type SampleSets } from "../run/sample_sets";
import { saveAnswers } from "./answers";
import { keepNames, keptNames, readNames } from "./class_names";
import { filesOf } from "./dropped_files";
import { Preview } from "./preview/preview";
import { keptPictures, type KeptPictures } from "./kept_pictures";
import { readWithBar, type Wishes } from "./reading";

export class OwnPictures {
  // What was chosen here last.
  private sets: SampleSets | undefined;
  // Pictures that came with it, whose classes nobody gave away.
  private unlabeled: KeptPictures["unlabeled"];
  private preview: Preview | undefined;
  // The work that is being done.
  private working: Promise<void> | undefined;
  // Ends a reading that is being done.
  private reading: AbortController | undefined;
  private readonly answers: HTMLButtonElement;

  constructor(
    private readonly place: HTMLElement,
    private readonly run: DigitsRun,
    private readonly problems: Problems,
  ) {
    this.part("names").addEventListener("change", () => this.rename());
    this.answers = button("Save the answers", () => void this.saveAnswers(), {
      hidden: true,
      test: "own-answers",
    });
    this.part("small").after(this.answers);
    run.on("names", () => this.sets && this.show());
    run.onAny(["net", "progress"], () => (this.answers.disabled = run.history.step === 0));
  }

  // Reads what was chosen or dropped, and shows what that is.
  async bring(dropped: readonly (FileSystemEntry | File)[]): Promise<void> {
    await this.interrupt();
    await this.attempt(async () => this.read(await filesOf(dropped), {}));
  }

  // Learns MNIST, all of it or the small one.
  learn(which: WhichMnist): Promise<void> {
    return this.attempt(async () => {
      const focused = this.part(which).matches(":focus");
      const sets = await mnistSets(which, (received, total) => {
        const size = total === undefined ? "" : ` of ${format.megabytes(total)}`;
        this.say(`Loading the digits: ${format.megabytes(received)}${size} MB`);
      });
      await this.take(sets);
      // The button that was pressed is gone.
      if (focused) this.part("choose").focus();
    });
  }

  private async read(files: readonly File[], wishes: Wishes): Promise<void> {
    this.say("");
    const reading = (this.reading = new AbortController());
    const pictures = await readWithBar(this.part("own-preview"), files, wishes, reading);
    if (!pictures) return;
    const preview = new Preview(pictures, {
      wishes,
      onWish: async (wishes) => {
        await this.interrupt();
        await this.attempt(() => this.read(files, wishes));
      },
      onLearn: (classes) => void this.attempt(() => this.learnRead(kept, classes)),
      onLeave: () => this.leave(),
    });
    // Some are drawn, and all of them leave the page's memory.
    this.say("Setting the pictures aside …");
    const kept = await keptPictures(pictures);
    if (reading.signal.aborted) return;
    this.close();
    this.preview = preview;
    this.part("own-preview").append(preview.element);
    preview.focus();
  }

  // Learns what is shown; pictures without folders have got these classes.
  private async learnRead(kept: KeptPictures, classes: readonly string[] | undefined) {
    const sets = await kept.sets(classes);
    sets.pictures.names = keptNames(sets.pictures) ?? sets.pictures.names;
    await this.take(sets, classes ? undefined : kept.unlabeled);
    this.leave();
  }

  // Ends a reading, since something else is wanted now.
  private async interrupt(): Promise<void> {
    if (!this.reading) return;
    this.reading.abort();
    await this.working;
  }

  private leave(): void {
    this.reading?.abort();
    this.close();
    this.part("choose").focus();
  }

  private close(): void {
    this.preview?.element.remove();
    this.preview = undefined;
  }

  // Does one piece of work at a time, and says where it fails; nothing is changed then.
  private attempt(work: () => Promise<void>): Promise<void> {
    if (this.working) return Promise.resolve();
    this.working = this.work(work).finally(() => (this.working = undefined));
    return this.working;
  }

  private async work(work: () => Promise<void>): Promise<void> {
    this.problems.clear();
    this.say("Reading …");
    try {
      await work();
    } catch (error) {
      const hint = "The pictures in hand and the run are as they were.";
      const isLoading = error instanceof LanegradError && error.code === "LoadFailed";
      this.problems.show(
        isLoading
          ? retriable(error, () => void this.attempt(work))
          : {
              ...describe(error),
              message: sentenceOf(error),
              title: "These pictures cannot be used",
              hint,
            },
      );
    }
    this.reading = undefined;
    this.say("");
  }

  private say(state: string): void {
    this.part("own-state").textContent = state;
  }

  // Takes the sets, with which these pictures came.
  private async take(sets: SampleSets, unlabeled?: KeptPictures["unlabeled"]): Promise<void> {
    await this.run.use(sets);
    this.brought(sets, unlabeled);
    this.run.emit("say", this.part("own-about").textContent!);
  }

  // Says what was brought, here or by another panel.
  brought(sets: SampleSets, unlabeled?: KeptPictures["unlabeled"]): void {
    this.sets = sets;
    this.unlabeled = unlabeled;
    this.show();
  }

  private show(): void {
    const { sets, unlabeled } = this;
    this.part("own-about").textContent = about(sets!);
    this.part("naming").hidden = sets!.which !== undefined || sets!.collected === true;
    this.part<HTMLTextAreaElement>("names").value = sets!.pictures.names.join(", ");
    this.answers.hidden = !unlabeled;
    if (unlabeled)
      this.answers.textContent = `Save the answers to the ${format.grouped(unlabeled.count)} without a class`;
    this.complain("");
  }

  private saveAnswers(): Promise<void> {
    const { unlabeled, run } = this;
    return this.attempt(async () => {
      const total = format.grouped(unlabeled!.count);
      const saved = await saveAnswers(run, unlabeled!, (count) =>
        this.say(`Answered: ${format.grouped(count)} of ${total}`),
      );
      if (!saved) throw new Error("The network answers with no numbers, or it has gone meanwhile.");
    });
  }

  private rename(): void {
    const { pictures } = this.sets!;
    const field = this.part<HTMLTextAreaElement>("names");
    let names;
    try {
      names = readNames(field.value, pictures.classes);
    } catch (error) {
      this.complain((error as Error).message);
      return;
    }
    this.complain("");
    field.value = names.join(", ");
    this.run.rename(names);
    keepNames(pictures);
  }

  private complain(sentence: string): void {
    this.part("names-complaint").textContent = sentence;
    this.part("names").ariaInvalid = sentence ? "true" : null;
  }

  private part<T extends HTMLElement>(name: string): T {
    return part<T>(this.place, name);
  }
}

// What the package says of files, as a whole sentence.
function sentenceOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return `${message.replace(/^\w+: /, "").replace(/\.$/, "")}.`;
}

const called = { full: "MNIST, ", small: "the small MNIST, " };

function about({ which, pictures, learned, heldBack, collected }: SampleSets): string {
  const { count, width, height, classes } = pictures;
  const split = collected
    ? " They were collected here; about a fifth of each class is held back for the test, and never learned from."
    : heldBack
      ? " No test came along, so about a fifth of each class was taken out by chance, always the same " +
        "pictures, and is never learned from."
      : which === "small"
        ? " It is every seventh digit of MNIST or so."
        : "";
  const colored = pictures.channels > 1 ? " in colour" : "";
  return (
    `In hand: ${which ? called[which] : ""}${format.grouped(learned)} ${pictures.noun}s to learn from and ${format.grouped(count)} for the test, ` +
    `${format.extents(height, width)} pixels${colored}, ${classes} classes.${split}`
  );
}
