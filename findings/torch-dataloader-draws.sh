#!/usr/bin/env bash
# PyTorch: walking through a data set in order changes the random numbers after it
#
# Software: PyTorch 1.13 of Debian 12 (python3-torch).
# Guess: a DataLoader without shuffling draws nothing.
# Seen: each pass takes a number from the global generator (a seed for workers that are not there).
# It matters for runs that should repeat: evaluating once more, or counting the samples, changes every weight
#   that is drawn and every dropout mask after it. lanegrad's evaluation draws nothing.
# Documented: that the generator makes a base_seed for workers is; that it does so without workers is not.
. "$(dirname "$0")/lib.sh"
debian 1.13 torch python3-torch
python <<'PY'
import torch
def after(passes):
    torch.manual_seed(0)
    loader = torch.utils.data.DataLoader([1, 2, 3], shuffle=False)
    for _ in range(passes):
        list(loader)
    return f"{torch.rand(1).item():.4f}"
print("next random number after 0, 1, 2 passes:", after(0), after(1), after(2))
PY
seen <<'SEEN'
next random number after 0, 1, 2 passes: 0.4963 0.0885 0.3074
SEEN
