// The section in which people bring pictures of their own: IDX files that are dropped or chosen,
// what was found in them, and the names of the classes. A file that cannot be used changes nothing.
import "./own_data.css";
import { LanegradError } from "lanegrad";
import * as format from "../../../ui/format";
import { lazy } from "../../../ui/lazy";
import { part } from "../../../ui/dom";
import { describe, Problems, retriable } from "../../../ui/problems";
import type { DigitsRun } from "../run/digits_run";
import type { SampleSets } from "../run/sample_sets";
import { keepNames, keptNames, readNames } from "./class_names";

const loadIdxFiles = lazy(() => import("./idx_files"), "pictureSets");

export function mount(place: HTMLElement, run: DigitsRun): void {
  new OwnData(place, run);
}

class OwnData {
  // What is learned; undefined for MNIST.
  private sets: SampleSets | undefined;
  private busy = false;
  private readonly problems: Problems;

  constructor(
    private readonly place: HTMLElement,
    private readonly run: DigitsRun,
  ) {
    this.problems = new Problems(this.part("own-problems"));
    const file = this.part<HTMLInputElement>("own-files");
    this.part("choose").addEventListener("click", () => file.click());
    file.addEventListener("change", () => {
      const chosen = [...(file.files ?? [])];
      // This lets the same files be chosen again.
      file.value = "";
      if (chosen.length > 0) void this.bring(chosen);
    });
    this.part("back").addEventListener("click", () => void this.goBack());
    this.part("names").addEventListener("change", () => this.rename());
    this.takeDrops();
  }

  private takeDrops(): void {
    const { place } = this;
    // Files that are dropped beside their place must not make the browser leave the page, and end a
    // run with it.
    const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    for (const name of ["dragover", "drop"] as const) {
      addEventListener(name, (event) => carriesFiles(event) && event.preventDefault());
    }
    place.addEventListener("dragover", (event) => {
      if (carriesFiles(event)) place.classList.add("over");
    });
    place.addEventListener("dragleave", (event) => {
      if (!place.contains(event.relatedTarget as Node | null)) place.classList.remove("over");
    });
    place.addEventListener("drop", (event) => {
      place.classList.remove("over");
      if (carriesFiles(event)) void this.bring([...event.dataTransfer!.files]);
    });
  }

  private async bring(files: readonly File[]): Promise<void> {
    await this.attempt(async () => {
      const { pictureSets, readFile, namingFiles } = await loadIdxFiles();
      const sets = await pictureSets(await Promise.all(files.map(readFile)));
      sets.pictures.names = keptNames(sets.pictures) ?? sets.pictures.names;
      await this.take(sets, (error) => namingFiles(error, sets));
    });
  }

  private async goBack(): Promise<void> {
    await this.attempt(() => this.take(undefined, (error) => error));
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

  private async attempt(work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problems.clear();
    this.part("own-state").textContent = "Reading …";
    try {
      await work();
    } catch (error) {
      const hint = "The pictures in hand and the run are as they were.";
      const isLoading = error instanceof LanegradError && error.code === "LoadFailed";
      this.problems.show(
        isLoading
          ? retriable(error, () => void this.attempt(work))
          : { ...describe(error), title: "These files cannot be used", hint },
      );
    }
    this.part("own-state").textContent = "";
    this.busy = false;
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
    if (sentence === "") this.part("names").removeAttribute("aria-invalid");
    else this.part("names").setAttribute("aria-invalid", "true");
  }

  private part<T extends HTMLElement>(name: string): T {
    return part<T>(this.place, name);
  }
}

const aboutMnist = `In hand: MNIST, 60,000 digits to learn from and 10,000 for the test, ${format.extents(28, 28)} pixels, 10 classes.`;

function about({ pictures, learned, heldBack }: SampleSets): string {
  const { count, width, height, classes } = pictures;
  const split = heldBack
    ? " No test came along, so a fifth of each class was taken out by chance, always the same " +
      "pictures, and is never learned from."
    : "";
  return (
    `In hand: ${format.grouped(learned)} pictures to learn from and ${format.grouped(count)} for the test, ` +
    `${format.extents(height, width)} pixels, ${classes} classes.${split}`
  );
}
