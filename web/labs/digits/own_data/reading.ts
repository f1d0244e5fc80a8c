// Reads files with a bar that shows how far it is, and a button that ends it.
import { readPictures, type Pictures, type PicturesOptions } from "lanegrad/data";
import { button, make, setText } from "../../../ui/dom";

// What may be wished of pictures.
export type Wishes = Pick<PicturesOptions, "turn" | "size" | "channels">;

// The pictures of the files; undefined where the visitor has stopped it. Meanwhile the bar stands in `place`.
export async function readWithBar(
  place: HTMLElement,
  files: readonly File[],
  wishes: Wishes,
  controller: AbortController,
): Promise<Pictures | undefined> {
  const what = make("span", {}, "Reading …");
  const bar = make("progress", {
    max: 1,
    value: 0,
    ariaLabel: "How much is read",
    test: "own-bar",
  });
  const stop = button("Stop", () => controller.abort(), { className: "small", test: "own-stop" });
  const line = make("div", { className: "reading-bar" }, bar, stop, what);
  place.prepend(line);
  try {
    return await readPictures([...files], {
      ...wishes,
      signal: controller.signal,
      onProgress({ read, total, what: doing }) {
        bar.value = total > 0 ? read / total : 0;
        setText(what, `${doing[0]!.toUpperCase()}${doing.slice(1)} …`);
      },
    });
  } catch (error) {
    if (controller.signal.aborted) return undefined;
    throw error;
  } finally {
    line.remove();
  }
}
