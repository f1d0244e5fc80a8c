#!/usr/bin/env bash
# PyTorch: clipping a gradient of 1e25 to the norm 1 gives 0
#
# Software: PyTorch 1.13 of Debian 12 (python3-torch).
# Guess: clip_grad_norm_ gives a gradient of norm 1; only an infinite or NaN gradient is beyond help.
# Seen: the norm is computed in float32, where the square of 1e25 is infinite, and 1 / Infinity is 0: the step
#   is no step, and the norm returned is Infinity although every gradient is finite.
# It matters for runs that watch the norm to stop: the weights are sound, yet training stands still or is
#   stopped. lanegrad sums the squares in double.
# Documented: not in the documentation of clip_grad_norm_.
. "$(dirname "$0")/lib.sh"
debian 1.13 torch python3-torch
python <<'PY'
import torch
for size in (1e15, 1e25):
    weight = torch.nn.Parameter(torch.zeros(2))
    weight.grad = torch.tensor([size, 0.0])
    norm = torch.nn.utils.clip_grad_norm_([weight], 1.0)
    print(f"gradient {size:g}: norm {norm:g}, clipped to {weight.grad[0]:g}")
PY
seen <<'SEEN'
gradient 1e+15: norm 1e+15, clipped to 1
gradient 1e+25: norm inf, clipped to 0
SEEN
