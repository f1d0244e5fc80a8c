#!/usr/bin/env bash
# jax-js: the gradients of relu and relu6 at 0 are 1
#
# Software: @jax-js/jax 0.1.25 (wasm backend).
# Guess: 0, which JAX, TensorFlow, PyTorch and TensorFlow.js agree on for relu.
# Seen: 1 for relu, relu6 and |x| at 0; a maximum of x and 0 at a tie gives all to x (JAX gives a half).
# It matters where exact zeros are common: zero biases on blank pixels, padded rows. Units that are off pass
#   the whole gradient on, and a training does not follow JAX's from the first step.
# Documented: not in the package's README.
. "$(dirname "$0")/lib.sh"
packages @jax-js/jax@0.1.25
javascript <<'JS'
import { defaultDevice, grad, init, nn, numpy as np } from "@jax-js/jax";
await init("wasm");
defaultDevice("wasm");
const at0 = async (f) => (await grad((x) => np.sum(f(x)))(np.array([0])).data())[0];
console.log("relu", await at0(nn.relu), "relu6", await at0(nn.relu6), "abs", await at0(np.abs));
console.log("maximum(x, 0)", await at0((x) => np.maximum(x, 0)));
JS
seen <<'SEEN'
relu 1 relu6 1 abs 1
maximum(x, 0) 1
SEEN
