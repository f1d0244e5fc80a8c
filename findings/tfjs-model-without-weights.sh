#!/usr/bin/env bash
# TensorFlow.js: a model file that lacks one weight is refused, one that lacks all is loaded with random ones
#
# Software: @tensorflow/tfjs 4.22.0.
# Guess: loadLayersModel is strict unless told otherwise ("weights exactly match those required"), so a
#   model.json without weightsManifest is an error, too.
# Seen: it loads without a word, and answers differ from load to load. With an empty list of weights it is
#   refused.
# It matters for pages that load a net for its answers: a model.json that was saved or packed as topology alone
#   gives a page that works and guesses.
# Documented: strict is, in the type comments of loadLayersModel, without this exception.
. "$(dirname "$0")/lib.sh"
packages @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
javascript <<'JS'
import { createServer } from "node:http";
import { tf } from "./tfjs.mjs";
await tf.setBackend("cpu");
const dense = { name: "d", units: 1, batch_input_shape: [null, 1] };
const modelTopology = {
  class_name: "Sequential",
  config: { name: "net", layers: [{ class_name: "Dense", config: dense }] },
};
const kernel = { name: "d/kernel", shape: [1, 1], dtype: "float32" };
const files = {
  "no bias": [{ paths: ["weights"], weights: [kernel] }],
  "an empty manifest": [],
  "no manifest": undefined,
};
let weightsManifest;
const server = createServer((request, response) => {
  const model = request.url === "/model.json";
  response.setHeader("content-type", model ? "application/json" : "application/octet-stream");
  const weights = Buffer.from(Float32Array.of(2).buffer);
  response.end(model ? JSON.stringify({ modelTopology, weightsManifest }) : weights);
}).listen(0);
const url = `http://localhost:${server.address().port}/model.json`;
const load = async () => {
  const net = await tf.loadLayersModel(url);
  return net.predict(tf.ones([1, 1])).dataSync()[0];
};
for (const [name, manifest] of Object.entries(files)) {
  weightsManifest = manifest;
  const answers = await Promise.all([load(), load()]).catch((error) => error);
  console.log(`${name}:`, answers.message ?? (answers[0] === answers[1] ? "one answer" : "two answers"));
}
server.close();
JS
seen <<'SEEN'
no bias: 1 of 2 weights are not set: d/bias
an empty manifest: 2 of 2 weights are not set: d/kernel,d/bias
no manifest: two answers
SEEN
