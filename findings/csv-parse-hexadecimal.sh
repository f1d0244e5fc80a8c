#!/usr/bin/env bash
# csv-parse: the cell 0x10 is cast to 0
#
# Software: csv-parse 7.0.3, option cast.
# Guess: 16, as JavaScript's Number and d3-dsv read it, or the text.
# Seen: 0: the cell is judged to be a number as a whole, and then read by parseFloat, which stops at the x.
#   0b11 is 0 too.
# It matters for identifiers, colours and hashes used as labels: all of them are class 0.
# Documented: not in the package's README or type comments.
. "$(dirname "$0")/lib.sh"
packages csv-parse@7.0.3
javascript <<'JS'
import { parse } from "csv-parse/sync";
console.log(parse("0x10,0xff,0b11,1e3,0xzz\n", { cast: true })[0]);
JS
seen <<'SEEN'
[ 0, 0, 0, 1000, '0xzz' ]
SEEN
