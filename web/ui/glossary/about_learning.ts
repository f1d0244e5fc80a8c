// Terms of what learning is, and of the settings for it.
import type { Entry } from "./entry.ts";

export const aboutLearning: Record<string, Entry> = {
  loss: {
    text: "One number for how wrong the answers are, and how sure it was of them. Learning does nothing but make it smaller.",
    try: "Press Start and watch it fall",
    at: "./#loss-figure",
  },
  "cross-entropy": {
    text: "The loss where there are classes: minus the logarithm of the probability that the right one got. Sure and right costs nearly nothing, sure and wrong a lot.",
    try: "Change the scores, and see what a sure mistake costs",
    at: "./?lab=autograd&f=cross_entropy(z,+0)&z=-3,+2,+1",
  },
  gradient: {
    text: "Says of a number how fast the result grows with it: 8 means that the result moves 8 times as far. Learning moves each weight against its gradient, so that the loss falls.",
    try: "The gradient of a × a is 2 a: check it at other values",
    at: "./?lab=autograd&f=a*a&a=3",
  },
  backpropagation: {
    text: "Finds the gradients of all weights in one go, the backward pass: from the loss back through every operation, multiplying along each path and adding where paths meet.",
    try: "Walk through a formula, forward and then backward",
    at: "./?lab=autograd&at=0",
    also: "backward pass",
  },
  "learning rate": {
    text: "How far each step goes. Too small, and learning crawls; too large, and each step overshoots.",
    try: "Set the learning rate to 0.3 instead of 0.006, and press Start",
    at: "./?lr=0.3",
  },
  schedule: {
    text: "How the learning rate changes over a run. Long steps at first, to get near; short ones at the end, to settle.",
    try: "Set Schedule to step: the rate falls at set times",
    at: "./?schedule=step",
  },
  cosine: {
    text: "A schedule that follows half a wave: the rate falls slowly, then faster, and slowly again as it nears 0.",
    try: "Set Schedule to cosine",
    at: "./?schedule=cosine",
  },
  "one-cycle": {
    text: "A schedule that first climbs to the rate that is set and then falls to almost 0. Much is learned in few epochs that way.",
    try: "See it drawn below Schedule",
    at: "./#schedule",
  },
  "warm-up": {
    text: "The part of a one-cycle run in which the rate still climbs: small steps first, while the weights are random and gradients point anywhere.",
    try: "Set the warm-up to a tenth of the run",
    at: "./?schedule=one-cycle&warm-up=0.1",
  },
  step: {
    text: "One change of all weights, made after a look at one batch.",
    try: "Press One step, and see the step count go up by 1",
    at: "./#run-title",
  },
  batch: {
    text: "The pictures that it looks at for one step. A large batch points more surely downhill; with small ones there are more steps in an epoch.",
    try: "Set the batch size to 5,000: an epoch then has 11 steps",
    at: "./?batch=5000",
  },
  epoch: {
    text: "One round through everything it learns from. 55,000 digits in batches of 100 make 550 steps an epoch.",
    try: "Let it learn for a single epoch: it is enough for most of the way",
    at: "./?epochs=1",
  },
  seed: {
    text: "The number that all chance of a run comes from: the first weights, the order of the pictures, their distortions. The same seed repeats the run.",
    try: "Set another seed, and see how much is chance",
    at: "./?seed=2",
  },
  overfitting: {
    text: "It memorises what it learns from, oddities included. The training loss goes on falling, and on anything new it gets no better, or worse.",
    try: "Give many neurons a few noisy points, and watch the held-out loss",
    at: "./?lab=functions&samples=12&noise=0.3&net=dense+64,+tanh,+dense+64,+tanh&batch=12&lr=0.005&pace=0",
    also: "memorising",
  },
  dropout: {
    text: "Switches a share of the neurons off at each step, other ones each time. None can be relied on alone, so less is memorised.",
    try: "Learn with half of the neurons off",
    at: "./?net=dense+128,+relu,+dropout+0.5,+dense+classes",
  },
  "label smoothing": {
    text: "Asks for a little less than 100 % for the right class: 91 % at 0.1, and 1 % for each other. It keeps the net from growing surer and surer.",
    try: "Set label smoothing to 0.1",
    at: "./?label-smoothing=0.1",
  },
  "weight decay": {
    text: "Pulls every weight a little towards 0 at each step. Only those that help with many pictures stay large.",
    try: "Set Optimizer to AdamW, with a weight decay of 0.1",
    at: "./?optimizer=adamw&weight-decay=0.1",
  },
  "data augmentation": {
    text: "Shows every picture a little differently each time: moved, turned, scaled, slanted. So there is more to learn from, and less to memorise.",
    try: "Move digits by up to 2 pixels, and turn them by up to 10 degrees",
    at: "./?shift=2&rotation=10",
  },
  averaging: {
    text: "Answers with the mean of the recent weights, which jumps about less than the newest ones do.",
    try: "Average about the last hundred steps",
    at: "./?averaging=0.99",
  },
  clipping: {
    text: "Shortens the gradients where they are longer than a limit, so that one odd batch cannot throw everything over.",
    try: "Clip gradients at 1",
    at: "./?clip-norm=1",
  },
  normalization: {
    text: "Moves and scales numbers so that their mean is 0 and their standard deviation 1, the size that nets learn best with. A batchnorm layer does so inside a net.",
    try: "Learn with a batchnorm layer",
    at: "./?net=dense+128,+batchnorm,+relu,+dense+classes",
  },
  "loss landscape": {
    text: "The loss as hills and valleys: every place is one choice of all the weights, its height the loss there. Learning is a walk downhill.",
    try: "Let it learn a wave, then draw the landscape",
    at: "./?lab=functions",
  },
};
