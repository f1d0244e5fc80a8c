#!/usr/bin/env bash
# numpy-parser: a vector of three has the shape [3, 1]
#
# Software: numpy-parser 1.2.3 with numpy 1.24 of Debian 12 (python3-numpy).
# Guess: [3], as numpy says; a column of three is another thing.
# Seen: [3, 1] for both, so the two cannot be told apart.
# It matters for biases and labels, which are vectors: a loader that compares shapes refuses them, and one
#   that broadcasts a column against a row gives a matrix.
# Documented: not in the package's README.
. "$(dirname "$0")/lib.sh"
debian 1.24 numpy python3-numpy
packages numpy-parser@1.2.3
/usr/bin/python3 -c '
import numpy as np
np.save("vector.npy", np.zeros(3, np.float32))
np.save("column.npy", np.zeros((3, 1), np.float32))
'
javascript <<'JS'
import { readFileSync } from "node:fs";
import { fromArrayBuffer } from "numpy-parser";
for (const name of ["vector", "column"])
  console.log(name, fromArrayBuffer(new Uint8Array(readFileSync(`${name}.npy`)).buffer).shape);
JS
seen <<'SEEN'
vector [ 3, 1 ]
column [ 3, 1 ]
SEEN
