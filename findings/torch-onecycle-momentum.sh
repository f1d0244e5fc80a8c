#!/usr/bin/env bash
# PyTorch's OneCycleLR replaces the momentum that the optimizer was given
#
# Software: PyTorch 1.13 of Debian 12 (python3-torch).
# Guess: a schedule of learning rates changes learning rates.
# Seen: SGD's momentum 0.5 is 0.95 from the first step, and so is Adam's β1, unless cycle_momentum=False.
# It matters to who carries a run's settings to another library: they are not those that were used. lanegrad's
#   one-cycle leaves the momentum alone.
# Documented: in the documentation of OneCycleLR (cycle_momentum).
. "$(dirname "$0")/lib.sh"
debian 1.13 torch python3-torch
python <<'PY'
import torch
weights = [torch.zeros(1, requires_grad=True)]
sgd = torch.optim.SGD(weights, lr=0.1, momentum=0.5)
adam = torch.optim.Adam(weights, lr=0.1, betas=(0.5, 0.999))
for optimizer in (sgd, adam):
    torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=1.0, total_steps=10)
print("SGD momentum", sgd.param_groups[0]["momentum"], "Adam betas", adam.param_groups[0]["betas"])
PY
seen <<'SEEN'
SGD momentum 0.95 Adam betas (0.95, 0.999)
SEEN
