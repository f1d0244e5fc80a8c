#!/usr/bin/env bash
# npyjs: a transposed numpy array arrives with its numbers in the wrong order
#
# Software: npyjs 1.2.0 with numpy 1.24 of Debian 12 (python3-numpy).
# Guess: parse() gives shape and data that fit together, in rows.
# Seen: np.save writes the transpose of an array column by column (fortran_order: True); npyjs gives the
#   transposed shape and leaves the numbers as they lie in the file, with a flag that has to be looked at.
# It matters for weights: a PyTorch or Keras kernel is often saved as W.T, and [in, out] loaded so is a
#   scrambled matrix of the right shape. Write np.ascontiguousarray(W.T).
# Documented: the flag fortranOrder is, that data stay in that order is left to the reader.
. "$(dirname "$0")/lib.sh"
debian 1.24 numpy python3-numpy
packages npyjs@1.2.0
/usr/bin/python3 -c '
import numpy as np
w = np.arange(6, dtype=np.float32).reshape(2, 3)
np.save("w.npy", w.T)
print("numpy:", w.T.shape, w.T.ravel().tolist())
'
javascript <<'JS'
import { readFileSync } from "node:fs";
import { parse } from "npyjs";
const { shape, data, fortranOrder } = parse(new Uint8Array(readFileSync("w.npy")).buffer);
console.log("npyjs:", shape, Array.from(data), "fortranOrder", fortranOrder);
JS
seen <<'SEEN'
npyjs: [ 3, 2 ] [ 0, 1, 2, 3, 4, 5 ] fortranOrder true
SEEN
