#!/usr/bin/env bash
# jax-js on wasm: exp(88.5) is Infinity and tanh(1e-10) is 0
#
# Software: @jax-js/jax 0.1.25, backends cpu and wasm.
# Guess: float32 functions are right to some 1e-7 of their value over float32's range (exp up to 88.72).
# Seen: on wasm exp ends at 88.4, tanh loses its digits near 0 (3e-5 off at 1e-4, 0 at 1e-10) and sin(1e6) is
#   off in the second digit; on cpu all three are right.
# It matters for small signals in deep tanh nets, whose gradient at 0 should be 1, and for sums of exponentials
#   near the end of the range.
# Documented: not in the package's README.
. "$(dirname "$0")/lib.sh"
packages @jax-js/jax@0.1.25
javascript <<'JS'
import { defaultDevice, init, numpy as np } from "@jax-js/jax";
await init("wasm");
const off = (value, right) => {
  const error = Math.abs(value / right - 1);
  if (error < 1e-6) return "right";
  return Number.isFinite(value) && value !== 0 ? `off by ${error.toExponential(0)}` : value;
};
for (const device of ["cpu", "wasm"]) {
  defaultDevice(device);
  // Two values, since an array of one value (or of one value repeated) is computed beforehand, in double.
  const of = async (f, x) => off((await np[f](np.array([x, 1])).data())[0], Math[f](Math.fround(x)));
  console.log(device, "exp(88.5)", await of("exp", 88.5), "tanh(1e-4)", await of("tanh", 1e-4),
    "tanh(1e-10)", await of("tanh", 1e-10), "sin(1e6)", await of("sin", 1e6));
}
JS
seen <<'SEEN'
cpu exp(88.5) right tanh(1e-4) right tanh(1e-10) right sin(1e6) right
wasm exp(88.5) Infinity tanh(1e-4) off by 3e-5 tanh(1e-10) -0 sin(1e6) off by 5e-2
SEEN
