// The names of a set's classes: they are read from a line, and kept in this browser for each set.
import { remember, remembered } from "../../../ui/remembered";
import type { PictureSet } from "../run/picture_set";

// The names in the line; an empty line gives numbers. Throws a sentence unless there is one
// distinct name for each class.
export function readNames(line: string, classes: number): string[] {
  if (line.trim() === "") return Array.from({ length: classes }, (_, i) => String(i));
  const names = line.split(",").map((name) => name.trim().replace(/\s+/g, " "));
  if (names.length !== classes) {
    const found = names.length === 1 ? "1 name" : `${names.length} names`;
    throw new Error(`${found} for ${classes} classes, expected one for each, with commas between.`);
  }
  const empty = names.indexOf("");
  if (empty >= 0) throw new Error(`Class ${empty} has no name, expected one between the commas.`);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice) throw new Error(`“${twice}” is there twice, expected a name of its own for each.`);
  return names;
}

// The names that the browser has kept for this set. Where it keeps nothing, the page works without
// them.
export function keptNames(pictures: PictureSet): string[] | undefined {
  const line = remembered(keyOf(pictures));
  try {
    return line === null ? undefined : readNames(line, pictures.classes);
  } catch {
    return undefined;
  }
}

export const keepNames = (pictures: PictureSet): void =>
  remember(keyOf(pictures), pictures.names.join(", "));

// The key of a set: its size and a checksum of its labels (FNV-1a).
function keyOf(pictures: PictureSet): string {
  const { count, width, height, classes } = pictures;
  let hash = 0x811c9dc5;
  for (let i = 0; i < count; i++) hash = Math.imul(hash ^ pictures.label(i), 0x01000193);
  return `lanegrad-names-${height}x${width}-${classes}-${count}-${(hash >>> 0).toString(16)}`;
}
