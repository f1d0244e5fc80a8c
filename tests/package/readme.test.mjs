// The examples in JavaScript of the README and of docs/ run as they stand there, with the package installed as
// a stranger would, and without eval.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { Trainer } from "../../dist/index.js";
import { idx, installPackage, root } from "./support.mjs";

const { folder, remove } = installPackage();
after(remove);

const pages = [
  "README.md",
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];
const examples = pages.flatMap((path) =>
  [...readFileSync(join(root, path), "utf8").matchAll(/^```js\n(.*?)^```$/gms)].map(
    ([, code]) => code,
  ),
);
const readme = readFileSync(join(root, "README.md"), "utf8");

function run(code) {
  const file = join(folder, "example.mjs");
  writeFileSync(file, code);
  const flags = ["--disallow-code-generation-from-strings"];
  return execFileSync("node", [...flags, file], { cwd: folder, encoding: "utf8" });
}

const find = (part, among = examples) => {
  const found = among.filter((code) => code.includes(part));
  assert.equal(found.length, 1, `one example with ${part}`);
  const lines = found[0].split("\n").filter((line) => line.trim() !== "");
  assert.ok(
    lines.length <= 20 || !readme.includes(found[0]),
    `${lines.length} lines, twenty are promised`,
  );
  return found[0];
};

test("a net of one's own, trained on one's own arrays", () => {
  assert.equal(run(find("new lg.ReLU()")), "Int32Array(4) [ 0, 1, 1, 0 ]\n");
});

test("a layer and a loss of one's own", () => {
  const answers = run(find("extends lg.Layer"))
    .match(/-?\d+\.\d+|-?\d+/g)
    .map(Number);
  assert.equal(answers.length, 2);
  for (const [i, right] of [2, 3].entries()) {
    assert.ok(Math.abs(answers[i] - right) < 0.05, `${answers}`);
  }
});

test("training in a worker", () => {
  const output = run(
    find(
      "Trainer.create",
      examples.filter((code) => readme.includes(code)),
    ),
  );
  const numbers = output.match(/Float32Array\(4\) \[([^\]]*)\]/)[1];
  const [outside0, inside0, outside1, inside1] = numbers.split(",").map(Number);
  assert.ok(inside0 > 0.9 && outside1 > 0.9, numbers);
  assert.ok(Math.abs(outside0 + inside0 - 1) < 1e-5 && Math.abs(outside1 + inside1 - 1) < 1e-5);
  const losses = [...output.matchAll(/^\d+ (\d.*)$/gm)].map(([, loss]) => Number(loss));
  assert.ok(losses.length > 1 && losses.at(-1) < losses[0]);
});

test("data that no memory holds", () => {
  assert.equal(run(find("async function* batches")), "true\n");
});

test("answers from a file alone", async () => {
  const images = {
    kind: "idx",
    images: idx([20, 4, 4]),
    labels: idx([20]),
    classes: 1,
    classNames: ["empty"],
  };
  const trainer = await Trainer.create({ data: { train: images }, net: "dense classes" });
  writeFileSync(join(folder, "net.safetensors"), await trainer.save());
  trainer.dispose();
  assert.equal(run(find("Net.load")), "Int32Array(2) [ 0, 0 ] [ 'empty' ] 2\n");
});

test("pictures from files", () => {
  const pixels = Array.from({ length: 4 }, (_, i) => `${i % 2},${Array(16).fill(200 * (i % 2))}`);
  const header = `label,${Array.from({ length: 16 }, (_, i) => `pixel${i}`)}`;
  const bytes = `new TextEncoder().encode(${JSON.stringify([header, ...pixels].join("\n"))})`;
  const output = run(
    `const files = [{ name: "train.csv", bytes: ${bytes} }];\n${find("readPictures")}process.exit();`,
  );
  assert.match(output, /^4 \[ '0', '1' \] \[/);
});

test("tables", () => {
  const table = JSON.stringify(join(root, "web/data/tables/penguins.csv"));
  const output = run(
    `import { readFileSync } from "node:fs";\nconst file = readFileSync(${table});\n${find("readTable")}`,
  );
  const [, names, numbers] = /\[ ([^\]]*) \] Float32Array\(3\) \[([^\]]*)\]/s.exec(output);
  assert.equal(names, "'Adelie', 'Chinstrap', 'Gentoo'");
  const answers = numbers.split(",").map(Number);
  assert.ok(answers[1] > 0.5, numbers);
});

test("the others are run by npm run test:formats, which has other programs' packages", () => {
  const others = examples.filter((code) => !/from "lanegrad/.test(code));
  assert.equal(examples.length, 7 + others.length);
  const runs = readFileSync(join(root, "tests/formats/examples.test.mjs"), "utf8");
  for (const code of others) {
    const [, title] = /^\/\/ (\S+)$/m.exec(code) ?? [];
    assert.ok(title && runs.includes(title), code);
  }
});
