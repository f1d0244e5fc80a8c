#!/usr/bin/env bash
# PyTorch: the best weights, kept by state_dict(), go on changing
#
# Software: PyTorch 1.13 of Debian 12 (python3-torch).
# Guess: state_dict() is a copy; best = net.state_dict() keeps the best epoch, to be loaded at the end.
# Seen: its tensors are the net's own: at the end "best" is the last epoch, and loading it changes nothing.
# It matters for early stopping written by hand; a copy.deepcopy is needed. lanegrad's restoreBest copies.
# Documented: in the tutorial on saving ("a reference to the state and not its copy").
. "$(dirname "$0")/lib.sh"
debian 1.13 torch python3-torch
python <<'PY'
import copy, torch
net = torch.nn.Linear(1, 1)
best, copied = net.state_dict(), copy.deepcopy(net.state_dict())
with torch.no_grad():
    net.weight += 1
print("state_dict() moved by", round(best["weight"].item() - copied["weight"].item(), 3))
PY
seen <<'SEEN'
state_dict() moved by 1.0
SEEN
