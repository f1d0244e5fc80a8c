// Holds the order of the rooms of wasm/src and web: which folder may import which, types included, how much
// a file and a folder may hold, who may look into the whole document, and that a lab's styles stay in the lab.
// Scripts of tests are as short as others. `node tests/lint/layers.mjs` prints its offences with those of the engine's folders.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";

const leaves = ["errors.ts", "names.ts", "unary.ts", "values.ts"];
const shared = ["ui", "settings", "data", "run"];

// Room, which is a folder or a file -> the rooms that its files may import, besides its own. A name with
// a slash at its end stands for the files right in that folder.
const mayImport = {
  "wasm/src": {
    protocol: [],
    "errors.ts": ["protocol"],
    "names.ts": [],
    "unary.ts": [],
    "values.ts": [],
    "check.ts": leaves,
    module: [...leaves, "check.ts", "protocol"],
    settings: ["check.ts", "protocol"],
    api: [...leaves, "check.ts", "protocol", "module", "settings"],
    formats: [...leaves, "check.ts", "protocol", "module", "api"],
    data: [...leaves, "check.ts", "protocol", "module", "formats"],
    trainer: [...leaves, "check.ts", "protocol", "module", "settings", "formats"],
    worker: [...leaves, "check.ts", "protocol", "module"],
    inline: ["errors.ts", "protocol", "module", "api", "formats", "trainer", "worker"],
    "worker.ts": [...leaves, "protocol", "module", "worker"],
    predict: [...leaves, "check.ts", "protocol", "module"],
    "predict.ts": ["errors.ts", "protocol", "predict"],
    "data.ts": ["errors.ts", "protocol", "data"],
    "data_worker.ts": ["errors.ts", "protocol", "module", "data"],
    "picture_decoder.ts": ["errors.ts", "protocol", "data"],
    "load_api.ts": ["errors.ts", "module", "api"],
    "index.ts": [...leaves, "protocol", "module", "api", "load_api.ts", "trainer"],
  },
  web: {
    ui: [],
    settings: ["ui"],
    run: ["ui", "settings"],
    data: ["ui", "run"],
    "labs/": [...shared, "labs.ts"],
    "labs/*": [...shared, "labs/"],
    "labs.ts": [],
    shell: ["ui", "settings", "data", "labs/", "labs.ts"],
    "main.ts": [...shared, "labs/", "labs.ts", "shell"],
    bench: ["ui", "data"],
    element: ["ui", "settings", "data", "labs/"],
    docs: [],
    lesson: [],
    "markup.ts": ["settings", "ui"],
    "chunks.ts": [],
    "lean_uplot.ts": [],
    "vite.config.ts": [
      "chunks.ts",
      "lean_uplot.ts",
      "data",
      "docs",
      "labs.ts",
      "lesson",
      "markup.ts",
      "ui",
    ],
  },
};

const mostLines = 300;
const mostFilesOfALab = 12;

/** Files that see the whole document: those that own one, and what stands around the labs. */
const ownsTheDocument = /^web\/(?:(?:bench\/|docs\/|lesson\/)?main\.ts$|shell\/)/;
const wholeDocument =
  /(?<![.\w])document\b(?!\s*\.|\s*:)|\bdocument\s*\.\s*(?:querySelector|getElement)/;
const testHook = /\[data-testid|\bdataset(?:\.testid|\[["']testid["']\])(?!\s*=[^=])/;

/**
 * Code that reads an error's sentence, which is for people alone: programs read the error's code and
 * details. What a browser says has neither.
 */
const readsSentence =
  /\.(?:exec|test)\([^()]*\b(?:message|sentence|complaint|failure)\b|\b(?:message|sentence|complaint)\s*\.(?:match|matchAll|search|startsWith|endsWith|includes|indexOf|split)\(/;
const hearsTheBrowser = ["wasm/src/module/guard.ts", "web/ui/lazy.ts"];

/** The source without comments, and without what strings say where `strings` is set. */
const strip = (source, strings) =>
  source.replace(/(["'`])(?:\\.|(?!\1)[^\\])*?\1|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (token) =>
    token.startsWith("/") || strings ? "" : token,
  );

/** What a file imports, as paths from the root of the project; packages are left out. */
function imports(file, source) {
  const named = /^(?:import|export)\b[^"';]*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/gm;
  return [...source.matchAll(named)]
    .map(([, whole, onDemand]) => whole ?? onDemand)
    .filter((name) => name.startsWith("."))
    .map((name) => posix.join(dirname(file), name).replace(/\.js$/, ".ts"));
}

/** The room of a path below `top`, by its name in the table; undefined where it has none. */
function roomOf(top, path) {
  const parts = path.slice(top.length + 1).split("/");
  const isFile = parts.length === 1;
  const inLabs = parts[0] === "labs" && parts.length > 1;
  const room = inLabs ? (parts.length > 2 ? "labs/*" : "labs/") : parts[0];
  const name = isFile && !/\.\w+$/.test(room) ? `${room}.ts` : room;
  return name in mayImport[top] ? name : undefined;
}

const labOf = (path) => /^web\/labs\/(\w+)\//.exec(path)?.[1];
const partOf = (path) => /^web\/labs\/\w+\/\w+(?=\/)/.exec(path)?.[0];

/** Whether all rules of a stylesheet stand in `:where(#LAB) { … }`: it stays when another lab is opened. */
function staysInLab(css, lab) {
  let outside = css.replace(/\/\*[\s\S]*?\*\/|@import[^;]*;/g, "");
  for (let before = ""; before !== outside;) {
    before = outside;
    outside = outside.replace(/\{[^{}]*\}/g, "");
  }
  return outside.trim() === `:where(#${lab})`;
}

/** The offences of one import, which `source` makes and `target` is. */
function* ofImport(top, file, target, panels) {
  const from = roomOf(top, file);
  const to = roomOf(top, target);
  if (!from || !to || !target.startsWith(`${top}/`)) return;
  if (labOf(target) && labOf(file) && labOf(file) !== labOf(target)) {
    yield `imports ${target}: a lab never imports another`;
  } else if (from !== to && !mayImport[top][from].includes(to)) {
    yield `imports ${target}: ${from} may not see ${to}`;
  } else if (partOf(file) && panels.has(partOf(target)) && partOf(file) !== partOf(target)) {
    yield `imports ${target}: a panel is nobody's but its lab's`;
  }
}

function* ofFolders(files) {
  const folders = new Map();
  for (const file of files.filter(labOf)) {
    folders.set(dirname(file), (folders.get(dirname(file)) ?? 0) + 1);
  }
  for (const [folder, count] of folders) {
    if (count > mostFilesOfALab) yield `${folder}: holds more than ${mostFilesOfALab} files`;
  }
}

const isLong = (text) => text.trimEnd().split("\n").length > mostLines;

/** Every offence below root: "path: sentence". */
export function roomOffences(root) {
  const offences = filesBelow(root, "tests")
    .filter((file) => file.endsWith(".mjs") && isLong(readFileSync(join(root, file), "utf8")))
    .map((file) => `${file}: has more than ${mostLines} lines`);
  for (const top of Object.keys(mayImport)) {
    const files = filesBelow(root, top);
    const sources = new Map(
      files
        .filter((file) => /\.(?:ts|js|mjs|css|html)$/.test(file))
        .map((file) => [file, readFileSync(join(root, file), "utf8")]),
    );
    const isPanel = ([file, text]) => partOf(file) && /^export function mount\b/m.test(text);
    const panels = new Set([...sources].filter(isPanel).map(([file]) => partOf(file)));
    for (const [file, text] of sources) {
      const report = (what) => offences.push(`${file}: ${what}`);
      if (isLong(text)) report(`has more than ${mostLines} lines`);
      if (top === "web" && !file.endsWith(".html") && testHook.test(text)) {
        report("reads data-testid, which is for tests alone");
      }
      if (file.endsWith(".css") && labOf(file) && !staysInLab(text, labOf(file))) {
        report(`has rules outside of :where(#${labOf(file)})`);
      }
      if (!file.endsWith(".ts")) continue;
      if (!hearsTheBrowser.includes(file) && readsSentence.test(strip(text, false))) {
        report("reads an error's sentence, where its code and details are for programs");
      }
      if (!roomOf(top, file)) report("has no room in the table");
      for (const target of imports(file, strip(text, false))) {
        for (const offence of ofImport(top, file, target, panels)) report(offence);
      }
      if (top === "web" && !ownsTheDocument.test(file) && wholeDocument.test(strip(text, true))) {
        report("looks into the whole document");
      }
    }
    offences.push(...ofFolders(files));
  }
  return offences;
}

function filesBelow(root, top) {
  try {
    return readdirSync(join(root, top), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes("node_modules"))
      .map((entry) => posix.relative(root, join(entry.parentPath, entry.name)))
      .sort();
  } catch {
    return [];
  }
}
