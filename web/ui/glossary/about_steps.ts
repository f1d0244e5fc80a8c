// Terms of the rules by which a step is made.
import type { Entry } from "./entry.ts";

export const aboutSteps: Record<string, Entry> = {
  optimizer: {
    text: "The rule that makes steps of gradients: SGD goes straight against them, Adam and AdamW choose each weight’s stride by how its gradients have been.",
    try: "Learn the same wave with SGD",
    at: "./?lab=functions&optimizer=sgd",
  },
  SGD: {
    text: "Stochastic gradient descent: every weight moves against its gradient times the learning rate. Stochastic, since each batch is drawn by chance.",
    try: "Set Optimizer to SGD, with a learning rate of 0.1",
    at: "./?optimizer=sgd&lr=0.1",
  },
  Adam: {
    text: "An optimizer that divides each weight’s mean gradient by the usual size of it. So all weights take strides of about the learning rate, whether their gradients are large or small.",
    try: "Set Optimizer to Adam, with a learning rate of 0.001",
    at: "./?optimizer=adam&lr=0.001",
  },
  AdamW: {
    text: "Adam with a weight decay that acts on the weights themselves and not through their gradients.",
    try: "Set Optimizer to AdamW, with no weight decay: then it is Adam",
    at: "./?optimizer=adamw&weight-decay=0",
  },
  momentum: {
    text: "Lets each step go on in the direction of those before, like a ball that rolls: it gets faster down a long slope, and zigzags cancel out.",
    try: "Set Optimizer to SGD, with a momentum of 0.9",
    at: "./?optimizer=sgd&lr=0.05&momentum=0.9",
  },
  Nesterov: {
    text: "Momentum that looks ahead: it uses the gradient as if the momentum had acted once more. It brakes a little earlier.",
    try: "Set Optimizer to SGD, with Nesterov’s momentum",
    at: "./?optimizer=sgd&lr=0.05&momentum=0.9&nesterov=true",
  },
  moments: {
    text: "What Adam keeps for each weight: m, a moving mean of its gradients, and v, a moving mean of their squares.",
    try: "Open a step of Adam: m and v are worked out line by line",
    at: "./#open-step-about",
  },
};
