// The buttons that save all collected classes as a .zip, and add those of one.
import { button, chooseFiles, make } from "../../../ui/dom";
import { downloadBlob } from "../../../ui/download";
import * as format from "../../../ui/format";
import { lazy } from "../../../ui/lazy";
import { describe, retriable, type Problems } from "../../../ui/problems";
import { side } from "../storage/classes/stored_classes";
import type { Opened } from "./class_archive";
import type { Collection } from "./collection";

const loadArchive = lazy(() => import("./class_archive"), "archiveOf");

export class ArchiveButtons {
  readonly save = button("Save as .zip", () => void this.toFile(), { test: "collect-save" });
  readonly all: readonly HTMLElement[];

  constructor(
    private readonly collection: Collection,
    private readonly problems: Problems,
    private readonly say: (sentence: string) => void,
  ) {
    const file = make("input", {
      type: "file",
      accept: ".zip",
      hidden: true,
      ariaLabel: "An archive of classes",
      test: "collect-file",
    });
    const open = button("Open a .zip", () => {}, { test: "collect-open" });
    chooseFiles(open, file, ([chosen]) => void this.open(chosen!));
    this.all = [this.save, open, file];
  }

  private async toFile(): Promise<void> {
    try {
      const bytes = await (await loadArchive()).archiveOf(this.collection.classes);
      const blob = new Blob([bytes as BlobPart], { type: "application/zip" });
      downloadBlob("lanegrad-classes.zip", blob);
    } catch (error) {
      this.problems.show(retriable(error, () => void this.toFile()));
    }
  }

  private async open(file: File): Promise<void> {
    this.problems.clear();
    this.say(`Reading ${file.name} …`);
    try {
      const opened = await (await loadArchive()).openArchive(file);
      this.say(inWords(opened, this.collection.addNamed(opened.pictures)));
    } catch (error) {
      this.say("");
      this.problems.show({ ...describe(error), title: "These classes cannot be opened" });
    }
  }
}

function inWords({ pictures, scaled, leftOut }: Opened, added: number): string {
  const classes = pictures.size === 1 ? "one class" : `${pictures.size} classes`;
  const parts = [`${format.counted(added, "picture")} of ${classes} added.`];
  if (scaled > 0) parts.push(`${scaled} of them had to be made ${side} × ${side}.`);
  if (leftOut > 0) parts.push(`Left out, since no picture in a folder: ${leftOut}.`);
  return parts.join(" ");
}
