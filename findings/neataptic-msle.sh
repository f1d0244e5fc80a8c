#!/usr/bin/env bash
# Neataptic: a "squared" logarithmic error that is negative
#
# Software: neataptic 1.4.7.
# Guess: MSLE is the mean of squared differences of logarithms, 0 for a perfect answer and never less.
# Seen: the differences are not squared: errors in the two directions cancel, and an answer that is too large
#   has a loss below that of a perfect one.
# It matters because evolution and training minimise it: the best net is the one that overshoots most.
# Documented: not in the package's page of cost functions, where the formula is left open.
. "$(dirname "$0")/lib.sh"
packages neataptic@1.4.7
javascript <<'JS'
import neataptic from "neataptic";
const { MSLE } = neataptic.methods.cost;
const sign = (v) => (v === 0 ? "zero" : v < 0 ? "negative" : "positive");
for (const [name, answer] of [["right", 1], ["too small", 0.5], ["too large", 2]])
  console.log(name, sign(MSLE([1], [answer])));
JS
seen <<'SEEN'
right zero
too small positive
too large negative
SEEN
