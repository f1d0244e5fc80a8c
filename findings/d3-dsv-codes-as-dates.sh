#!/usr/bin/env bash
# d3-dsv: part numbers become dates, one by one
#
# Software: d3-dsv 3.0.2, autoType.
# Guess: 5551-12 and 1234-56 are texts; if a column holds dates, all of its cells are dates.
# Seen: what looks like YYYY-MM becomes a Date, in the year 5551 too; 1234-56 becomes an invalid Date, whose
#   number is NaN; 5551-1 stays text. Every cell is decided alone.
# It matters for labels that are codes: classes of one column are texts, dates and invalid dates. Decide a
#   column's type from the whole column.
# Documented: the forms are listed, that invalid dates come out is not.
. "$(dirname "$0")/lib.sh"
packages d3-dsv@3.0.2
javascript <<'JS'
import { autoType, csvParse } from "d3-dsv";
for (const { code } of csvParse("code\n5551-12\n1234-56\n5551-1\n", autoType))
  console.log(typeof code === "object" ? `Date ${code.getTime()}` : `${typeof code} ${code}`);
JS
seen <<'SEEN'
Date 113034268800000
Date NaN
string 5551-1
SEEN
