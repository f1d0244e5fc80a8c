#!/usr/bin/env bash
# js-pytorch: Adam's steps grow although the gradient stays the same
#
# Software: js-pytorch 0.7.2.
# Guess: with a constant gradient each step of Adam is the learning rate, 0.1 here: that is what the
#   correction of its averages is for.
# Seen: 0.1, 0.135, 0.157 and on, twice the rate at step 10, and slowly back: the averages are divided by
#   1 - β in every step, where 1 - β^t belongs.
# It matters for learning rates carried over: the first hundred steps are longer than what is asked for.
# Documented: not in the package's README.
. "$(dirname "$0")/lib.sh"
packages js-pytorch@0.7.2
javascript <<'JS'
import { torch } from "js-pytorch";
const weight = new torch.Parameter([[0]]);
const adam = new torch.optim.Adam([weight], 0.1, 0);
const steps = [];
for (let before = 0, t = 1; t <= 300; t++, before = weight.data[0][0]) {
  weight.mul(torch.tensor([[1]])).sum().backward();
  adam.step();
  adam.zero_grad();
  if (t <= 3 || t === 10 || t === 20 || t === 300) steps.push((before - weight.data[0][0]).toFixed(3));
}
console.log("steps 1, 2, 3, 10, 20 and 300:", ...steps);
JS
seen <<'SEEN'
steps 1, 2, 3, 10, 20 and 300: 0.100 0.135 0.157 0.211 0.206 0.103
SEEN
