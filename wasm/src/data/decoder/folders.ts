// What folders say of pictures: which class each is of, and whether it is to learn from or for the test. As
// elsewhere, each class has a folder, and folders called train and test may stand above them.

/** Where a picture belongs; a class of −1 means that nobody says one. */
export interface Place {
  part: "train" | "test";
  label: number;
}

export interface Places {
  classNames: string[];
  /** A place for each path; undefined for a picture that cannot be used. */
  places: (Place | undefined)[];
  notes: string[];
}

const collator = new Intl.Collator("en", { numeric: true });

/** Orders names as people do: 2 before 10. */
export const byName = (a: string, b: string): number =>
  collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);

const splits: [RegExp, "train" | "test" | "validation"][] = [
  [/^(train|training)([-_ ]?(set|data|images))?$/i, "train"],
  [/^(test|testing|t10k)([-_ ]?(set|data|images))?$/i, "test"],
  [/^(val|valid|validation|dev)([-_ ]?(set|data|images))?$/i, "validation"],
];
const splitOf = (folder: string | undefined) =>
  splits.find(([word]) => folder !== undefined && word.test(folder))?.[1];

/** Whether a path is one that people never see: hidden, or left by a system in an archive. */
export const isHidden = (path: string): boolean =>
  path
    .split("/")
    .some((part) => /^(\.|__MACOSX$|Thumbs\.db$|desktop\.ini$|ehthumbs\.db$|Icon\r$)/i.test(part));

/** The folders of a path, without the file's own name. */
const foldersOf = (path: string): string[] => path.split("/").filter(Boolean).slice(0, -1);

/** The number of first folders that all have in common. */
function shared(paths: readonly string[][]): number {
  const [first = []] = paths;
  let depth = first.length;
  for (const path of paths) {
    let same = 0;
    while (same < depth && path[same] === first[same]) same++;
    depth = same;
  }
  return depth;
}

/** Finds the class and the part of each picture from its path, "flowers/train/rose/1.png". */
export function placesOf(paths: readonly string[]): Places {
  const all = paths.map(foldersOf);
  const common = shared(all);
  const below = all.map((folders) => folders.slice(common));
  // Folders of parts stand above those of the classes; others of such a name are classes.
  const words = new Set(below.map(([folder]) => splitOf(folder)));
  const isSplit = words.has("train") || (words.has("test") && words.has("validation"));
  const notes: string[] = [];
  const tests = isSplit && !words.has("test") ? "validation" : "test";
  const found = below.map((folders) => {
    const split = isSplit ? splitOf(folders[0]) : "train";
    const [className] = isSplit && split !== undefined ? folders.slice(1) : folders;
    return { part: split === tests ? ("test" as const) : ("train" as const), split, className };
  });
  if (isSplit && words.has("validation")) {
    notes.push(
      tests === "validation"
        ? "The folder for validation is the test, as there is none of that name."
        : "Pictures of the folder for validation are learned from, too: a run sets some aside for validation by itself.",
    );
  }
  const classNames = [
    ...new Set(
      found.flatMap(({ part, className }) => (part === "train" && className ? [className] : [])),
    ),
  ].sort(byName);
  const labels = new Map(classNames.map((name, label) => [name, label]));
  const lost = new Map<string, number>();
  const lose = (why: string) => void lost.set(why, (lost.get(why) ?? 0) + 1);
  const places = found.map(({ part, split, className }): Place | undefined => {
    if (isSplit && split === undefined) {
      return lose("beside the folders “train” and “test”");
    }
    if (className === undefined) {
      // A competition's test has no classes; without any folders somebody may say them.
      if (part === "test" || classNames.length === 0) return { part, label: -1 };
      return lose("beside the folders of the classes");
    }
    const label = labels.get(className);
    return label === undefined
      ? lose(`of the class “${className}”, which is in the test alone,`)
      : { part, label };
  });
  for (const [why, count] of lost) {
    notes.push(
      `${count === 1 ? "1 picture" : `${count} pictures`} ${why} ${were(count)} left out.`,
    );
  }
  return { classNames, places, notes };
}

export const were = (count: number): string => (count === 1 ? "was" : "were");
