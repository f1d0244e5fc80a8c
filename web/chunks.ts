// Which scripts of the page are one file when it is built. What the labs share is one, which is packed better than pieces:
// the files of these folders and these files, but for what the first view does without.
import { dirname, relative } from "node:path";

const sharedFolders = ["ui", "settings", "run", "labs/digits/settings"];
const sharedFiles = [
  "data/database_name",
  "data/mnist",
  "ui/plots/axis",
  "ui/plots/curves",
  "ui/plots/scales",
  "ui/plots/series",
  "labs/digits/run/picture_set",
  "labs/digits/run/run_record",
  "labs/digits/run/sample_sets",
  "labs/digits/storage/checkpoint",
  "labs/digits/storage/names",
];
const loadedLater = [
  "ui/copy_table",
  "ui/download",
  "settings/complaints",
  "settings/rates_in_words",
  "labs/digits/settings/differences",
  "labs/digits/settings/run_names",
];
function isShared(id: string): boolean {
  const file = relative(import.meta.dirname, id).replace(/\.ts$/, "");
  if (loadedLater.includes(file)) return false;
  return (
    sharedFiles.includes(file) || (id.endsWith(".ts") && sharedFolders.includes(dirname(file)))
  );
}

/** The groups, as rolldown takes them; what many parts that are loaded later want is a file, too. */
export const groups = [
  { name: "shared", test: isShared },
  { name: "later", test: /\/web\/ui\/(download|glossary\/(words|link))\.ts$/ },
];
