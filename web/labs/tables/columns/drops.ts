// Files that are dropped on the lab: on the place for them, or beside it.

/** Gives `take` a file that is dropped anywhere in the lab; `place` shows that it may be. */
export function takeDrops(lab: HTMLElement, place: HTMLElement, take: (file: File) => void): void {
  const carries = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  // A file that is dropped beside it must not make the browser leave the page.
  for (const name of ["dragover", "drop"] as const) {
    addEventListener(name, (event) => carries(event) && event.preventDefault());
  }
  lab.addEventListener("dragover", (event) => {
    if (carries(event)) place.classList.add("over");
  });
  lab.addEventListener("dragleave", (event) => {
    if (!lab.contains(event.relatedTarget as Node | null)) place.classList.remove("over");
  });
  lab.addEventListener("drop", (event) => {
    place.classList.remove("over");
    const file = event.dataTransfer?.files[0];
    if (file) take(file);
  });
}
