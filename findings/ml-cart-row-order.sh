#!/usr/bin/env bash
# ml-cart: whether a classification tree finds a split on a column of zeros and ones depends on the rows' order
#
# Software: ml-cart 2.1.1 with ml-matrix 6.15.1.
# Guess: a tree's splits depend on the samples, not on their order; a column of zeros and ones has one split.
# Seen: a place to split is looked for only between sorted neighbours of different classes. If the last 0 happens
#   to have the class of the first 1, the only split is never tried and the tree is one leaf; with the same rows
#   in another order it is found.
# It matters for black-and-white pixels, one-hot columns and other columns of few values: shuffling the rows
#   changes the baseline from 7 right of 8 to 5 of 8, without any random number in the tree.
# Documented: not in the package's README.
. "$(dirname "$0")/lib.sh"
packages ml-cart@2.1.1 ml-matrix@6.15.1
javascript <<'JS'
import { DecisionTreeClassifier } from "ml-cart";
const x = [[0], [0], [0], [0], [1], [1], [1], [1]];
for (const classes of [[1, 0, 0, 0], [0, 0, 0, 1]]) {
  const y = [...classes, 1, 1, 1, 1];
  const tree = new DecisionTreeClassifier({});
  tree.train(x, y);
  const answers = Array.from(tree.predict(x));
  const right = answers.filter((c, i) => c === y[i]).length;
  console.log(`classes ${y.join(" ")}, answers ${answers.join(" ")}, right ${right}`);
}
JS
seen <<'SEEN'
classes 1 0 0 0 1 1 1 1, answers 0 0 0 0 1 1 1 1, right 7
classes 0 0 0 1 1 1 1 1, answers 1 1 1 1 1 1 1 1, right 5
SEEN
