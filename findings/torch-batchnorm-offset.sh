#!/usr/bin/env bash
# PyTorch: BatchNorm of 1000000 and 1000001 is -1.05 and 0.95
#
# Software: PyTorch 1.13 of Debian 12 (python3-torch), on a processor.
# Guess: -1 and 1: the mean, 1000000.5, is a float32, and so are the differences to it.
# Seen: mean and scale are folded into x · a + b first, where the digits are lost: the results are 5 % off and
#   their mean is not 0, although the statistics are right.
# It matters for columns that are not centred (years in milliseconds, coordinates). lanegrad subtracts first.
# Documented: not in the documentation of BatchNorm.
. "$(dirname "$0")/lib.sh"
debian 1.13 torch python3-torch
python <<'PY'
import torch
for base in (0.0, 1e6):
    norm = torch.nn.BatchNorm1d(1, momentum=1.0)
    y = norm(torch.tensor([[base], [base + 1]])).flatten()
    statistics = abs(norm.running_mean.item() - base - 0.5) < 1e-6 and norm.running_var.item() == 0.5
    print(f"{base:g}: statistics", "right," if statistics else "wrong,",
          "results", "right" if (y - torch.tensor([-1.0, 1])).abs().max() < 1e-3 else "wrong")
PY
seen <<'SEEN'
0: statistics right, results right
1e+06: statistics right, results wrong
SEEN
