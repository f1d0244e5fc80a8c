// Which pictures are held back for a test where none came along. engine/io/picture_split.cpp has the same rule for the
// terminal: the same labels give the same test.
import * as check from "../check.js";
import { LanegradError } from "../errors.js";
import { chanceOf } from "./chance.js";

/** The bytes before the labels of an IDX file. */
const header = 8;

/** One of so many is held back. */
const share = 5;

/**
 * The numbers of the pictures to hold back for a test, in ascending order: a fifth of each class, one at least, but never
 * the only one. The choice is random, but the same for the same labels, here, on the page and in the terminal. `labels`
 * are the bytes of an IDX file, as `readPictures` gives them. Throws `CorruptData` where no class has two pictures.
 */
export function heldBack(labels: Uint8Array, classes: number): number[] {
  check.bytes("held back: labels", labels);
  check.natural("held back: classes", classes);
  const byClass: number[][] = Array.from({ length: classes }, () => []);
  for (let i = header; i < labels.length; i++) {
    const members = byClass[labels[i]!];
    if (!members) {
      check.fail(
        `held back: label ${i - header}`,
        labels[i],
        `below ${classes}, as there are classes`,
      );
    }
    members.push(i - header);
  }
  const chance = chanceOf(1);
  const held: number[] = [];
  for (const members of byClass) {
    const wanted = Math.min(Math.max(Math.round(members.length / share), 1), members.length - 1);
    for (let i = 0; i < wanted; i++) {
      const chosen = i + Math.floor(chance() * (members.length - i));
      [members[i], members[chosen]] = [members[chosen]!, members[i]!];
      held.push(members[i]!);
    }
  }
  if (held.length === 0) {
    throw new LanegradError(
      "CorruptData",
      "pictures: 1 picture of each class, expected more, to hold some back for the test",
    );
  }
  return held.sort((a, b) => a - b);
}
