#!/usr/bin/env bash
# ml-random-forest: the probability of a class on which all trees agree is not 1
#
# Software: ml-random-forest 2.1.0 with ml-matrix 6.15.1.
# Guess: predictProbability is the share of the trees that vote for the class, from 0 to 1, and sums to 1.
# Seen: the first tree's vote is not counted as a vote; its class number is added as millionths instead. Of ten
#   trees that agree on class 2 the probability is 0.900002, of one tree 0.000002.
# It matters for thresholds and for log-losses beside a net's: small forests look unsure, and 0.5 of two trees
#   that agree is a tie.
# Documented: not in the package's README.
. "$(dirname "$0")/lib.sh"
packages ml-random-forest@2.1.0 ml-matrix@6.15.1
javascript <<'JS'
import forests from "ml-random-forest";
const x = Array.from({ length: 30 }, (_, i) => [i]);
const y = x.map((_, i) => Math.floor(i / 10));
for (const nEstimators of [10, 2, 1]) {
  const forest = new forests.RandomForestClassifier({ nEstimators, seed: 1, noOOB: true });
  forest.train(x, y);
  const votes = Array.from(forest.predictionValues([[27]]).getRow(0));
  console.log(`votes ${votes.join(" ")}: probability of class 2`, forest.predictProbability([[27]], 2)[0]);
}
JS
seen <<'SEEN'
votes 2 2 2 2 2 2 2 2 2 2: probability of class 2 0.900002
votes 2 2: probability of class 2 0.500002
votes 2: probability of class 2 0.000002
SEEN
