#!/usr/bin/env bash
# seedrandom: the seeds 1 and "1" are two seeds, except for its own alea
#
# Software: seedrandom 3.0.5.
# Guess: the same sequence, since every seed becomes text or number first.
# Seen: seedrandom(1) and seedrandom("1") differ; seedrandom.alea(1) and alea("1") do not.
# It matters for pages that take the seed from their address: a seed typed there is text, and the run of the
#   notebook that wrote 1 is not repeated. lanegrad's links turn the text into a number.
# Documented: not in the package's README.
. "$(dirname "$0")/lib.sh"
packages seedrandom@3.0.5
javascript <<'JS'
import seedrandom from "seedrandom";
const same = (generator) => generator(1)() === generator("1")();
console.log("the same: seedrandom", same(seedrandom), "alea", same(seedrandom.alea));
JS
seen <<'SEEN'
the same: seedrandom false alea true
SEEN
