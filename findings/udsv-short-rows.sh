#!/usr/bin/env bash
# uDSV: a row that is too short takes the next line into itself
#
# Software: udsv 0.7.3.
# Guess: a missing last cell is null or an error; the next row is not touched.
# Seen: the two lines become one row, with a line break inside its first cell (a NaN when read as a number),
#   and no error is raised.
# It matters for CSV written by hand or joined: one missing comma silently costs two samples.
# Documented: the README asks for well-formed text; what becomes of other text is not said.
. "$(dirname "$0")/lib.sh"
packages udsv@0.7.3
javascript <<'JS'
import { inferSchema, initParser } from "udsv";
for (const text of ["a,b\n1,2\n3,4\n5,6\n7,8\n", "a,b\n1,2\n3\n5,6\n7,8\n"])
  console.log(JSON.stringify(initParser(inferSchema(text)).stringArrs(text)));
JS
seen <<'SEEN'
[["1","2"],["3","4"],["5","6"],["7","8"]]
[["1","2"],["3\n5","6"],["7","8"]]
SEEN
