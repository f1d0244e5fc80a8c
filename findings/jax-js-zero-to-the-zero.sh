#!/usr/bin/env bash
# jax-js: 0 to the power 0 is NaN, but (-2)³ is -8
#
# Software: @jax-js/jax 0.1.25, backends cpu and wasm.
# Guess: 1, as in JAX, numpy, PyTorch and JavaScript itself.
# Seen: NaN; powers of negative numbers with whole exponents are right, so it is no plain exp(y log x).
# It matters for polynomial features and decay factors: x^0 of a column that has a 0 is NaN there, and the
#   first step spreads it to all weights.
# Documented: not in the package's README.
. "$(dirname "$0")/lib.sh"
packages @jax-js/jax@0.1.25
javascript <<'JS'
import { defaultDevice, init, numpy as np } from "@jax-js/jax";
await init("wasm");
for (const device of ["cpu", "wasm"]) {
  defaultDevice(device);
  const powers = await np.power(np.array([0, 3, -2]), np.array([0, 0, 3])).data();
  console.log(device, "0^0, 3^0, (-2)^3:", ...Array.from(powers, (v) => +v.toFixed(3)));
}
JS
seen <<'SEEN'
cpu 0^0, 3^0, (-2)^3: NaN 1 -8
wasm 0^0, 3^0, (-2)^3: NaN 1 -8
SEEN
