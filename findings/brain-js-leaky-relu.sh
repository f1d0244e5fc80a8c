#!/usr/bin/env bash
# brain.js: leaky ReLU of -1 is 0 and of 1 is 0.01
#
# Software: brain.js 1.6.1, with its leakyReluAlpha of 0.01.
# Guess: -0.01 and 1.
# Seen: the slope is on the wrong side; negative numbers give 0, positive ones a hundredth. The exported
#   function (toFunction) has it, too, while the training's gradient is that of the true leaky ReLU.
# It matters because each layer shrinks its numbers a hundred times: a net that learned XOR with "relu" in 170
#   iterations had not with "leaky-relu" in 5000, and weights taken to another library compute another function.
# Documented: the README links to the definition of the true one.
. "$(dirname "$0")/lib.sh"
packages brain.js@1.6.1
javascript <<'JS'
import brain from "brain.js";
for (const activation of ["relu", "leaky-relu"]) {
  const net = new brain.NeuralNetwork({ activation, hiddenLayers: [1] });
  net.train([{ input: [1], output: [1] }], { iterations: 1 });
  // Two layers of one unit, weight 1, bias 0: the activation of the activation.
  for (const layer of [1, 2]) [net.weights[layer][0][0], net.biases[layer][0]] = [1, 0];
  const layers = [-1, 1].map((v) => +net.run([v])[0].toPrecision(5));
  const exported = net.toFunction();
  console.log(`${activation} twice, of -1 and 1:`, layers, "exported", [-1, 1].map((v) => exported([v])[0]));
}
JS
seen <<'SEEN'
relu twice, of -1 and 1: [ 0, 1 ] exported [ 0, 1 ]
leaky-relu twice, of -1 and 1: [ 0, 0.0001 ] exported [ 0, 0.0001 ]
SEEN
