#!/usr/bin/env bash
# PyTorch: cross-entropy with class weights changes when labels are written one-hot
#
# Software: PyTorch 1.13 of Debian 12 (python3-torch).
# Guess: the label 2 and the probabilities (0, 0, 1) say the same, so the loss is the same.
# Seen: with labels the mean is divided by the sum of the samples' weights, with probabilities by their number.
# It matters when mixup or soft labels are switched on: the loss, and with it the step, changes by the mean
#   class weight (2.5 here: 1.0190 for 0.4076).
# Documented: in the documentation of CrossEntropyLoss, in two formulas.
. "$(dirname "$0")/lib.sh"
debian 1.13 torch python3-torch
python <<'PY'
import torch
import torch.nn.functional as F
logits, labels = torch.tensor([[1.0, 2, 3], [3, 2, 1]]), torch.tensor([2, 0])
weight = torch.tensor([1.0, 2, 4])
for name, target in (("labels", labels), ("one-hot", F.one_hot(labels, 3).float())):
    plain = F.cross_entropy(logits, target)
    weighted = F.cross_entropy(logits, target, weight=weight)
    print(f"{name}: without weights {plain:.4f}, with weights {weighted:.4f}")
PY
seen <<'SEEN'
labels: without weights 0.4076, with weights 0.4076
one-hot: without weights 0.4076, with weights 1.0190
SEEN
