#!/usr/bin/env bash
# js-pytorch: ReLU of -1 is -0.001
#
# Software: js-pytorch 0.7.2.
# Guess: 0. The package's own comment says "Returns z if z>0 else 0".
# Seen: a leaky ReLU of slope 0.001, in the gradient too.
# It matters for weights that are taken elsewhere: the answers differ by a thousandth of every negative sum,
#   and no unit is ever off. Rebuild such a net with a leaky ReLU of 0.001.
# Documented: the opposite.
. "$(dirname "$0")/lib.sh"
packages js-pytorch@0.7.2
javascript <<'JS'
import { torch } from "js-pytorch";
const x = torch.tensor([-1000, -1, 0, 1], true);
const y = new torch.nn.ReLU().forward(x);
y.sum().backward();
console.log("relu", y.data, "gradient", x.grad);
JS
seen <<'SEEN'
relu [ -1, -0.001, 0, 1 ] gradient [ 0.001, 0.001, 0.001, 1 ]
SEEN
