#!/usr/bin/env bash
# PyTorch: max() shares the gradient of a tie, max(0) gives it to one
#
# Software: PyTorch 1.13 of Debian 12 (python3-torch).
# Guess: for a vector x.max() and x.max(0) are the same function with the same gradient.
# Seen: x.max() and x.amax() give each of two equal maxima a half; x.max(0) gives the first all of it.
# It matters for comparisons of gradients between libraries: one of the two spellings agrees. lanegrad gives
#   it to the first in both.
# Documented: in the documentation of amax, against max; that max without a dimension is like amax is not.
. "$(dirname "$0")/lib.sh"
debian 1.13 torch python3-torch
python <<'PY'
import torch
maxima = {"max()": lambda x: x.max(), "max(0)": lambda x: x.max(0).values, "amax(0)": lambda x: x.amax(0)}
for name, f in maxima.items():
    x = torch.tensor([1.0, 3, 3], requires_grad=True)
    f(x).backward()
    print(name, x.grad.tolist())
PY
seen <<'SEEN'
max() [0.0, 0.5, 0.5]
max(0) [0.0, 1.0, 0.0]
amax(0) [0.0, 0.5, 0.5]
SEEN
