#!/usr/bin/env bash
# ConvNetJS: dropout of a quarter scales the answers by a quarter
#
# Software: convnetjs 0.3.0.
# Guess: drop_prob 0.25 keeps three quarters, so at prediction the values are multiplied by 0.75 (training
#   leaves them as they are).
# Seen: they are multiplied by drop_prob itself, 0.25. Only 0.5, the default, is right.
# It matters for every other rate: with 0.2 the next layer sees a quarter of what it was trained on.
# Documented: no; a comment in the source says only that prediction scales the activations.
. "$(dirname "$0")/lib.sh"
packages convnetjs@0.3.0
javascript <<'JS'
import convnetjs from "convnetjs";
for (const drop_prob of [0.25, 0.5]) {
  const layer = new convnetjs.DropoutLayer({ in_sx: 1, in_sy: 1, in_depth: 40000, drop_prob });
  const ones = new convnetjs.Vol(1, 1, 40000, 1);
  const mean = (training) => layer.forward(ones, training).w.reduce((a, b) => a + b) / 40000;
  console.log(drop_prob, "training", Math.round(mean(true) * 20) / 20, "prediction", mean(false).toFixed(2));
}
JS
seen <<'SEEN'
0.25 training 0.75 prediction 0.25
0.5 training 0.5 prediction 0.50
SEEN
