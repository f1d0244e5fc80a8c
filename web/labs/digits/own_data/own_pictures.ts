// Pictures of one's own in place of MNIST's: learned from files, described, and with names for
// their classes.
import * as format from "../../../ui/format";
import { part } from "../../../ui/dom";
import type { DigitsRun } from "../run/digits_run";
import type { SampleSets } from "../run/sample_sets";
import { keepNames, keptNames, readNames } from "./class_names";
import { namingFiles, pictureSets } from "./idx_files";

export class OwnPictures {
  // What is learned; undefined for MNIST.
  private sets: SampleSets | undefined;

  constructor(
    private readonly place: HTMLElement,
    private readonly run: DigitsRun,
    attempt: (work: () => Promise<void>) => Promise<void>,
  ) {
    const toMnist = () => this.take(undefined, (error) => error);
    this.part("back").addEventListener("click", () => void attempt(toMnist));
    this.part("names").addEventListener("change", () => this.rename());
    run.on("names", () => this.sets && this.show());
  }

  // Learns the pictures in these files. Rejects where they cannot be used; nothing is changed then.
  async bring(files: readonly File[]): Promise<void> {
    const sets = await pictureSets(files);
    sets.pictures.names = keptNames(sets.pictures) ?? sets.pictures.names;
    await this.take(sets, (error) => namingFiles(error, sets));
  }

  private async take(
    sets: SampleSets | undefined,
    explained: (error: unknown) => unknown,
  ): Promise<void> {
    await this.run.use(sets).catch((error: unknown) => {
      throw explained(error);
    });
    this.sets = sets;
    this.show();
    this.run.emit("say", this.part("own-about").textContent!);
  }

  private show(): void {
    const { sets } = this;
    this.part("own-about").textContent = sets ? about(sets) : aboutMnist;
    this.part("back").hidden = this.part("naming").hidden = sets === undefined;
    if (!sets) return;
    this.part<HTMLTextAreaElement>("names").value = sets.pictures.names.join(", ");
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

const aboutMnist = `In hand: MNIST, 60,000 digits to learn from and 10,000 for the test, ${format.extents(28, 28)} pixels, 10 classes.`;

function about({ pictures, learned, heldBack }: SampleSets): string {
  const { count, width, height, classes } = pictures;
  const split = heldBack
    ? " No test came along, so about a fifth of each class was taken out by chance, always the same " +
      "pictures, and is never learned from."
    : "";
  return (
    `In hand: ${format.grouped(learned)} pictures to learn from and ${format.grouped(count)} for the test, ` +
    `${format.extents(height, width)} pixels, ${classes} classes.${split}`
  );
}
