#!/usr/bin/env bash
# ml-random-forest: maxSamples takes the first rows of the data, not random ones
#
# Software: ml-random-forest 2.1.0 with ml-matrix 6.15.1.
# Guess: each tree draws that many samples from all rows, as max_samples does in scikit-learn.
# Seen: all rows after the first maxSamples are thrown away before any tree draws. With three classes that lie
#   one after the other and half of the samples, no tree ever sees the last class.
# It matters because tables are often sorted by class (the Iris data are): a setting that should save time takes
#   classes away without a word. Shuffle the rows first.
# Documented: not; its comment speaks of drawing samples.
. "$(dirname "$0")/lib.sh"
packages ml-random-forest@2.1.0 ml-matrix@6.15.1
javascript <<'JS'
import forests from "ml-random-forest";
const x = Array.from({ length: 30 }, (_, i) => [i]);
const y = x.map((_, i) => Math.floor(i / 10));
for (const maxSamples of [undefined, 0.5]) {
  const forest = new forests.RandomForestClassifier({ nEstimators: 25, seed: 1, noOOB: true, maxSamples });
  forest.train(x, y);
  console.log(`maxSamples ${maxSamples}: 5, 15 and 25 are of class`, forest.predict([[5], [15], [25]]));
}
JS
seen <<'SEEN'
maxSamples undefined: 5, 15 and 25 are of class [ 0, 1, 2 ]
maxSamples 0.5: 5, 15 and 25 are of class [ 0, 1, 1 ]
SEEN
