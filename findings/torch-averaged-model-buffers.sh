#!/usr/bin/env bash
# PyTorch: the averaged model keeps the statistics that BatchNorm was made with
#
# Software: PyTorch 1.13 of Debian 12 (python3-torch).
# Guess: AveragedModel averages what the net needs to answer, running means and variances with the weights.
# Seen: buffers are left as they were when the model was wrapped: mean 0, variance 1, however long it trains.
# It matters for the first look at an averaged net: its accuracy is near chance until update_bn has passed
#   over the data once more (or use_buffers=True is given). lanegrad averages buffers, too.
# Documented: use_buffers and update_bn are, in torch.optim.swa_utils.
. "$(dirname "$0")/lib.sh"
debian 1.13 torch python3-torch
python <<'PY'
import torch
net = torch.nn.BatchNorm1d(1, momentum=1.0)
averaged = torch.optim.swa_utils.AveragedModel(net)
for _ in range(10):
    net(torch.tensor([[9.0], [11.0]]))
    averaged.update_parameters(net)
print("net's running mean", net.running_mean.item(), "averaged", averaged.module.running_mean.item())
PY
seen <<'SEEN'
net's running mean 10.0 averaged 0.0
SEEN
