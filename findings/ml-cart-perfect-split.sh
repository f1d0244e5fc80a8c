#!/usr/bin/env bash
# ml-cart: a regression tree refuses the one split that would be perfect
#
# Software: ml-cart 2.1.1 with ml-matrix 6.15.1.
# Guess: the cleaner a split, the surer it is taken; a column that separates 0 from 1 gives answers of 0 and 1.
# Seen: a split is taken only if the squared error that it leaves is above 0, so the perfect one is left out and
#   every answer is the mean, 0.5. With one target of 1.1 instead of 1 the same split is taken.
# It matters for a baseline beside a net: on clean or made-up data the tree looks as if it had learned nothing;
#   the regression forests of ml-random-forest are made of such trees.
# Documented: not in the package's README.
. "$(dirname "$0")/lib.sh"
packages ml-cart@2.1.1 ml-matrix@6.15.1
javascript <<'JS'
import { DecisionTreeRegression } from "ml-cart";
const x = [1, 2, 3, 4, 5, 6, 7, 8];
for (const last of [1, 1.1]) {
  const y = [0, 0, 0, 0, 1, 1, 1, last];
  const tree = new DecisionTreeRegression();
  tree.train(x, y);
  console.log(`targets ${y.join(" ")}, answers ${tree.predict(x).map((v) => +v.toFixed(3)).join(" ")}`);
}
JS
seen <<'SEEN'
targets 0 0 0 0 1 1 1 1, answers 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5
targets 0 0 0 0 1 1 1 1.1, answers 0 0 0 0 1.025 1.025 1.025 1.025
SEEN
