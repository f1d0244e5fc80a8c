#!/usr/bin/env bash
# PyTorch: RAdam's first five steps are as large as the gradient
#
# Software: PyTorch 1.13 of Debian 12 (python3-torch).
# Guess: RAdam is Adam with a built-in warm-up, so its first steps are smaller than Adam's, which are the rate.
# Seen: the first five are rate × averaged gradient, not scaled at all: with gradients of 1000 and the rate 0.1
#   the weight has moved by 500 before the sixth step, which is 0.003.
# It matters to who replaces Adam and its warm-up by RAdam where the loss is a sum or targets are large.
#   lanegrad has no RAdam.
# Documented: the algorithm is, in the documentation of RAdam; what it means at the start is not said.
. "$(dirname "$0")/lib.sh"
debian 1.13 torch python3-torch
python <<'PY'
import torch
for gradient in (1.0, 1000.0):
    weight = torch.nn.Parameter(torch.zeros(1, dtype=torch.float64))
    optimizer = torch.optim.RAdam([weight], lr=0.1)
    steps = []
    for _ in range(6):
        before = weight.item()
        weight.grad = torch.full((1,), gradient, dtype=torch.float64)
        optimizer.step()
        steps.append(f"{before - weight.item():.4f}")
    print(f"gradient {gradient:g}: steps", *steps)
PY
seen <<'SEEN'
gradient 1: steps 0.1000 0.1000 0.1000 0.1000 0.1000 0.0026
gradient 1000: steps 100.0000 100.0000 100.0000 100.0000 100.0000 0.0026
SEEN
