#!/usr/bin/env bash
# Neataptic: the cross-entropy of a perfect answer is NaN
#
# Software: neataptic 1.4.7.
# Guess: 0; for a wrong answer that is certain, something large.
# Seen: NaN, from 0 × log 0: for a target of 1 answered with exactly 1, or 0 with 0.
# It matters for nets that learn their data well: the sigmoid reaches exactly 1 at 37, and training stops with
#   an error of NaN at the moment it has succeeded.
# Documented: not in the package's page of cost functions, which links to the formula.
. "$(dirname "$0")/lib.sh"
packages neataptic@1.4.7
javascript <<'JS'
import neataptic from "neataptic";
const { CROSS_ENTROPY, MSE } = neataptic.methods.cost;
console.log("perfect:", CROSS_ENTROPY([1, 0], [1, 0]), "nearly:", CROSS_ENTROPY([1, 0], [0.5, 0.5]).toFixed(3));
console.log("MSE perfect:", MSE([1, 0], [1, 0]), "sigmoid of 37:", neataptic.methods.activation.LOGISTIC(37));
JS
seen <<'SEEN'
perfect: NaN nearly: 0.693
MSE perfect: 0 sigmoid of 37: 1
SEEN
