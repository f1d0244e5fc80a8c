#!/usr/bin/env bash
# js-pytorch: softmax and cross-entropy of a logit of 710 are NaN
#
# Software: js-pytorch 0.7.2 (numbers are JavaScript's doubles).
# Guess: the largest logit is subtracted first, as everywhere else: (1, 0) for logits (710, 0).
# Seen: exp(710) overflows: NaN. 700 works.
# It matters when a net diverges a little: instead of a large loss that comes down again, all weights are NaN
#   after one step.
# Documented: not in the package's README.
. "$(dirname "$0")/lib.sh"
packages js-pytorch@0.7.2
javascript <<'JS'
import { torch } from "js-pytorch";
for (const logit of [700, 710]) {
  const x = torch.tensor([[logit, 0]], true);
  const softmax = new torch.nn.Softmax().forward(x).data[0][0];
  const loss = new torch.nn.CrossEntropyLoss().forward(x, torch.tensor([0], false)).data;
  console.log(`logits (${logit}, 0): softmax`, softmax, "loss", ...loss);
}
JS
seen <<'SEEN'
logits (700, 0): softmax 1 loss -0
logits (710, 0): softmax NaN loss NaN
SEEN
