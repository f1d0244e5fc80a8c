// Who does what in the benchmark, as data: a list of groups, each a list of subjects that are timed in turn.
import {
  cubes,
  emptyProduct,
  productFlops,
  tenOutputs,
  trainingFlops,
  trainings,
  trainingShapes,
} from "../../web/bench/timing/work.mjs";

/** The net whose ten-output products are looked at, and the product of its first layer. */
export const tenOutputNet = trainings[0];

const threadsOf = (variant, cores) => (variant.endsWith("-threads") ? cores : 1);
const peakOf = (variant) => (variant.startsWith("relaxed") ? "relaxed" : "simd");

const oursOf = (variants, cores, spec) =>
  variants.map((variant) => {
    const threads = threadsOf(variant, cores);
    return { ...spec, who: "lanegrad", variant, threads, peak: `${peakOf(variant)} ${threads}` };
  });

// Each peer's known ways of doing it; the faster one counts. Their shares are of the fused peak, the
// machine's.
function peersOf(cores, spec, ways) {
  const counts = cores > 1 ? [1, cores] : [1];
  const tfjs = counts.flatMap((threads) =>
    ways.tfjs.map((way) => ({ ...spec, who: "tfjs", variant: way, way, threads })),
  );
  const jax = ways.jax.map((way) => ({
    ...spec,
    who: "jax-js",
    variant: way,
    way,
    threads: cores,
  }));
  return [...tfjs, ...jax].map((subject) => ({ ...subject, peak: `relaxed ${subject.threads}` }));
}

const withIds = (subjects) =>
  subjects.map((subject) => ({
    ...subject,
    id: [subject.who, subject.variant, subject.threads].join(" "),
  }));

/**
 * @param {{ variants: string[], cores: number, peers: boolean }} machine
 * @returns {{ work: string, unit: "gflops" | "samplesPerSecond", flops: number, subjects: object[] }[]}
 * `flops`: of one product, of one sample
 */
export function browserGroups({ variants, cores, peers }) {
  const productGroup = (product, withPeers) => {
    const spec = { kind: "product", product };
    const transposed = product.layout !== "NN";
    return {
      work: `product ${product.id}`,
      unit: "gflops",
      flops: productFlops(product),
      subjects: withIds([
        ...oursOf(variants, cores, spec),
        ...(withPeers
          ? peersOf(cores, spec, {
              tfjs: [transposed ? "copy" : "plain"], // its own transposing product is ten times slower
              jax: ["jit"],
            })
          : []),
      ]),
    };
  };
  const oneThread = variants.filter((variant) => threadsOf(variant, cores) === 1);
  const trainingGroup = (training) => {
    const spec = { kind: "training", training };
    return {
      work: `training ${training.id}`,
      unit: "samplesPerSecond",
      flops: trainingFlops(training),
      subjects: withIds([
        ...oursOf(variants, cores, spec),
        ...(peers
          ? peersOf(cores, spec, {
              tfjs: training.layers ? ["fused", "plain"] : [], // it has no gradient of filters
              jax: training.layers ? ["demo", "jit", "jit-8"] : ["demo", "jit"],
            })
          : []),
      ]),
    };
  };
  return [
    ...cubes.map((product) => productGroup(product, peers)),
    ...trainingShapes.map((product) => productGroup(product, peers)),
    {
      // In one group, since their sum is compared with a step.
      work: `ten outputs of ${tenOutputNet.id}`,
      unit: "gflops",
      flops: NaN,
      subjects: oneThread.flatMap((variant) => [
        ...[...tenOutputs, emptyProduct].map((product) => ({
          ...oursOf([variant], cores, { kind: "product", product })[0],
          id: `${variant} ${product.id}`,
        })),
        {
          ...oursOf([variant], cores, { kind: "training", training: tenOutputNet })[0],
          id: `${variant} step`,
        },
      ]),
    },
    ...trainings.map(trainingGroup),
  ];
}

/**
 * What --against times, through this package ("lanegrad") and through that of another commit ("before"). A net
 * without a batch size trains by its recipe; `pixels` says what the images hold.
 * @param {{ variants: string[], cores: number }} machine
 */
export function againstGroups({ variants, cores }) {
  const group = (work, spec) => ({
    work,
    subjects: withIds(
      oursOf(variants, cores, spec).flatMap((subject) => [subject, { ...subject, who: "before" }]),
    ),
  });
  return [
    ...trainings.map((training) =>
      group(`training ${training.id}`, { kind: "training", training }),
    ),
    ...["mlp", "fast"].map((net) =>
      group(`training ${net} by its recipe`, { kind: "training", training: { net } }),
    ),
    group(`training ${trainings[0].id}, pixels of noise`, {
      kind: "training",
      training: trainings[0],
      pixels: "noise",
    }),
    group("evaluation of 10,000 digits by mlp", { kind: "evaluation", training: { net: "mlp" } }),
  ];
}

/** The groups that run natively in one thread, by the programs there are: the engine, numpy and PyTorch. */
export function nativeGroups(programs) {
  const subjects = (spec) =>
    programs.map((program) => ({
      ...program,
      ...spec,
      id: `${program.who} ${program.variant}`,
      threads: 1,
      peak: "native 1",
    }));
  return [
    ...[...cubes.slice(-2), ...trainingShapes].map((product) => ({
      work: `native product ${product.id}`,
      unit: "gflops",
      flops: productFlops(product),
      subjects: subjects({ kind: "product", product }),
    })),
    ...trainings.map((training) => ({
      work: `native training ${training.id}`,
      unit: "samplesPerSecond",
      flops: trainingFlops(training),
      subjects: subjects({ kind: "training", training }).filter(
        ({ who }) => training.layers || who !== "numpy",
      ),
    })),
  ];
}
