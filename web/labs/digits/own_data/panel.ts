// The section in which people bring pictures of their own: IDX files that are dropped or chosen. A
// file that cannot be used changes nothing. What reads and learns them is loaded with the first.
import "./own_data.css";
import { LanegradError } from "lanegrad";
import { lazy, once } from "../../../ui/lazy";
import { chooseFiles, part } from "../../../ui/dom";
import { describe, Problems, retriable } from "../../../ui/problems";
import type { DigitsRun } from "../run/digits_run";

const loadOwnPictures = lazy(() => import("./own_pictures"), "OwnPictures");

export function mount(place: HTMLElement, run: DigitsRun): void {
  const attempt = attempting(place);
  const ownPictures = once(async () => {
    const { OwnPictures } = await loadOwnPictures();
    return new OwnPictures(place, run, attempt);
  });
  const bring = (files: readonly File[]) => attempt(async () => (await ownPictures()).bring(files));

  const field = part<HTMLInputElement>(place, "own-files");
  chooseFiles(part(place, "choose"), field, (files) => void bring(files));
  run.on("choosePictures", (which) => part(place, which === "files" ? "choose" : "back").click());
  takeDrops(place, bring);
}

function takeDrops(place: HTMLElement, bring: (files: readonly File[]) => unknown): void {
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
    if (carriesFiles(event)) void bring([...event.dataTransfer!.files]);
  });
}

// Makes a function that does one piece of work at a time, and says where it fails.
function attempting(place: HTMLElement) {
  const problems = new Problems(part(place, "own-problems"));
  const state = part(place, "own-state");
  let busy = false;
  return async function attempt(work: () => Promise<void>): Promise<void> {
    if (busy) return;
    busy = true;
    problems.clear();
    state.textContent = "Reading …";
    try {
      await work();
    } catch (error) {
      const hint = "The pictures in hand and the run are as they were.";
      const isLoading = error instanceof LanegradError && error.code === "LoadFailed";
      problems.show(
        isLoading
          ? retriable(error, () => void attempt(work))
          : { ...describe(error), title: "These files cannot be used", hint },
      );
    }
    state.textContent = "";
    busy = false;
  };
}
