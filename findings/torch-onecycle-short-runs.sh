#!/usr/bin/env bash
# PyTorch's OneCycleLR: a run of one step has rate 0, one of two steps has no warm-up
#
# Software: PyTorch 1.13 of Debian 12 (python3-torch).
# Guess: a schedule of N steps visits start, peak and end as well as N allows; a single step trains.
# Seen: with 1 step the rate is 0 (nothing is learned), with 2 the rates are 0.81 and 0 of the peak: the end
#   of the warm-up, at 0.3 N - 1 steps, lies before the start.
# It matters for smoke tests ("train one batch") and short fine-tunings.
# Documented: not in the documentation of OneCycleLR.
. "$(dirname "$0")/lib.sh"
debian 1.13 torch python3-torch
python <<'PY'
import torch
for steps in (1, 2, 3, 10):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=1.0, total_steps=steps)
    rates = []
    for _ in range(steps):
        rates.append(f"{optimizer.param_groups[0]['lr']:.2f}")
        optimizer.step()
        if len(rates) < steps:
            schedule.step()
    print(steps, "steps:", *rates)
PY
seen <<'SEEN'
1 steps: 0.00
2 steps: 0.81 0.00
3 steps: 0.99 0.46 0.00
10 steps: 0.04 0.52 1.00 0.95 0.81 0.61 0.39 0.19 0.05 0.00
SEEN
