#!/usr/bin/env bash
# PyTorch: binary cross-entropy never exceeds 100, but its gradient reaches -1e12
#
# Software: PyTorch 1.13 of Debian 12 (python3-torch).
# Guess: the logarithm is held at -100 so that a probability of exactly 0 does no harm; where the loss is
#   held its gradient is 0.
# Seen: the loss is 100 and the gradient at 0 is -1e12.
# It matters for nets that end in a sigmoid whose runtime rounds to exactly 0: the loss curve looks bounded
#   while one sample throws the weights away. Use the loss on logits, as lanegrad does.
# Documented: the clamp is, in the documentation of BCELoss (a finite loss, a linear backward).
. "$(dirname "$0")/lib.sh"
debian 1.13 torch python3-torch
python <<'PY'
import torch
p = torch.tensor([0.0], requires_grad=True)
loss = torch.nn.functional.binary_cross_entropy(p, torch.tensor([1.0]))
loss.backward()
print(f"loss {loss.item():g}, gradient {p.grad.item():.1e}")
PY
seen <<'SEEN'
loss 100, gradient -1.0e+12
SEEN
