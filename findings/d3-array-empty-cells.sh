#!/usr/bin/env bash
# d3-array: an empty cell counts as 0 in a mean, null does not
#
# Software: d3-array 3.2.5.
# Guess: missing values are ignored, in whichever way they are missing.
# Seen: null, undefined, NaN and "x" are left out; the empty text, which is how a gap looks in parsed CSV, is
#   the number 0.
# It matters for means and deviations used to normalize columns read from CSV: gaps pull them towards 0.
# Documented: not in the package's README; its own tests name null, undefined and NaN.
. "$(dirname "$0")/lib.sh"
packages d3-array@3.2.5
javascript <<'JS'
import { mean } from "d3-array";
for (const gap of [null, NaN, "x", ""]) {
  console.log(`gap ${gap === "" ? "''" : gap}: mean`, mean(["10", gap, "20"]));
}
JS
seen <<'SEEN'
gap null: mean 15
gap NaN: mean 15
gap x: mean 15
gap '': mean 10
SEEN
