#!/usr/bin/env bash
# PyTorch's CosineAnnealingLR: after its T_max steps the rate rises again
#
# Software: PyTorch 1.13 of Debian 12 (python3-torch).
# Guess: the rate stays at its end, as LinearLR's does.
# Seen: it climbs the cosine back to the start, and falls again.
# It matters when training is prolonged ("ten more epochs") or T_max counts epochs and step() is called per
#   batch: the finished net is shaken at full rate.
# Documented: the formula is there; that it is followed beyond T_max is not said.
. "$(dirname "$0")/lib.sh"
debian 1.13 torch python3-torch
python <<'PY'
import torch
optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=4)
rates = []
for _ in range(10):
    rates.append(f"{optimizer.param_groups[0]['lr']:.2f}")
    optimizer.step()
    schedule.step()
print(*rates)
PY
seen <<'SEEN'
1.00 0.85 0.50 0.15 0.00 0.15 0.50 0.85 1.00 0.85
SEEN
