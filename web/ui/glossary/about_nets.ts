// Terms of what a network is made of.
import type { Entry } from "./entry.ts";

export const aboutNets: Record<string, Entry> = {
  neuron: {
    text: "Takes numbers in, multiplies each by a weight of its own, adds them all and a bias, and hands on the sum, mostly through a bend such as ReLU. Its name is grander than its work.",
    try: "Learn a wave with one neuron: it can rise or fall once, and no more",
    at: "./?lab=functions&net=dense+1,+tanh",
  },
  weight: {
    text: "A number that says how strongly one value counts in a neuron’s sum: one above 0 lets it raise the sum, one below 0 lets it lower it. Weights and biases are all that learning changes.",
    try: "See the weights of the first layer as pictures",
    at: "./#net-title",
  },
  bias: {
    text: "A number that a neuron adds to its sum, whatever comes in. It moves the place where the neuron begins to answer.",
    try: "Take the hidden layer away: what is left is one weight and one bias, a straight line",
    at: "./?lab=functions&net=",
  },
  layer: {
    text: "Neurons side by side, which all look at the same numbers. Layers stand one behind the other: what one gives is what the next one gets.",
    try: "A spiral needs two hidden layers: the second bends what the first has folded",
    at: "./?lab=functions&task=spiral",
  },
  "hidden layer": {
    text: "A layer between what goes in and what comes out. With it and a bend such as ReLU, a net can learn more than straight lines.",
    try: "Tell circles apart without one",
    at: "./?lab=functions&task=circles&net=",
  },
  activation: {
    text: "The number that a neuron gives for one input, after its bend (ReLU, tanh, sigmoid).",
    try: "Look inside while it learns: every cell is an activation",
    at: "./#inspector",
  },
  dense: {
    text: "A layer in which every neuron has a weight for every number that comes in. PyTorch calls it Linear.",
    try: "Learn with one wide dense layer of 512 neurons",
    at: "./?net=dense+512,+relu,+dense+classes",
  },
  convolution: {
    text: "A layer, conv for short, that slides small filters over a picture. A stroke is found by the same few weights, wherever it is.",
    try: "Learn with a convolutional net",
    at: "./?net=convnet",
  },
  filter: {
    text: "A small table of weights, 5 × 5 for example, that slides over a picture and says for each place how well it fits there.",
    try: "Learn with 24 filters, and watch them take shape below the layers",
    at: "./?net=convnet#net-title",
  },
  pooling: {
    text: "Makes a picture smaller: of each little square, only the largest number goes on, or the mean. Where exactly a stroke was no longer matters so much.",
    try: "Learn with one convolution and pooling",
    at: "./?net=conv+8+5x5,+pool+2,+relu,+dense+classes",
  },
  flatten: {
    text: "Lays the rows of a picture out as one long list, which is what a dense layer reads. Not one number changes.",
    try: "Put flatten first in the list, and see that the net stays the same",
    at: "./?net=flatten,+dense+128,+relu,+dense+classes#net-title",
  },
  reshape: {
    text: "Arranges the same numbers in another shape, such as 28 × 28 as 784. Flatten is a reshape.",
    try: "Open a step, and find the reshape among the layers",
    at: "./#open-step-about",
  },
  ReLU: {
    text: "Lets numbers above 0 through and makes all others 0. Without such a bend between them, many layers could do no more than one.",
    try: "Learn a wave with ReLU: the answer is made of straight pieces",
    at: "./?lab=functions&net=dense+16,+relu",
  },
  "dead ReLU": {
    text: "A ReLU that gives 0 for every picture. No gradient gets through, so its neuron no longer learns. Steps that are too long are the usual cause.",
    try: "Look inside while it learns: dead neurons are counted there",
    at: "./#inspector",
  },
  tanh: {
    text: "A bend that rises smoothly from −1 to 1: whatever comes in, what goes out lies between these.",
    try: "Learn a wave with eight tanh neurons, and look at each one alone",
    at: "./?lab=functions",
  },
  softmax: {
    text: "Turns scores into probabilities: each is above 0, together they are 100 %. A score that is larger by 1 gets about 2.7 times the share.",
    try: "Turn three scores into shares, and change one of them",
    at: "./?lab=autograd&f=sum(softmax(z)*y)&z=2,+1,+-1&y=1,+0,+0",
  },
  "named nets": {
    text: "mlp has one hidden layer. lenet is LeNet-5 of 1998. convnet has two convolutions. fast gets to 99 % soonest, best reads best. Each comes with settings that suit it.",
    try: "Take lenet, with its recommended settings",
    at: "./?net=lenet",
    also: "mlp, lenet, convnet, fast, best",
  },
  tensor: {
    text: "A block of numbers: a single one, a list, a table, a stack of tables. The engine keeps everything in tensors: pictures, weights, gradients.",
    try: "Compute with a table of two rows and a column",
    at: "./?lab=autograd&f=sum(matmul(W,x))&W=1,+2;+3,+4&x=1;+-1",
  },
  matmul: {
    text: "Multiplies two tables: each row of the first with each column of the second, number by number, added up. It gives all sums of a dense layer at once.",
    try: "Multiply a table with a column, and follow the gradient back",
    at: "./?lab=autograd&f=sum(matmul(W,x))&W=1,+2;+3,+4&x=1;+-1",
  },
  FLOP: {
    text: "One multiplication or one addition. A MFLOP is a million of them, a GFLOP a thousand million.",
    try: "Measure how many a second your processor does",
    at: "./bench.html",
    also: "MFLOP, GFLOP",
  },
};
