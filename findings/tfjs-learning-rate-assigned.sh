#!/usr/bin/env bash
# TensorFlow.js: setting an optimizer's learningRate works for Adam and does nothing for SGD
#
# Software: @tensorflow/tfjs 4.22.0.
# Guess: optimizer.learningRate = 0 stops a training, whichever the optimizer, as in Keras; or it cannot be set.
# Seen: SGD and momentum go on with the old rate, which they keep in a tensor beside it, while learningRate
#   reads 0; Adam, RMSProp, Adagrad, Adamax and Adadelta stop. SGD and momentum have setLearningRate instead,
#   the others have not.
# It matters for schedules of one's own: a callback that lowers the rate works until the optimizer is changed
#   to SGD, and its log shows the rate that is not used.
# Documented: the types call learningRate protected; setLearningRate stands in SGD's alone.
. "$(dirname "$0")/lib.sh"
packages @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
javascript <<'JS'
import { tf } from "./tfjs.mjs";
await tf.setBackend("cpu");
for (const name of ["sgd", "momentum", "adam", "rmsprop", "adagrad", "adamax", "adadelta"]) {
  const optimizer = tf.train[name](0.1, ...(name === "momentum" ? [0.9] : []));
  const net = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
  net.compile({ optimizer, loss: "meanSquaredError" });
  const before = net.getWeights()[0].dataSync()[0];
  net.optimizer.learningRate = 0;
  await net.trainOnBatch(tf.ones([1, 1]), tf.tensor2d([[9]]));
  const moved = net.getWeights()[0].dataSync()[0] !== before;
  console.log(`${name}: rate ${net.optimizer.learningRate}, weight ${moved ? "moves" : "stays"},`,
    `setLearningRate ${optimizer.setLearningRate ? "yes" : "no"}`);
}
JS
seen <<'SEEN'
sgd: rate 0, weight moves, setLearningRate yes
momentum: rate 0, weight moves, setLearningRate yes
adam: rate 0, weight stays, setLearningRate no
rmsprop: rate 0, weight stays, setLearningRate no
adagrad: rate 0, weight stays, setLearningRate no
adamax: rate 0, weight stays, setLearningRate no
adadelta: rate 0, weight stays, setLearningRate no
SEEN
