#!/usr/bin/env bash
# ConvNetJS: the regression loss is four times the one whose gradient it takes
#
# Software: convnetjs 0.3.0.
# Guess: the loss (p - y)² / 2 goes with the gradient p - y, or (p - y)² with 2 (p - y).
# Seen: the gradient is p - y and the loss reported is 2 (p - y)².
# It matters for loss curves set side by side (lanegrad reports half the squared error, PyTorch the squared
#   one) and for a gradient check, which fails by a factor of four.
# Documented: not in the package.
. "$(dirname "$0")/lib.sh"
packages convnetjs@0.3.0
javascript <<'JS'
import convnetjs from "convnetjs";
const layer = new convnetjs.RegressionLayer({ in_sx: 1, in_sy: 1, in_depth: 1 });
const loss = (p) => {
  const prediction = new convnetjs.Vol([p]);
  layer.forward(prediction, true);
  return [layer.backward([1]), prediction.dw[0]];
};
const [value, gradient] = loss(3);
console.log("loss", value, "gradient", gradient, "slope of the loss", (loss(3.5)[0] - loss(2.5)[0]) / 1);
JS
seen <<'SEEN'
loss 8 gradient 2 slope of the loss 8
SEEN
