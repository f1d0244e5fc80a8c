// What run.mjs drives from outside: makes a group of subjects, times them in turn, and throws them away.
import { connect, together } from "/web/bench/timing/client.mjs";
import { interleave } from "/web/bench/timing/slices.mjs";
import { evaluationRunner, trainingRunner } from "/web/bench/timing/training.mjs";

const module = { type: "module" };

const peakLoops = new Map(); // by name: "relaxed 2" is two loops at once, each in its own worker
async function peak(name) {
  if (!peakLoops.has(name)) {
    const [variant, threads] = name.split(" ");
    const wasm = await (await fetch(`/peak/${variant}.wasm`)).arrayBuffer();
    const start = async () => {
      const worker = await connect(new Worker("/bench/peak_worker.mjs", module));
      return worker.make({ kind: "peak", wasm });
    };
    const loops = await Promise.all(Array.from({ length: Number(threads) }, start));
    peakLoops.set(name, together(loops));
  }
  return peakLoops.get(name);
}

const bytes = async (name) => new Uint8Array(await (await fetch(`/mnist/${name}`)).arrayBuffer());

const files = new Map();
async function idx(part) {
  if (!files.has(part)) {
    const names = [`${part}-images-idx3-ubyte`, `${part}-labels-idx1-ubyte`];
    files.set(part, await Promise.all(names.map(bytes)));
  }
  const [images, labels] = files.get(part);
  return { kind: "idx", images, labels };
}

// Images of the same size without a single 0.
function noise({ images, ...rest }) {
  const noisy = Uint8Array.from(images, (value, i) => (i < 16 ? value : 1 + ((i * 7919) % 255)));
  return { ...rest, images: noisy };
}

async function inWorker(url, options, spec) {
  const worker = await connect(new Worker(url, options));
  const runner = await worker.make(spec);
  return {
    ...runner,
    async dispose() {
      worker.close();
    },
  };
}

const ours = (package_) => async (spec) => {
  const { kind, variant, threads, training } = spec;
  if (kind === "product") return inWorker("/bench/ours_worker.mjs", module, spec);
  const { Trainer } = await import(`/${package_}/dist/index.js`);
  const train = await idx("train");
  const data = { train: spec.pixels === "noise" ? noise(train) : train };
  if (kind === "evaluation") data.test = await idx("t10k");
  const make = kind === "evaluation" ? evaluationRunner : trainingRunner;
  const runner = await make(Trainer, training, { data, variant, threads });
  const { about } = runner;
  if (about.variant !== variant || about.threads !== threads) {
    throw new Error(`${about.variant} with ${about.threads} runs, not ${variant} with ${threads}`);
  }
  return runner;
};

const makers = {
  lanegrad: ours("lanegrad"),
  before: ours("before"),
  tfjs: (spec) => inWorker("/bench/peers/tfjs_worker.js", {}, spec),
  "jax-js": (spec) => inWorker("/bench/peers/jax_worker.mjs", module, spec),
};

window.bench = {
  /**
   * Times a group of subjects in turn. Resolves to their samples and to what could not run, and why.
   * @param {{ id: string, peak: string, who: string, kind: string }[]} specs
   */
  async run(specs, options) {
    const subjects = [];
    const failures = {};
    for (const spec of specs) {
      try {
        const runner = await makers[spec.who](spec);
        const { losses } = runner.about ?? {};
        if (losses && !(losses.at(-1) < 0.97 * losses[0])) {
          throw new Error(`it does not learn: its losses are ${losses.join(", ")}`);
        }
        await runner.run(options.slice); // warm
        subjects.push({ id: spec.id, peak: spec.peak, run: runner.run, dispose: runner.dispose });
      } catch (error) {
        failures[spec.id] = String(error?.message ?? error);
      }
    }
    const peaks = {};
    for (const { peak: name } of subjects) peaks[name] ??= await peak(name);
    const samples = await interleave(subjects, peaks, options);
    for (const subject of subjects) await subject.dispose();
    return { samples: Object.fromEntries(samples), failures };
  },

  /**
   * One whole training by the net's recipe. `seconds`: of its epochs alone; the test set is read afterwards.
   * @param {{ net: string, seed: number, variant: string, threads: number }} wanted
   */
  async race({ net, seed, variant, threads }) {
    const { Trainer } = await import("/lanegrad/dist/index.js");
    const data = { train: await idx("train") };
    const trainer = await Trainer.create({ data, net, seed, variant, threads });
    const { info } = trainer;
    const begin = performance.now();
    await trainer.train();
    const seconds = (performance.now() - begin) / 1000;
    const { images, labels } = await idx("t10k");
    const pixels = Float32Array.from(images.subarray(16), (value) => value / 255);
    const count = labels.length - 8;
    const answers = await trainer.predict(pixels, count);
    let right = 0;
    for (let i = 0; i < count; i++) {
      const row = answers.subarray(10 * i, 10 * i + 10);
      if (row.indexOf(Math.max(...row)) === labels[8 + i]) right++;
    }
    const [recipe] = (await trainer.recipes()).filter(({ name }) => name === net);
    trainer.dispose();
    const samples = info.trainSamples * info.settings.epochs;
    return {
      seconds,
      testAccuracy: right / count,
      samples,
      flops: info.stepFlops * samples,
      threads: info.threads,
      text: recipe.text,
      settings: info.settings,
    };
  },

  /** The milliseconds from the call to the first finished step, on numbers made up here. */
  async firstStep({ variant, inputs, batchSize }) {
    const { Trainer } = await import("/lanegrad/dist/index.js");
    const train = {
      kind: "labels",
      inputs: Float32Array.from({ length: inputs * batchSize }, (_, i) => Math.sin(i) ** 2),
      shape: [batchSize, inputs],
      labels: Uint8Array.from({ length: batchSize }, (_, i) => i % 10),
      classes: 10,
    };
    const begin = performance.now();
    const trainer = await Trainer.create({
      data: { train },
      net: "dense 128, relu, dense classes",
      batchSize,
      variant,
    });
    await trainer.step();
    const milliseconds = performance.now() - begin;
    if (trainer.variant !== variant) throw new Error(`${trainer.variant} runs, not ${variant}`);
    trainer.dispose();
    return milliseconds;
  },
};
