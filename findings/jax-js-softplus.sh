#!/usr/bin/env bash
# jax-js: softplus overflows at 89 and is 0 at -20
#
# Software: @jax-js/jax 0.1.25, backends cpu and wasm.
# Guess: nn.softplus(100) is 100 and nn.softplus(-20) is 2.06e-9, as in JAX, whose API it follows.
# Seen: log(1 + exp(x)) as written: Infinity and 0; logSigmoid, built on it, gives -Infinity at -100.
# It matters for binary cross-entropy on logits, which is made of these two: one confident wrong answer makes
#   the loss infinite and every gradient NaN.
# Documented: not in the package's README.
. "$(dirname "$0")/lib.sh"
packages @jax-js/jax@0.1.25
javascript <<'JS'
import { defaultDevice, init, nn, numpy as np } from "@jax-js/jax";
await init("wasm");
for (const device of ["cpu", "wasm"]) {
  defaultDevice(device);
  const softplus = await nn.softplus(np.array([100, -20])).data();
  const logSigmoid = await nn.logSigmoid(np.array([-100, 1])).data();
  console.log(device, "softplus(100), softplus(-20)", ...softplus, "logSigmoid(-100)", logSigmoid[0]);
}
JS
seen <<'SEEN'
cpu softplus(100), softplus(-20) Infinity 0 logSigmoid(-100) -Infinity
wasm softplus(100), softplus(-20) Infinity 0 logSigmoid(-100) -Infinity
SEEN
