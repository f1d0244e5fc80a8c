#!/usr/bin/env bash
# PyTorch: ReduceLROnPlateau never lowers the rate on the plateau of a negative loss
#
# Software: PyTorch 1.13 of Debian 12 (python3-torch).
# Guess: a loss that stays the same is a plateau, whatever its sign.
# Seen: "better" means below best * (1 - 0.0001). For a best of -1 that is -0.9999, so -1 again is better, and so
#   is a loss that rises by a twenty-thousandth of itself in every epoch; the rate is never lowered.
# It matters for losses that are negative when things go well: Gaussian log-likelihoods, cosine similarities,
#   evidence bounds. Set threshold_mode="abs".
# Documented: the formula is, for mode "min" and threshold_mode "rel"; what it does below 0 is not.
. "$(dirname "$0")/lib.sh"
debian 1.13 torch python3-torch
python <<'PY'
import torch

def rate(losses, **options):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=2, **options)
    for loss in losses:
        schedule.step(loss)
    return f"{optimizer.param_groups[0]['lr']:g}"

print("20 epochs at 1:", rate([1.0] * 20))
print("20 epochs at -1:", rate([-1.0] * 20))
print("20 epochs from -1000 up by 0.05:", rate([-1000 + 0.05 * epoch for epoch in range(20)]))
print("20 epochs at -1, threshold_mode abs:", rate([-1.0] * 20, threshold_mode="abs"))
PY
seen <<'SEEN'
20 epochs at 1: 1e-06
20 epochs at -1: 1
20 epochs from -1000 up by 0.05: 1
20 epochs at -1, threshold_mode abs: 1e-06
SEEN
