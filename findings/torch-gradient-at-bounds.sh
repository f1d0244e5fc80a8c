#!/usr/bin/env bash
# PyTorch: at its bounds clamp lets the gradient through, hardtanh and relu6 stop it
#
# Software: PyTorch 1.13 of Debian 12 (python3-torch).
# Guess: hardtanh(x) is clamp(x, -1, 1), gradient and all.
# Seen: at exactly -1 and 1 clamp's gradient is 1, hardtanh's 0; the same for relu6 against clamp(0, 6) at 6.
# It matters where values sit on the bound, as clipped inputs do: rewriting relu6 as a clamp, which exporters
#   do, changes the training.
# Documented: not in the documentation of the three.
. "$(dirname "$0")/lib.sh"
debian 1.13 torch python3-torch
python <<'PY'
import torch
import torch.nn.functional as F
def gradient(f, *at):
    x = torch.tensor(at, requires_grad=True)
    f(x).sum().backward()
    return x.grad.tolist()
clamped = gradient(lambda x: x.clamp(-1, 1), -1.0, 1.0)
print("at -1 and 1: clamp", clamped, "hardtanh", gradient(F.hardtanh, -1.0, 1.0))
print("at 6: clamp", gradient(lambda x: x.clamp(0, 6), 6.0), "relu6", gradient(F.relu6, 6.0))
PY
seen <<'SEEN'
at -1 and 1: clamp [1.0, 1.0] hardtanh [0.0, 0.0]
at 6: clamp [1.0] relu6 [0.0]
SEEN
