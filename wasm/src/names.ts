// Finds the known name that was meant by an unknown one: a name from another library, or a misspelt
// one.

/** The names that options have in PyTorch, Keras and TensorFlow.js, in small letters. */
const otherNames: Readonly<Record<string, string>> = {
  learningRate: "lr",
  epsilon: "eps",
  beta1: "betas",
  beta2: "betas",
  weightDecay: "decay l2",
  padding: "pad",
  batchSize: "batch",
  epochs: "numepochs",
  inputs: "x infeatures inchannels",
  outputs: "numclasses outfeatures outchannels units",
  classes: "numclasses",
  labels: "y",
  targets: "y",
  seed: "shuffle",
  net: "model",
  schedule: "lrscheduler",
  factor: "gamma",
  warmUp: "pctstart",
  validation: "validationsplit",
  clipNorm: "maxnorm",
  weights: "statedict",
};

/**
 * The names among `names` that `name` stands for in other libraries, or else the most similar one:
 * "'beta1' and 'beta2'".
 */
export function meant(name: string, names: readonly string[]): string | undefined {
  const simple = (text: string): string => text.replace(/[_-]/g, "").toLowerCase();
  const plain = simple(name);
  const far = (known: string): number => distance(plain, simple(known));
  const most = Math.min(2, (plain.length - 1) / 2);
  const same = names.filter((known) => otherNames[known]?.split(" ").includes(plain));
  const near = names.filter((known) => far(known) <= most).sort((a, b) => far(a) - far(b));
  const found = same.length > 0 ? same : near.slice(0, 1);
  return found.length > 0 ? found.map((known) => `'${known}'`).join(" and ") : undefined;
}

/**
 * How many letters have to be inserted, removed or changed to get from one to the other
 * (Levenshtein).
 */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return Infinity;
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const changed = last[j]! + Number(a[i] !== b[j]);
      next.push(Math.min(next[j]! + 1, last[j + 1]! + 1, changed));
    }
    last = next;
  }
  return last[b.length]!;
}
