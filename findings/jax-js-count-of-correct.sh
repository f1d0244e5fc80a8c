#!/usr/bin/env bash
# jax-js: the sum of any number of trues is 1
#
# Software: @jax-js/jax 0.1.25, backends cpu and wasm.
# Guess: np.sum of booleans counts them, as in JAX and numpy.
# Seen: the sum of booleans is a boolean, 1 however many are true. np.mean of booleans is right.
# It matters for the usual count of correct answers, np.sum(np.equal(predicted, labels)): 1 for every batch.
# Documented: not in the package's README.
. "$(dirname "$0")/lib.sh"
packages @jax-js/jax@0.1.25
javascript <<'JS'
import { defaultDevice, init, numpy as np } from "@jax-js/jax";
await init("wasm");
for (const device of ["cpu", "wasm"]) {
  defaultDevice(device);
  const equal = () => np.equal(np.array([1, 2, 3, 4]), np.array([1, 2, 3, 0]));
  const sum = np.sum(equal()), dtype = sum.dtype;
  const mean = np.mean(equal());
  console.log(device, "sum", dtype, Number((await sum.data())[0]), "mean", (await mean.data())[0]);
}
JS
seen <<'SEEN'
cpu sum bool 1 mean 0.75
wasm sum bool 1 mean 0.75
SEEN
