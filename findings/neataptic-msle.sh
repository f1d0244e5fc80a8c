#!/usr/bin/env bash
# Neataptic: a "squared" logarithmic error that is negative
#
# Software: neataptic 1.4.7.
# Guess: MSLE is the mean of squared differences of logarithms, 0 for a perfect answer and never less.
# Seen: the differences are not squared: errors in the two directions cancel, and an answer that is too large
#   has a loss below that of a perfect one.
# It matters because evolution and training minimise it: the best net is the one that overshoots most.
# Documented: named mean squared logarithmic error.
. "$(dirname "$0")/lib.sh"
packages neataptic@1.4.7
javascript <<'JS'
import neataptic from "neataptic";
const { MSLE } = neataptic.methods.cost;
const sign = (v) => (v === 0 ? "zero" : v < 0 ? "negative" : "positive");
console.log("right", sign(MSLE([1], [1])), "too small", sign(MSLE([1], [0.5])), "too large", sign(MSLE([1], [2])));
JS
seen <<'SEEN'
right zero too small positive too large negative
SEEN
