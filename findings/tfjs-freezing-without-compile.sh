#!/usr/bin/env bash
# TensorFlow.js: freezing a layer counts at once, unfreezing it only after compile()
#
# Software: @tensorflow/tfjs 4.22.0.
# Guess: a change of trainable counts at once (as requires_grad in PyTorch) or needs a compile() (Keras), in
#   both directions.
# Seen: false counts in the next step; true after a false does nothing until compile() is called, and neither
#   raises an error, although layer.trainable reads true.
# It matters for fine-tuning in two stages: the second stage trains what the first did, and looks like one that
#   has nothing more to learn.
# Documented: not in the type comments of trainable.
. "$(dirname "$0")/lib.sh"
packages @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
javascript <<'JS'
import { tf } from "./tfjs.mjs";
await tf.setBackend("cpu");
for (const start of [true, false]) {
  const dense = () => tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: "ones" });
  const net = tf.sequential({ layers: [dense(), dense()] });
  const compile = () => net.compile({ optimizer: tf.train.sgd(0.01), loss: "meanSquaredError" });
  const first = net.layers[0];
  const step = async () => {
    const before = first.getWeights()[0].dataSync()[0];
    await net.trainOnBatch(tf.ones([1, 1]), tf.tensor2d([[9]]));
    const moves = first.getWeights()[0].dataSync()[0] !== before;
    return `trainable ${first.trainable}, ${moves ? "moves" : "stays"}`;
  };
  first.trainable = start;
  compile();
  console.log("compiled:", await step());
  first.trainable = !start;
  console.log("changed:", await step());
  compile();
  console.log("compiled again:", await step());
}
JS
seen <<'SEEN'
compiled: trainable true, moves
changed: trainable false, stays
compiled again: trainable false, stays
compiled: trainable false, stays
changed: trainable true, stays
compiled again: trainable true, moves
SEEN
