#!/usr/bin/env bash
# numpy: the mean of ones over 33 million rows is 0.5 for two columns, 1 for one
#
# Software: numpy 1.24 of Debian 12 (python3-numpy).
# Guess: float32 sums are pairwise, as the documentation says, and the mean of ones is 1.
# Seen: over the first axis of [n, 2] rows are added one by one and stop at 2^24; [n, 1] and the same array in
#   Fortran order are right.
# It matters for the mean and deviation per channel of a set of pictures [n, channels]: np.mean(x, axis=0) is
#   wrong from some ten million values on, silently. Say dtype=np.float64.
# Documented: that only the fast axis is summed pairwise is, in the notes of numpy.sum.
. "$(dirname "$0")/lib.sh"
debian 1.24 numpy python3-numpy
python <<'PY'
import numpy as np
n = 2**25
for columns, order in ((1, "C"), (2, "C"), (2, "F")):
    print(f"[n, {columns}] in {order} order:", np.ones((n, columns), np.float32, order=order).mean(axis=0).tolist())
PY
seen <<'SEEN'
[n, 1] in C order: [1.0]
[n, 2] in C order: [0.5, 0.5]
[n, 2] in F order: [1.0, 1.0]
SEEN
