// Terms of what is learned from, and of how good the result is.
import type { Entry } from "./entry.ts";

export const aboutData: Record<string, Entry> = {
  training: {
    text: "The pictures it learns from. How well it reads these says little: it may have memorised them.",
    try: "Compare the three piles once it has learned",
    at: "./#evaluation",
  },
  validation: {
    text: "Pictures that are held back while it learns, to choose settings by, and the moment to stop.",
    try: "Hold only 100 back: the dotted line jumps about",
    at: "./?validation=100",
  },
  test: {
    text: "Pictures kept apart for one look at the end, when all is chosen. Whoever chooses by them has learned from them.",
    try: "Let it learn, then press Ask it now",
    at: "./#evaluation",
  },
  "early stopping": {
    text: "Ends a run when validation has not improved for a number of epochs, the patience, and goes back to the weights whose validation loss was smallest.",
    try: "Ask for 30 epochs at a constant rate, with a patience of 2",
    at: "./?epochs=30&patience=2&schedule=constant&lr=0.001",
  },
  patience: {
    text: "How many epochs without improvement early stopping waits for before it ends the run.",
    try: "Ask for 30 epochs at a constant rate, with a patience of 5",
    at: "./?epochs=30&patience=5&schedule=constant&lr=0.001",
  },
  accuracy: {
    text: "The share of answers that are right. It does not ask how sure the net was; the loss does.",
    try: "Press Start and watch it rise",
    at: "./#accuracy-figure",
  },
  calibration: {
    text: "A net is calibrated if it knows how sure to be: of the answers that it is 90 % sure of, 90 % are right.",
    try: "Let it learn, press Ask it now, and read “Does it know what it does not know?”",
    at: "./#evaluation",
  },
  "confusion matrix": {
    text: "A table of what was taken for what: a row for what it is, a column for what it was read as. Mistakes are off the diagonal.",
    try: "Let it learn, press Ask it now, and open a number off the diagonal",
    at: "./#evaluation",
  },
  interval: {
    text: "A share of a thousand is a little luck. In 95 of 100 such measurements, the true share lies within this interval, worked out by Wilson’s formula.",
    try: "Let it learn, press Ask it now, and see how wide each digit’s interval is",
    at: "./#evaluation",
    also: "Wilson’s interval",
  },
  IDX: {
    text: "The format of MNIST’s files: a few bytes that say how many pictures of which size, then their bytes, one a pixel.",
    try: "Give the page IDX files of your own",
    at: "./#own",
  },
  "logarithmic scale": {
    text: "A scale on which equal distances are equal factors: from 1 to 0.1 is as far as from 0.1 to 0.01. Small losses can still be told apart.",
    try: "Learn a wave for 10,000 steps, and watch the loss",
    at: "./?lab=functions&steps=10000&pace=0",
  },
};
