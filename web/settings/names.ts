// Names as people know them from other libraries, and the name that a misspelt one stands for.

/** A name without what its writers differ in: capital letters, hyphens, underscores and spaces. */
export const simple = (name: string): string => name.toLowerCase().replace(/[\s_-]/g, "");

/** What settings, and what they are set to, are called in PyTorch and Keras. */
const elsewhere: Readonly<Record<string, string>> = {
  learningrate: "lr",
  batchsize: "batch",
  numepochs: "epochs",
  eps: "epsilon",
  gamma: "factor",
  pctstart: "warmUp",
  maxnorm: "clipNorm",
  model: "net",
  steplr: "step",
  onecyclelr: "one-cycle",
  cosineannealinglr: "cosine",
  cosinedecay: "cosine",
  constantlr: "constant",
};

/** The name among `names` that `name` means; undefined where it means none of them. */
export function known<T extends string>(name: string, names: readonly T[]): T | undefined {
  const plain = simple(name);
  return names.find((each) => simple(each) === plain || elsewhere[plain] === each);
}

/** The name among `names` that was probably meant; undefined where none is like it. */
export const similar = (name: string, names: readonly string[]): string | undefined =>
  names.find((each) => areClose(simple(name), simple(each)));

// Whether one letter is missing, too many or wrong, or two neighbours have changed places.
function areClose(a: string, b: string): boolean {
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const [x, y] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  return (
    Math.min(a.length, b.length) > 1 && (Math.max(x.length, y.length) < 2 || x === y[1] + y[0]!)
  );
}
