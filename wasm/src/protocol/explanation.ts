// What explains an answer: the gradient by the input, and the samples that look alike to the net.

/** How an answer depends on each number of the input. */
export interface InputGradient {
  /** The training steps done before it. */
  step: number;
  /** The probabilities of the classes for the input. */
  probabilities: Float32Array;
  /**
   * The derivative of log p(label), or of log p(label) − log p(other), by each number of the input
   * as it was given, before normalization.
   */
  gradient: Float32Array;
}

/** The training samples that are nearest to an input inside the net. */
export interface Nearest {
  /** The training steps done before it. */
  step: number;
  /**
   * The layer whose outputs were compared, which the last layer with weights takes; "x" where that
   * takes the input itself.
   */
  layer: string;
  /** How many numbers of each sample were compared. */
  numbers: number;
  /** How many training samples the input was compared with. */
  compared: number;
  /** The nearest samples, the nearest first. */
  samples: {
    /** The cosine of the angle between both lists of numbers: 1 where they have one direction. */
    similarity: number;
    /** The sample's label. */
    label: number;
    /** The sample's input as it is stored. */
    input: Float32Array;
  }[];
}
