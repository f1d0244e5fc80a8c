#!/usr/bin/env bash
# Papa Parse: a short file with semicolons has one column, or is cut at the decimal comma
#
# Software: papaparse 5.7.1.
# Guess: the delimiter is found for "a;b" files as spreadsheets of half of Europe write them.
# Seen: with two columns, few rows and a newline at the end it is not found: the comma is taken and 1,5;2 is
#   cut into "1" and "5;2". Without the last newline, or with skipEmptyLines, the same file is read right.
# It matters for small tables of one's own, the first thing a learner opens. Try delimiters on the header.
# Documented: an error UndetectableDelimiter stands beside the rows; the last newline's part was not found.
. "$(dirname "$0")/lib.sh"
packages papaparse@5.7.1
javascript <<'JS'
import Papa from "papaparse";
const text = "x;y\n1,5;2\n3,5;4\n";
const first = (csv, options) => JSON.stringify(Papa.parse(csv, { header: true, ...options }).data[0]);
console.log("as it is:", first(text));
console.log("without the last newline:", first(text.trimEnd()));
console.log("skipEmptyLines:", first(text, { skipEmptyLines: true }));
JS
seen <<'SEEN'
as it is: {"x;y":"1","__parsed_extra":["5;2"]}
without the last newline: {"x":"1,5","y":"2"}
skipEmptyLines: {"x":"1,5","y":"2"}
SEEN
