// Finds comments that cannot be understood alone: fragments that begin with "Of", comments that lean
// on a neighbour, of which an editor shows one at a time, and section rules that do not end at
// column 80. `node tests/lint/words.mjs` prints one line per offence and fails if there is any.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const opening = /^\s*(?:\/\/|\/\*+|\*(?=\s)|#(?=\s)|<!--)\s*/;
const trailing = /[;,{})] +\/\/ /;
const neighbour = /\b(?:(?:like|likewise|as) the next\b|next but (?:one|two)\b|likewise\s*[.;]$)/i;

/** The offences in the text of a file, one sentence each. */
export function offences(file, source) {
  const out = [];
  const lines = source.split("\n");
  // A sentence may be broken into lines, so each line is seen with the end of the one before it.
  let before = "";
  lines.forEach((line, i) => {
    const says = (what) => out.push(`${file}:${i + 1}: ${what}`);
    const [, second] = line.split(trailing);
    const whole = opening.test(line);
    const words = whole ? line.replace(opening, "") : second;
    if (words === undefined) {
      before = "";
      return;
    }
    const starts = !whole || /^\s*\/\*/.test(line) || before === "" || /[.:!?]"?$/.test(before);
    if (starts && /^(?:@\w+ )?Of (?!course)/.test(words)) says('the comment begins with "Of"');
    const text = words.replace(/\s*\*\/$/, "");
    const leans = neighbour.exec(`${before} ${text}`);
    if (leans && leans.index + leans[0].length > before.length + 1)
      says("the comment leans on its neighbour");
    if (/^-{3,}(?: \S|-)/.test(words) && [...line].length !== 80)
      says("the section rule does not end at column 80");
    before = whole ? text : "";
  });
  return out;
}

/** The offences in all sources of the project. */
export function offencesIn(root) {
  const inside = ["engine", "wasm", "web", "tests"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true }).map((path) => join(folder, path)),
  );
  return [...inside, "CMakeLists.txt", "setup.sh"]
    .filter((file) => /\.(?:h|cpp|ts|js|mjs|css|html|py|txt|sh)$/.test(file))
    .filter((file) => !/node_modules|^tests.lint.words/.test(file))
    .flatMap((file) => offences(file, readFileSync(join(root, file), "utf8")));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = offencesIn(fileURLToPath(new URL("../..", import.meta.url)));
  for (const offence of found) console.error(offence);
  process.exitCode = found.length > 0 ? 1 : 0;
}
