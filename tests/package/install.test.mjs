// The package as it is published: what is in it, that it works in an empty folder, and its types.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { installPackage, root } from "./support.mjs";

const { folder, files, remove } = installPackage();
after(remove);

test("the package holds the built files, the licence and the README, and nothing else", () => {
  for (const file of [
    "LICENSE",
    "README.md",
    "package.json",
    "dist/index.js",
    "dist/index.d.ts",
    "dist/api.js",
    "dist/worker.js",
    "dist/helper.js",
    "dist/inline.js",
    "dist/licenses.txt",
    "dist/worker.js.map",
    "dist/explanation.js",
    "dist/formats.js",
    "dist/pump.js",
    "dist/formats/formats.wasm",
    "dist/data.js",
    "dist/data_worker.js",
    "dist/data/pictures.wasm",
    "dist/predict.js",
    "dist/element.js",
    "dist/element_formula.js",
    "dist/predict/relaxed/predict.wasm",
    ...["simd", "relaxed", "simd-threads", "relaxed-threads"].map(
      (variant) => `dist/engine/${variant}/engine.wasm`,
    ),
  ]) {
    assert.ok(files.includes(file), file);
  }
  const others = files.filter(
    (file) =>
      !/^(dist\/.*\.(js|js\.map|d\.ts|wasm|license\.txt)|dist\/licenses\.txt|dist\/page\/index\.html|inline\.(js|d\.ts)|LICENSE|README\.md|package\.json)$/.test(
        file,
      ),
  );
  assert.deepEqual(others, []);
});

test("bundlers find the files that scripts name", () => {
  const text = ["index.js", "api.js", "worker.js", "data.js", "data_worker.js", "element.js"]
    .map((name) => readFileSync(join(folder, "node_modules/lanegrad/dist", name), "utf8"))
    .join("\n");
  for (const expression of [
    'new Worker(new URL("./worker.js",import.meta.url),{type:"module"})',
    'new URL("./engine/simd/engine.wasm",import.meta.url)',
    'import("./api.js")',
    'import("./formats.js")',
    'import("./index.js")',
    'import("./element_formula.js")',
    'import("./pump.js")',
    'new URL("./explanation.js",import.meta.url)',
    'new Worker(new URL("./data_worker.js",import.meta.url),{type:"module"})',
    'new URL("./data/pictures.wasm",import.meta.url)',
    'new Worker(new URL("./helper.js",import.meta.url),{type:"module"})',
  ]) {
    assert.ok(text.includes(expression), expression);
  }
});

test("no script needs another one to begin, and one needs no other file at all", () => {
  const text = (name) => readFileSync(join(folder, "node_modules/lanegrad/dist", name), "utf8");
  for (const name of files.filter((file) => /^dist\/\w+\.js$/.test(file))) {
    assert.doesNotMatch(text(name.slice(5)), /^import\b(?!\()|^export\b.*\bfrom\b/m, name);
  }
  // But for the text of a script that loads another origin's, `import(${…})`.
  assert.doesNotMatch(text("inline.js"), /\bimport\.meta\b|\bimport\((?!\\?\$\{)/);
  // Bundlers put a stand-in for the global that Node has into the project.
  const scripts = "index.js api.js worker.js helper.js inline.js data.js predict.js";
  for (const name of scripts.split(" ")) {
    assert.doesNotMatch(text(name), /(?<!globalThis\.|[\w.{,"'`])process\./, name);
  }
});

test("no file of it makes code from strings", () => {
  for (const file of files.filter((name) => /\.m?js$/.test(name))) {
    const text = readFileSync(join(folder, "node_modules/lanegrad", file), "utf8");
    assert.doesNotMatch(text, /\beval\(|\bnew Function\b/, file);
  }
});

/** What Node prints of a script that ends with an error nobody caught. */
function dying(code, ...flags) {
  writeFileSync(join(folder, "dying.mjs"), code);
  const { status, stderr } = spawnSync("node", [...flags, "dying.mjs"], {
    cwd: folder,
    encoding: "utf8",
  });
  assert.equal(status, 1);
  return stderr;
}

const wrongOption = `
  import { load } from "lanegrad";
  const lg = await load();
  new lg.Adam([lg.ones([1])], { lr: 0.1 });`;
const wrongPromise = `
  import { Trainer } from "lanegrad";
  const data = { kind: "labels", inputs: [1, 2], shape: [2, 1], labels: [0, 1], classes: 2 };
  const trainer = await Trainer.create({ data: { train: data }, net: "dense classes" });
  await trainer.train({ epoch: 3 });`;

test("an error that nobody caught is short, and says where it was made", () => {
  for (const [code, message, frames] of [
    [
      wrongOption,
      "adam: unknown option 'lr', expected 'learningRate'",
      [/new Adam/, /dying\.mjs:4/],
    ],
    [
      wrongPromise,
      "train: unknown option 'epoch', expected 'epochs'",
      [/Trainer\.train/, /dying\.mjs:5/],
    ],
  ]) {
    const printed = dying(code);
    assert.ok(printed.length < 4000, `${printed.length} letters`);
    assert.ok(printed.includes(`LanegradError: ${message}\n`), printed);
    for (const frame of frames) assert.match(printed, frame);
  }
});

test("with its source maps it names files, lines and functions as they were written", () => {
  const printed = dying(wrongOption, "--enable-source-maps");
  const lines = [
    ...printed.matchAll(/ at (?:new )?([\w.]*) ?\(?\S*\/wasm\/src\/([\w/]+\.ts):(\d+):(\d+)/g),
  ];
  assert.ok(lines.length > 3, printed);
  for (const [frame, , file, line, column] of lines) {
    const text = readFileSync(join(root, "wasm/src", file), "utf8").split("\n")[line - 1];
    assert.match(
      text.slice(column - 1),
      /^(throw|new|super|unknown|options|check|reading|read|namedOptimizer|fail)\b/,
      frame,
    );
  }
  const long = readdirSync(join(folder, "node_modules/lanegrad/dist"))
    .filter((name) => name.endsWith(".js") && !["settings.js", "inline.js"].includes(name)) // no trace leads into data
    .flatMap((name) =>
      readFileSync(join(folder, "node_modules/lanegrad/dist", name), "utf8").split("\n"),
    )
    .filter(
      (text) => text.length > 1500 && !/^(?:const|var) \w+=(?:`:host\{|\[\{name:`net`)/.test(text),
    ); // nor into styles
  assert.deepEqual(long, []);
});

test("importing it does nothing, even where there is no browser and no Node", () => {
  const code = `
    for (const name of ["Worker", "fetch", "WebAssembly", "document", "self", "MessageChannel"]) {
      Object.defineProperty(globalThis, name, { get() { throw new Error(name); } });
    }
    process.getBuiltinModule = () => { throw new Error("builtin"); };
    const { load, Trainer, LanegradError } = await import("lanegrad");
    console.log(typeof load, typeof Trainer, new LanegradError("Internal", "x").name);`;
  writeFileSync(join(folder, "quiet.mjs"), code);
  const output = execFileSync("node", ["quiet.mjs"], { cwd: folder, encoding: "utf8" });
  assert.equal(output, "function function LanegradError\n");
});

test("a Node process ends by itself, even if a trainer was forgotten", () => {
  const code = `
    import { Trainer } from "lanegrad";
    const data = { kind: "labels", inputs: new Float32Array(4), shape: [4, 1], labels: [0, 1, 0, 1], classes: 2 };
    const trainer = await Trainer.create({ data: { train: data } });
    const { step } = await trainer.train({ epochs: 3 });
    console.log(step);`;
  writeFileSync(join(folder, "forgotten.mjs"), code);
  const output = execFileSync("node", ["forgotten.mjs"], {
    cwd: folder,
    encoding: "utf8",
    timeout: 20_000,
  });
  assert.equal(output, "3\n");
});

// What a person writes in TypeScript; lines with @ts-expect-error must not compile.
const program = `
import { load, Trainer, LanegradError } from "lanegrad";
import { LanegradLab, type LabProgress } from "lanegrad/element";
import type { InputGradient, Inspection, Lanegrad, Layer, Nearest, Progress, Trace, Tensor, TrainerOptions, ErrorCode } from "lanegrad";

const lg: Lanegrad = await load({ wasmUrl: new URL("https://example.org/engine/") });
const x: Tensor = lg.tensor([[1, 2], [3, 4]], { requiresGrad: true });
const y: Tensor = lg.add(1, x).matmul([[1], [2]]).relu().mean();
const shape: number[] = y.shape;
const gradient: Tensor | null = x.grad;
const pooled: Tensor = lg.ones([1, 1, 8, 8]).conv2d(lg.ones([2, 1, 3, 3]), { padding: 1 }).maxPool2d(2);
const same: Tensor = lg.maxPool2d(pooled, 2, 1);
// @ts-expect-error: a tensor has no such operation
x.conv3d();
// @ts-expect-error: outputs are missing
new lg.Dense(2);
const layer: Layer = new lg.Dense(2, 3, { seed: 1, init: "xavierUniform" });
// @ts-expect-error: there is no such initialisation
new lg.Dense(2, 3, { init: "zeros" });
const conv: Layer = new lg.Conv2D(1, 2, 3, { stride: 2, init: "kaimingNormal" });
// @ts-expect-error: the kernel is missing
new lg.Conv2D(1, 2);
const rate: number = lg.learningRateFactor({ name: "one-cycle", warmUp: 0.2 }, 0, 10);
// @ts-expect-error: there is no such schedule
lg.learningRateFactor({ name: "linear" }, 0, 10);
const net = new lg.Net({ layer, relu: new lg.ReLU() });
class Mine extends lg.Net {
  constructor() {
    super({ dense1: new lg.Dense(1, 1) });
  }
  override forward(input: Tensor): Tensor {
    return this.parameters.dense1!.forward(input).add(input);
  }
}
const optimizer = new lg.Adam(net, { learningRate: 0.1, beta1: 0.8 });
optimizer.learningRate /= 2;
const loader = new lg.ArrayLoader({ inputs: x, labels: [0, 1], classes: 2 }, { batchSize: 1 });
for (const { inputs, labels } of loader) {
  lg.scope(() => new lg.SoftmaxCrossEntropy().forward(new Mine().forward(inputs), labels).backward());
}
const kept: { a: Tensor } = lg.scope(() => ({ a: lg.ones([2]) }));
const f = new lg.MathFunc((a, b) => a! * b!, { dimension: 2 });
lg.memory().liveBytes.toFixed();

const options: TrainerOptions = {
  data: { train: { kind: "numbers", inputs: new Float32Array(2), shape: [2, 1], targets: new Float32Array(2), outputs: 1 } },
  worker: () => new Worker("x"),
};
// @ts-expect-error: there is no such optimizer
const bad: TrainerOptions = { ...options, optimizer: { name: "rms" } };
const trainer = await Trainer.create(options);
const onProgress = ({ state, epochDone }: Progress): void => console.log(state, epochDone?.testAccuracy);
const { state, results } = await trainer.train({ epochs: 1, onProgress, signal: new AbortController().signal });
const code: ErrorCode = new LanegradError("Crashed", "text").code;
const weights: Record<string, Float32Array> = await trainer.weights();
const { layers, tensors }: Inspection = await trainer.inspect(new Float32Array(1));
const ratio: number = tensors[0]!.updateNorm / tensors[0]!.weightNorm;
const dead: number | undefined = layers[0]!.dead;
const { nodes, updates }: Trace = await trainer.trace(new Float32Array(1), 0);
const { gradient: ofInput }: InputGradient = await trainer.inputGradient(new Float32Array(1), 0, 1);
const { samples }: Nearest = await trainer.nearest(new Float32Array(1), 3);
// @ts-expect-error: a trace wants a label
await trainer.trace(new Float32Array(1));
{
  using again = await Trainer.create(options);
  using tensor = lg.zeros([1]);
}
const lab = document.createElement("lanegrad-lab");
const element: LanegradLab = lab;
lab.addEventListener("lanegrad-done", ({ detail }) => detail.testAccuracy.toFixed());
lab.addEventListener("click", () => void lab.trainer?.pause());
// @ts-expect-error: there is no such number
lab.addEventListener("lanegrad-progress", ({ detail }) => detail.speed);
LanegradLab.load = () => import("lanegrad/inline");
const news = (progress: LabProgress): number => progress.step;
export { element, news };
export { ratio, dead, nodes, updates, ofInput, samples, same, conv, rate, shape, gradient, f, kept, state, results, code, weights, bad };
`;

for (const [module, moduleResolution] of [
  ["esnext", "bundler"],
  ["node16", "node16"],
]) {
  test(`its types are right under ${moduleResolution}`, () => {
    writeFileSync(join(folder, "program.mts"), program);
    const tsc = join(root, "node_modules/.bin/tsc");
    const options = {
      module,
      moduleResolution,
      target: "es2022",
      lib: "es2022,esnext.disposable,dom",
    };
    const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
    const strict = [
      "--strict",
      "--noEmit",
      "--skipLibCheck",
      "false",
      "--types",
      "",
      "--exactOptionalPropertyTypes",
      "--noUncheckedIndexedAccess",
    ];
    try {
      execFileSync(tsc, [...flags, ...strict, "program.mts"], { cwd: folder, encoding: "utf8" });
    } catch (error) {
      assert.fail(error.stdout);
    }
  });
}
