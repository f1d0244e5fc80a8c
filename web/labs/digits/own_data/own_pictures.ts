// What is learned: all of MNIST, the small one, or pictures of one's own from files, with names for their classes.
import type { WhichMnist } from "../../../data/mnist";
import * as format from "../../../ui/format";
import { LanegradError } from "lanegrad";
import { part } from "../../../ui/dom";
import { describe, retriable, type Problems } from "../../../ui/problems";
import type { DigitsRun } from "../run/digits_run";
import { mnistSets, type SampleSets } from "../run/sample_sets";
import { keepNames, keptNames, readNames } from "./class_names";
import { namingFiles, pictureSets } from "./idx_files";

export class OwnPictures {
  // What was chosen here last.
  private sets: SampleSets | undefined;
  private busy = false;

  constructor(
    private readonly place: HTMLElement,
    private readonly run: DigitsRun,
    private readonly problems: Problems,
  ) {
    this.part("names").addEventListener("change", () => this.rename());
    run.on("names", () => this.sets && this.show());
  }

  // Learns the pictures in these files.
  bring(files: readonly File[]): Promise<void> {
    return this.attempt(async () => {
      const sets = await pictureSets(files);
      sets.pictures.names = keptNames(sets.pictures) ?? sets.pictures.names;
      await this.take(sets, (error) => namingFiles(error, sets));
    });
  }

  // Learns MNIST, all of it or the small one.
  learn(which: WhichMnist): Promise<void> {
    return this.attempt(async () => {
      const focused = this.part(which).matches(":focus");
      const sets = await mnistSets(which, (received, total) => {
        const size = total === undefined ? "" : ` of ${format.megabytes(total)}`;
        this.say(`Loading the digits: ${format.megabytes(received)}${size} MB`);
      });
      await this.take(sets, (error) => error);
      // The button that was pressed is gone.
      if (focused) this.part("choose").focus();
    });
  }

  // Does one piece of work at a time, and says where it fails; nothing is changed then.
  private async attempt(work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
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
          : { ...describe(error), title: "These pictures cannot be used", hint },
      );
    }
    this.say("");
    this.busy = false;
  }

  private say(state: string): void {
    this.part("own-state").textContent = state;
  }

  private async take(sets: SampleSets, explained: (error: unknown) => unknown): Promise<void> {
    await this.run.use(sets).catch((error: unknown) => {
      throw explained(error);
    });
    this.sets = sets;
    this.show();
    this.run.emit("say", this.part("own-about").textContent!);
  }

  private show(): void {
    const { sets } = this;
    this.part("own-about").textContent = about(sets!);
    this.part("naming").hidden = sets!.which !== undefined;
    this.part<HTMLTextAreaElement>("names").value = sets!.pictures.names.join(", ");
    this.complain("");
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

const called = { full: "MNIST, ", small: "the small MNIST, " };

function about({ which, pictures, learned, heldBack }: SampleSets): string {
  const { count, width, height, classes } = pictures;
  const split = heldBack
    ? " No test came along, so about a fifth of each class was taken out by chance, always the same " +
      "pictures, and is never learned from."
    : which === "small"
      ? " It is every seventh digit of MNIST or so."
      : "";
  return (
    `In hand: ${which ? called[which] : ""}${format.grouped(learned)} ${pictures.noun}s to learn from and ${format.grouped(count)} for the test, ` +
    `${format.extents(height, width)} pixels, ${classes} classes.${split}`
  );
}
