#!/usr/bin/env bash
# ml-naivebayes: one constant column and every prediction is class -1
#
# Software: ml-naivebayes 4.0.0 with ml-matrix 6.15.1.
# Guess: a column that never changes is ignored, or its variance gets a small addition as in scikit-learn.
# Seen: a variance of 0 makes every class's probability NaN, and the answer is -1, which is no class.
# It matters for pictures: MNIST has 67 pixels that are always 0. No error, accuracy 0.
# Documented: not in the package's README.
. "$(dirname "$0")/lib.sh"
packages ml-naivebayes@4.0.0 ml-matrix@6.15.1
javascript <<'JS'
import { Matrix } from "ml-matrix";
import { GaussianNB } from "ml-naivebayes";
for (const constant of [false, true]) {
  const rows = [1, 2, 8, 9].map((v, i) => [constant ? 0 : i / 10, v]);
  const model = new GaussianNB();
  model.train(new Matrix(rows), [0, 0, 1, 1]);
  console.log(constant ? "with a constant column" : "without", Array.from(model.predict(new Matrix(rows))));
}
JS
seen <<'SEEN'
without [ 0, 0, 1, 1 ]
with a constant column [ -1, -1, -1, -1 ]
SEEN
