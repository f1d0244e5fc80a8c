#!/usr/bin/env bash
# jax-js: argmax of three values with a NaN is 3, a place that is not there
#
# Software: @jax-js/jax 0.1.25, backends cpu and wasm.
# Guess: the place of the NaN (JAX, numpy, PyTorch) or of the largest number (1 or 2 here).
# Seen: the number of values, one past the last.
# It matters when a net has diverged: its predicted class is 10 of 0 to 9, and a table indexed by it gives
#   undefined instead of a wrong but harmless entry.
# Documented: not in the package's README.
. "$(dirname "$0")/lib.sh"
packages @jax-js/jax@0.1.25
javascript <<'JS'
import { defaultDevice, init, numpy as np } from "@jax-js/jax";
await init("wasm");
for (const device of ["cpu", "wasm"]) {
  defaultDevice(device);
  console.log(device, Array.from(await np.argmax(np.array([1, NaN, 3])).data()));
}
JS
seen <<'SEEN'
cpu [ 3 ]
wasm [ 3 ]
SEEN
