// Makes of the engine's table of settings (engine/training/settings.h), which a module of its own
// gives (settings_table.cpp), what the package says of them: the types with their docstrings, the checks of options, the
// table `lanegrad/settings`, and docs/settings.md. `node wasm/settings.mjs docs` writes the last;
// the build of the package writes the others, which are not in git.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const source = join(root, "wasm/src");

/** The objects that settings stand in: their types, what is said of those, and how values are checked. */
const groups = {
  optimizer: {
    type: "OptimizerOptions",
    help: "The settings of an optimizer. One that it does not have throws `InvalidArgument`.",
    number: "number",
  },
  schedule: {
    type: "Schedule",
    help: "How the learning rate changes over the steps of a training, see `Trainer.learningRates`.",
    number: "number",
  },
  augment: {
    type: "Augmentation",
    help: "How strongly each training image is changed, anew in each epoch.",
    number: "element", // the engine refuses NaN, too
  },
};
const made = "// Made by wasm/settings.mjs of the engine's table of settings.\n";

/** The engine's table. */
export async function readSettings() {
  const file = join(root, "build/wasm/settings_table.mjs");
  if (!existsSync(file)) {
    throw new Error(`the table of settings is not built (${file}): run \`npm run build:module\``);
  }
  const { default: start } = await import(pathToFileURL(file).href);
  return (await start()).settings();
}

const isName = ({ key, group }) => key === group;
const members = (settings, group) =>
  settings.filter((setting) => (setting.group ?? "") === group && !isName(setting));
const union = (texts) => texts.map((text) => JSON.stringify(text)).join(" | ");
const typeOf = ({ kind, choices }) =>
  kind === "choice"
    ? union(choices)
    : ({ text: "string", seed: "number | bigint", flag: "boolean" }[kind] ?? "number");
const inJavaScript = {
  seed: "Above 2⁵³, it is a bigint.",
  validation: "A number between 0 and 1 is the share of them.",
};
const said = ({ kind, name, help }) => {
  const more = inJavaScript[name] ?? inJavaScript[kind];
  return more ? help.replace("Default:", `${more} $&`) : help;
};
const choice = (settings, group) => settings.find(({ key }) => key === group);

/** An interface with its docstring, and a member with its own. */
const interfaceOf = (help, name, members) =>
  `/** ${help} */\nexport interface ${name} {\n${members.join("")}}\n`;
const member = (help, name, type) => `  /** ${help} */\n  ${name}: ${type};\n`;

/** The types, as TypeScript. */
export function types(settings) {
  const { optimizer, schedule, augment } = groups;
  const membersOf = (group) =>
    members(settings, group).map((setting) =>
      member(said(setting), `${setting.name}?`, `${typeOf(setting)} | undefined`),
    );
  const nameOf = (group) => {
    const named = choice(settings, group);
    return member(named.help, "name", typeOf(named));
  };
  const optionsOf = choice(settings, "optimizer").choices.map((name) => {
    const lacks = members(settings, "optimizer").filter(({ of }) => of && !of.includes(name));
    const others = union(lacks.map((setting) => setting.name));
    return member(`The settings of ${name}.`, name, `Omit<${optimizer.type}, ${others}>`);
  });
  const objects = Object.entries(groups).map(([group, { type, help }]) => {
    const named = choice(settings, group);
    const usual = named ? ` Default: { name: ${JSON.stringify(named.default)} }.` : "";
    const own = group === "optimizer" ? "OptimizerDescription" : type;
    return member(help + usual, `${group}?`, `${own} | undefined`);
  });
  return [
    made,
    interfaceOf(optimizer.help, optimizer.type, membersOf("optimizer")),
    interfaceOf("The settings that each optimizer has, by its name.", "OptionsOf", optionsOf),
    interfaceOf(
      "An optimizer with its settings.",
      `OptimizerDescription extends ${optimizer.type}`,
      [nameOf("optimizer")],
    ),
    interfaceOf(schedule.help, schedule.type, [nameOf("schedule"), ...membersOf("schedule")]),
    interfaceOf(augment.help, augment.type, membersOf("augment")),
    interfaceOf(
      "The settings of a training. Where the net is named in the catalog, a setting that is left out has the value that is recommended for that net, see `Trainer.recipes`; otherwise it has the default given here.",
      "RunSettings",
      [...membersOf(""), ...objects],
    ),
  ].join("\n");
}

/** The checks of options, as TypeScript. */
export function options(settings) {
  const check = ({ kind, group }) =>
    kind === "seed"
      ? '(what, value) => (typeof value === "bigint" ? value : check.element(what, value))'
      : `check.${{ text: "text", flag: "boolean" }[kind] ?? groups[group]?.number ?? "element"}`;
  const row = (setting) => `  ${setting.name}: ${check(setting)},\n`;
  const rowsOf = (group) => members(settings, group).map(row);
  const table = (name, type, rows) =>
    `export const ${name}: check.Options<${type}> = {\n${rows.join("")}};\n`;
  // The order of the engine's table, in which mistakes are reported.
  const names = new Set(settings.map((setting) => setting.group ?? setting.name));
  const all = [...names].map((name) => {
    if (!groups[name]) return row(settings.find((setting) => setting.name === name));
    const known = name === "optimizer" ? name : `${name}Options`;
    return `  ${name}: { what: "${name}", known: ${known} },\n`;
  });
  return (
    made +
    'import * as check from "../check.js";\n' +
    'import type { Augmentation, OptimizerDescription, OptimizerOptions, RunSettings, Schedule } from "../protocol/run_settings.js";\n\n' +
    table("optimizerOptions", "OptimizerOptions", rowsOf("optimizer")) +
    "const optimizer: check.Options<OptimizerDescription> = { name: check.text, ...optimizerOptions };\n" +
    table("scheduleOptions", "Schedule", ["  name: check.text,\n", ...rowsOf("schedule")]) +
    table("augmentOptions", "Augmentation", rowsOf("augment")) +
    table("runOptions", "RunSettings", all)
  );
}

/** The table for people who make forms, as TypeScript; `help` stands apart, so that bundlers can leave it out. */
export function table(settings) {
  const rows = settings.map(({ help: _, key: __, ...row }) => `  ${JSON.stringify(row)},\n`);
  const help = settings.map(({ id, help }) => `  ${id}: ${JSON.stringify(help)},\n`);
  return `${made}
/** A value of a setting. */
export type Value = string | number | boolean;

/** An interval of numbers. */
export interface Bounds {
  /** The least number. */
  from?: number;
  /** The number that it has to be above. */
  above?: number;
  /** The largest number. */
  to?: number;
  /** The number that it has to be below. */
  below?: number;
}

/** A setting of a training. */
export interface Setting {
  /** The name in JavaScript: "learningRate". */
  name: string;
  /** A name that no other setting has, where there are no groups: "lr". */
  id: string;
  /** The object of RunSettings that it stands in: "optimizer". Without one it stands in RunSettings itself. */
  group?: string;
  /** What sentences call it: "learning rate". */
  title: string;
  /** What its value is. A seed is a whole number below 2⁶⁴. */
  kind: "text" | "choice" | "number" | "whole" | "seed" | "flag";
  /** The values of a choice. */
  choices?: readonly string[];
  /** The numbers that it may be. */
  bounds?: Bounds;
  /** The optimizers or schedules that have it. Without them, all do. */
  of?: readonly string[];
  /** Whether it is for images only. */
  imagesOnly?: true;
  /** The usual value. */
  default: Value;
  /** The usual values of optimizers that have another one. */
  defaults?: Readonly<Record<string, Value>>;
}

/** All settings of a training, in the order in which they are listed. */
export const settings = [
${rows.join("")}] as const satisfies readonly Setting[];

/** What there is to say of each setting, by its id. */
export const help: Readonly<Record<string, string>> = {
${help.join("")}};
`;
}

/** The page of docs/. */
export function docs(settings) {
  const cell = (text) => text.replaceAll("|", "\\|");
  const rows = settings.map(({ key, group, name, id, help }) => {
    const path = group ? `${group}.${name}` : name;
    const short = id !== name && !isName({ key, group }) ? `, \`--${id}\`` : "";
    return `| \`--${key}\`${short} | \`${path}\` | ${cell(help)} |\n`;
  });
  return `# The settings of a training

They are the options of \`npm run train\`, the \`RunSettings\` of JavaScript and, under their shorter name where they have
one, the words of the page's address. A net of the catalog comes with recommended values, which stand in for the defaults
given here.

| terminal | JavaScript | what it is |
| --- | --- | --- |
${rows.join("")}
\`node wasm/settings.mjs docs\` makes this page of the rows that \`engine/training/settings.h\` lists.
`;
}

/** Writes what the package is compiled from, where it has changed: somebody may watch these files. */
export async function writeSettings() {
  const settings = await readSettings();
  mkdirSync(join(source, "settings"), { recursive: true });
  for (const [file, text] of [
    ["protocol/run_settings.ts", types(settings)],
    ["settings/options.ts", options(settings)],
    ["settings/table.ts", table(settings)],
  ]) {
    const path = join(source, file);
    if (!existsSync(path) || readFileSync(path, "utf8") !== text) writeFileSync(path, text);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url) && process.argv[2] === "docs") {
  const prettier = await import("prettier");
  const page = join(root, "docs/settings.md");
  const config = await prettier.resolveConfig(page);
  writeFileSync(
    page,
    await prettier.format(docs(await readSettings()), { ...config, parser: "markdown" }),
  );
}
