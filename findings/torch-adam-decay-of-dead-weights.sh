#!/usr/bin/env bash
# PyTorch: Adam's weight decay of 1e-6 moves an unused weight by the whole learning rate
#
# Software: PyTorch 1.13 of Debian 12 (python3-torch).
# Guess: a weight without a gradient shrinks by a factor of 1 - rate × decay per step: by nothing, with 1e-6.
# Seen: from 1 to 0.9, 0.8, 0.7 with the rate 0.1, whatever the decay is: it is the whole gradient, and Adam
#   scales every gradient to a step of the rate.
# It matters for MNIST, whose border pixels are always 0: with Adam's weight_decay, however small, their
#   weights run to 0 first. AdamW takes rate × decay; so it is in lanegrad, whose
#   two optimizers of these names follow PyTorch's.
# Documented: AdamW's paper is named; this is not said.
. "$(dirname "$0")/lib.sh"
debian 1.13 torch python3-torch
python <<'PY'
import torch
for name in ("Adam", "AdamW"):
    for decay in (1e-6, 1e-2):
        weight = torch.nn.Parameter(torch.ones(1, dtype=torch.float64))
        optimizer = getattr(torch.optim, name)([weight], lr=0.1, weight_decay=decay)
        at = []
        for _ in range(3):
            weight.grad = torch.zeros(1, dtype=torch.float64)
            optimizer.step()
            at.append(f"{weight.item():.2f}")
        print(name, f"weight_decay {decay:g}:", *at)
PY
seen <<'SEEN'
Adam weight_decay 1e-06: 0.90 0.80 0.70
Adam weight_decay 0.01: 0.90 0.80 0.70
AdamW weight_decay 1e-06: 1.00 1.00 1.00
AdamW weight_decay 0.01: 1.00 1.00 1.00
SEEN
