// Files that are dropped on a part of the page, or beside it.

/**
 * Gives `take` files that are dropped on `place`; `shown` has the class "over" while they may be. Those that are dropped
 * beside it do not make the browser leave the page, and end a run with it.
 */
export function takeDrops(
  place: HTMLElement,
  shown: HTMLElement,
  take: (dropped: DataTransfer) => unknown,
): void {
  const carries = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  for (const name of ["dragover", "drop"] as const) {
    addEventListener(name, (event) => carries(event) && event.preventDefault());
  }
  place.addEventListener("dragover", (event) => {
    if (carries(event)) shown.classList.add("over");
  });
  place.addEventListener("dragleave", (event) => {
    if (!place.contains(event.relatedTarget as Node | null)) shown.classList.remove("over");
  });
  place.addEventListener("drop", (event) => {
    shown.classList.remove("over");
    if (carries(event)) take(event.dataTransfer!);
  });
}
