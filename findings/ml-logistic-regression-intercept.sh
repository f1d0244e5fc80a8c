#!/usr/bin/env bash
# ml-logistic-regression has no intercept
#
# Software: ml-logistic-regression 2.0.0 with ml-matrix 6.15.1.
# Guess: it separates two numbers below 0 from two above, and likewise when all are moved by twelve.
# Seen: every boundary goes through the origin: all four moved ones are of one class, however long it trains.
# It matters for a baseline beside a net on data that are not centred. Add a column of ones, or normalize.
# Documented: not in the package's README.
. "$(dirname "$0")/lib.sh"
packages ml-logistic-regression@2.0.0 ml-matrix@6.15.1
javascript <<'JS'
import { Matrix } from "ml-matrix";
import LogisticRegression from "ml-logistic-regression";
for (const base of [-2, 10]) {
  const x = new Matrix([0, 1, 2, 3].map((v) => [base + v + 0.5]));
  const model = new LogisticRegression({ numSteps: 20000, learningRate: 0.01 });
  model.train(x, Matrix.columnVector([0, 0, 1, 1]));
  const classes = new Set(model.predict(x)).size;
  console.log("from", base + 0.5, "on:", classes === 2 ? "separated" : "all in one class");
}
JS
seen <<'SEEN'
from -1.5 on: separated
from 10.5 on: all in one class
SEEN
