#!/usr/bin/env bash
# TensorFlow.js: a data set told not to reshuffle has another order in each epoch
#
# Software: @tensorflow/tfjs 4.22.0 (tf.data).
# Guess: shuffle(size, seed, false) gives one order, the same in every epoch.
# Seen: the order changes from epoch to epoch as it does with true.
# It matters for splits made by take() and skip() on one shuffled data set, the way of TensorFlow's guides:
#   the parts are drawn anew, so samples of the test part are trained on.
# Documented: the opposite; the type comments promise "the same shuffled order on each iteration".
. "$(dirname "$0")/lib.sh"
packages @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
javascript <<'JS'
import { tf } from "./tfjs.mjs";
const shuffled = tf.data.array([...Array(100).keys()]).shuffle(100, "seed", false);
const first = await shuffled.toArray();
const second = await shuffled.toArray();
console.log("same order again:", first.join() === second.join());
const test = await shuffled.take(20).toArray();
const train = await shuffled.skip(20).toArray();
console.log("test samples that are trained on:", test.some((i) => train.includes(i)) ? "some" : "none");
JS
seen <<'SEEN'
same order again: false
test samples that are trained on: some
SEEN
