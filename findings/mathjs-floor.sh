#!/usr/bin/env bash
# math.js: floor(2 - 1e-13) is 2, and its remainder by 1 is negative
#
# Software: mathjs 15.2.0.
# Guess: floor is Math.floor, and mod(x, 1) lies in [0, 1).
# Seen: comparisons and roundings treat numbers that agree in twelve digits as equal: floor gives 2, ceil of
#   1 + 1e-13 gives 1, max(1, 1 + 1e-13) gives 1, and mod(2 - 1e-13, 1) is -1e-13.
# It matters for what is indexed by such numbers (bins of a histogram, a place in a table of samples): the
#   index can be one too high or below 0.
# Documented: the tolerance relTol is an option of the configuration; the comments of floor do not name it.
. "$(dirname "$0")/lib.sh"
packages mathjs@15.2.0
javascript <<'JS'
import { ceil, floor, max, mod } from "mathjs";
console.log("floor", floor(2 - 1e-13), Math.floor(2 - 1e-13), "ceil", ceil(1 + 1e-13));
console.log("max above 1:", max(1, 1 + 1e-13) > 1, "mod in [0, 1):", mod(2 - 1e-13, 1) >= 0);
JS
seen <<'SEEN'
floor 2 1 ceil 1
max above 1: false mod in [0, 1): false
SEEN
