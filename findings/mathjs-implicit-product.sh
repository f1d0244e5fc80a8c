#!/usr/bin/env bash
# math.js: putting a number in the place of a variable changes the value
#
# Software: mathjs 15.2.0.
# Guess: with x = 4, "x/2x" and "4/2x" are the same: a half, or eight.
# Seen: x/2x is x/(2x) = 0.5, 4/2x is (4/2)x = 8: a fraction of two numerals binds closer than an unwritten
#   product, any other division less close.
# It matters for formulas that people type, and for programs that fill in constants before they hand a text
#   to math.js. In lanegrad's functions lab an unwritten product is a written one: both are 8.
# Documented: discussed in its repository (discussion 2951).
. "$(dirname "$0")/lib.sh"
packages mathjs@15.2.0
javascript <<'JS'
import { evaluate } from "mathjs";
for (const text of ["x/2x", "4/2x", "4/2*x"]) console.log(text, "=", evaluate(text, { x: 4 }));
JS
seen <<'SEEN'
x/2x = 0.5
4/2x = 8
4/2*x = 8
SEEN
