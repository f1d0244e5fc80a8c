// The section in which people choose what is learned: all of MNIST, the small one, or pictures of their own in files
// that are dropped or chosen. What cannot be had changes nothing. What reads and learns them is loaded with the first.
import "./own_data.css";
import { lazy, once } from "../../../ui/lazy";
import { chooseFiles, part } from "../../../ui/dom";
import { takeDrops } from "../../../ui/drops";
import { Problems, retriable } from "../../../ui/problems";
import type { DigitsRun } from "../run/digits_run";
import type { OwnPictures } from "./own_pictures";

const loadOwnPictures = lazy(() => import("./own_pictures"), "OwnPictures");

export function mount(place: HTMLElement, run: DigitsRun): void {
  const problems = new Problems(part(place, "own-problems"));
  const ownPictures = once(
    async () => new (await loadOwnPictures()).OwnPictures(place, run, problems),
  );
  const ask = (work: (own: OwnPictures) => unknown): unknown =>
    ownPictures().then(work, (error) => problems.show(retriable(error, () => void ask(work))));
  const bring = (files: readonly (FileSystemEntry | File)[]) => ask((own) => own.bring(files));

  for (const [opener, field] of [
    ["choose", "own-files"],
    ["choose-folder", "own-folder"],
  ] as const)
    chooseFiles(part(place, opener), part<HTMLInputElement>(place, field), bring);
  for (const which of ["full", "small"] as const)
    part(place, which).addEventListener("click", () => ask((own) => own.learn(which)));
  // Collected classes are brought by another panel.
  run.on("sets", (sets) => sets.collected && ask((own) => own.brought(sets)));
  run.on("choosePictures", (which) => part(place, which).click());
  takeDrops(place, place, ({ items }) =>
    // Folders are to be asked for while the event lasts.
    bring([...items].flatMap((item) => item.webkitGetAsEntry() ?? item.getAsFile() ?? [])),
  );
}
