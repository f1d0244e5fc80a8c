#!/usr/bin/env bash
# js-pytorch: a column plus a row of two is a column
#
# Software: js-pytorch 0.7.2.
# Guess: shapes [2, 1] and [2] broadcast to [2, 2], as in PyTorch and numpy.
# Seen: [2, 1]: the row is laid along the first axis, so that its second value meets the second row.
# It matters where code is carried over from PyTorch: predictions [n, 1] against targets [n] give the intended
#   loss here and the famous n × n one there, so the same program trains in one and not in the other.
# Documented: not in the package's README.
. "$(dirname "$0")/lib.sh"
packages js-pytorch@0.7.2
javascript <<'JS'
import { torch } from "js-pytorch";
const sum = torch.tensor([[1], [2]]).add(torch.tensor([10, 20]));
console.log("shape", sum.shape, "values", JSON.stringify(sum.data));
JS
seen <<'SEEN'
shape [ 2, 1 ] values [[11],[22]]
SEEN
