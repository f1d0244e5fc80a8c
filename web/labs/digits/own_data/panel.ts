// The section in which people bring pictures of their own: IDX files that are dropped or chosen,
// what was found in them, and the names of the classes. A file that cannot be used changes nothing.
import "./own_data.css";
import { LanegradError } from "lanegrad";
import * as format from "../../../ui/format";
import { lazy } from "../../../ui/lazy";
import { describe, Problems, retriable } from "../../../ui/problems";
import { keepNames, keptNames, readNames } from "./class_names";
import type { PictureSet } from "./idx_files";

export const loadIdxFiles = lazy(() => import("./idx_files"), "pictureSet");

export interface OwnDataOptions {
  // The section, whose elements have data-own.
  place: HTMLElement;
  // Learns this set, or MNIST without one; rejects with a sentence where that cannot be.
  use(set: PictureSet | undefined): Promise<void>;
  // Called when the current set has other names.
  onNames(): void;
  say(sentence: string): void;
}

export class OwnData {
  // The current set; undefined for MNIST.
  private set: PictureSet | undefined;
  private busy = false;
  private readonly problems: Problems;

  constructor(private readonly options: OwnDataOptions) {
    const { place } = options;
    this.problems = new Problems(this.part("problems"));
    const file = this.part<HTMLInputElement>("file");
    this.part("choose").addEventListener("click", () => file.click());
    file.addEventListener("change", () => {
      const chosen = [...(file.files ?? [])];
      // This lets the same files be chosen again.
      file.value = "";
      if (chosen.length > 0) void this.bring(chosen);
    });
    this.part("back").addEventListener("click", () => void this.put(undefined));
    this.part("names").addEventListener("change", () => this.rename());

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
      const { pictureSet, readFile } = await loadIdxFiles();
      const set = await pictureSet(await Promise.all(files.map(readFile)));
      set.digits.names = keptNames(set.digits) ?? set.digits.names;
      await this.take(set);
    });
  }

  private async put(set: PictureSet | undefined): Promise<void> {
    await this.attempt(() => this.take(set));
  }

  private async take(set: PictureSet | undefined): Promise<void> {
    await this.options.use(set);
    this.set = set;
    this.show();
    this.options.say(this.part("about").textContent!);
  }

  private async attempt(work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problems.clear();
    this.part("state").textContent = "Reading …";
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
    this.part("state").textContent = "";
    this.busy = false;
  }

  private show(): void {
    const { set } = this;
    this.part("about").textContent = set ? about(set) : aboutMnist;
    this.part("back").hidden = this.part("naming").hidden = set === undefined;
    if (!set) return;
    this.part<HTMLTextAreaElement>("names").value = set.digits.names.join(", ");
    this.complain("");
  }

  private rename(): void {
    const { digits } = this.set!;
    const field = this.part<HTMLTextAreaElement>("names");
    try {
      digits.names = readNames(field.value, digits.classes);
    } catch (error) {
      this.complain((error as Error).message);
      return;
    }
    this.complain("");
    field.value = digits.names.join(", ");
    keepNames(digits);
    this.options.onNames();
  }

  private complain(sentence: string): void {
    this.part("names-complaint").textContent = sentence;
    if (sentence === "") this.part("names").removeAttribute("aria-invalid");
    else this.part("names").setAttribute("aria-invalid", "true");
  }

  private part<T extends HTMLElement>(name: string): T {
    return this.options.place.querySelector<T>(`[data-own="${name}"]`)!;
  }
}

const aboutMnist = `In hand: MNIST, 60,000 digits to learn from and 10,000 for the test, ${format.extents(28, 28)} pixels, 10 classes.`;

function about({ digits, learned, heldBack }: PictureSet): string {
  const { count, width, height, classes } = digits;
  const split = heldBack
    ? " No test came along, so a fifth of each class was taken out by chance, always the same " +
      "pictures, and is never learned from."
    : "";
  return (
    `In hand: ${format.grouped(learned)} pictures to learn from and ${format.grouped(count)} for the test, ` +
    `${format.extents(height, width)} pixels, ${classes} classes.${split}`
  );
}
