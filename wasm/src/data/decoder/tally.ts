// What was seen while pictures were read, and the sentences about it.
import { were } from "./folders.js";

/** What may be said of a file. */
export type Seen =
  | "fitted"
  | "turned"
  | "transparent"
  | "deep"
  | "broken"
  | "unreadable"
  | "too large"
  | "cut short"
  | "hidden"
  | "other";

export interface Outcome {
  height: number;
  width: number;
  /** How many sizes the pictures had. */
  sizes: number;
  /** Whether colours became grey. */
  madeGrey: boolean;
}

export class Tally {
  readonly #paths = new Map<Seen, string[]>();

  add(what: Seen, path: string): void {
    const paths = this.#paths.get(what) ?? [];
    this.#paths.set(what, paths);
    paths.push(path);
  }

  /** What was done to the pictures, and what was left out. */
  notes({ height, width, sizes, madeGrey }: Outcome): string[] {
    const notes: string[] = [];
    const say = (what: Seen, sentence: (pictures: string, count: number) => string) => {
      const count = this.#count(what);
      if (count > 0) notes.push(sentence(many(count, "picture"), count));
    };
    const left = (what: Seen, noun: string, why: string) => {
      const count = this.#count(what);
      if (count > 0) notes.push(`${this.#named(what, noun)} ${why} ${were(count)} left out.`);
    };
    say("fitted", (pictures, count) => {
      const of = sizes === 1 ? "" : ` of ${sizes} sizes`;
      return `${pictures}${of} ${were(count)} fitted to ${height} × ${width} with the ratio kept.`;
    });
    if (madeGrey) notes.push("The pictures’ colours were made grey.");
    say("turned", (pictures, count) => `${pictures} ${were(count)} turned as the camera noted.`);
    say("transparent", (pictures, count) => {
      const have = count === 1 ? "has" : "have";
      return `${pictures} ${have} transparent parts, which lie on white.`;
    });
    say("deep", (pictures, count) => `${pictures} of 16 bits ${were(count)} reduced to 8.`);
    left("broken", "picture", "that the browser cannot decode");
    left("unreadable", "file", "that could not be unpacked");
    left("too large", "file", "of more than 256 MB");
    left("other", "file", "beside the pictures");
    const hidden = this.#count("hidden");
    if (hidden > 0) notes.push(`${many(hidden, "hidden file")} ${were(hidden)} left out.`);
    if (this.#count("cut short") > 0)
      notes.push(`${this.#named("cut short", "archive")} ended too early: the rest is missing.`);
    return notes;
  }

  /** Why there is no picture at all, as a sentence about these files. */
  whyNone(paths: readonly string[]): string {
    const what = this.#whatElse();
    const holds = paths.length === 1 ? what : what.replace("holds", "hold").replace("is", "are");
    return `${listed(paths)} ${holds}, expected PNG, JPEG or WebP pictures in one folder per class.`;
  }

  #whatElse(): string {
    if (this.#count("cut short") > 0) return "is cut short: the end of the archive is missing";
    if (this.#count("broken") > 0)
      return `holds ${this.#named("broken", "picture")} that the browser cannot decode`;
    if (this.#count("unreadable") > 0)
      return `holds ${this.#named("unreadable", "file")} that cannot be unpacked`;
    if (this.#count("other") > 0) return `holds no pictures but ${this.#named("other", "file")}`;
    return "holds no pictures";
  }

  #count(what: Seen): number {
    return this.#paths.get(what)?.length ?? 0;
  }

  /** "3 files (a.txt, b.txt, …)" */
  #named(what: Seen, noun: string): string {
    const paths = this.#paths.get(what) ?? [];
    return `${many(paths.length, noun)} (${listed(paths)})`;
  }
}

function listed(paths: readonly string[]): string {
  const names = paths.slice(0, 3).map((path) => path.split("/").at(-1)!);
  return names.join(", ") + (paths.length > 3 ? ", …" : "");
}

export const many = (count: number, noun: string): string =>
  `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
