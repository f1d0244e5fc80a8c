// What a training looks like inside.

/** What a training looks like inside. Norms are √Σ x² over a tensor. */
export interface Inspection {
  /** The steps done. */
  step: number;
  /** The layers in the order in which they run. */
  layers: {
    /** The layer's name, "relu1". */
    name: string;
    /** The layer's class, "ReLU". */
    kind: string;
    /** The shape of one sample's output. */
    shape: number[];
    /** The output for the given input, as `predict` computes it; empty without an input. */
    activations: Float32Array;
    /**
     * Only for ReLU: the share of its units that are 0 for each of 128 training samples. A unit is
     * a feature map where the layer has those, else a number. While training runs, the share may be
     * some seconds old, since looking at the samples takes less than a hundredth of the time.
     */
    dead?: number;
    /** Whether all outputs are finite, for the input and for the 128 training samples. */
    finite: boolean;
  }[];
  /** The tensors that the optimizer changes. */
  tensors: {
    /** The tensor's name, "dense1.weight". */
    name: string;
    /** The tensor's shape. */
    shape: number[];
    /** Whether all its weights are finite. */
    finite: boolean;
    /** The norm of the weights. */
    weightNorm: number;
    /**
     * The norm of the last step's gradient, after clipping where gradients are clipped; NaN before
     * the first step.
     */
    gradientNorm: number;
    /**
     * The norm of the change of the weights in one step: while training runs, in the step just
     * made; else in the first step after the last inspection. NaN before there is one.
     */
    updateNorm: number;
    /**
     * Only for Adam and AdamW: the norm of m, the mean of recent gradients, and the norm of √v,
     * their usual size. m is much smaller than √v where gradients point in changing directions.
     */
    moments?: {
      /** The norm of m, the moving average of the gradients. */
      first: number;
      /** The norm of √v, where v is the moving average of the squared gradients. */
      second: number;
    };
  }[];
  /**
   * The milliseconds that the inspection took, without looking at the 128 samples. Nothing was
   * trained meanwhile.
   */
  milliseconds: number;
}

/**
 * One value that is computed from a sample, or that takes part in that: an input, a weight, a
 * result of an operation.
 */
export interface TraceNode {
  /** The operation that computed it, "matmul"; empty for inputs and weights. */
  op: string;
  /** The name of an input or a weight: "x", "dense1.weight". */
  name?: string;
  /** The layer whose output it is, "dense1"; missing where it is none. */
  layer?: string;
  /** The shape of the value. */
  shape: number[];
  /** The numbers of the value, the last axis running fastest. */
  values: Float32Array;
  /** The derivative of the loss by each number; null where there is none. */
  grad: Float32Array | null;
  /** What it was computed from, as indices into the nodes. */
  sources: number[];
}

/** What one step of the optimizer does to one tensor. */
export interface TraceUpdate {
  /** The tensor's name, "dense1.weight". */
  name: string;
  /** The tensor's shape. */
  shape: number[];
  /** The weights before the step. */
  before: Float32Array;
  /** The gradient, which is not clipped. */
  gradient: Float32Array;
  /** The weights after the step. */
  after: Float32Array;
  /**
   * The optimizer's state for this tensor, "first_moment", "second_moment" or "velocity", before
   * and after the step.
   */
  state: Record<
    string,
    {
      /** The state before the step, of the tensor's shape. */
      before: Float32Array;
      /** The state after the step, of the tensor's shape. */
      after: Float32Array;
    }
  >;
}

/**
 * One sample's way through the net, and the optimizer's step that its gradient alone would give.
 */
export interface Trace {
  /** The training steps done before it. */
  step: number;
  /** The values in the order in which they were computed; the last is the loss. */
  nodes: TraceNode[];
  /** The probabilities of the classes. */
  probabilities: Float32Array;
  /** The label of the sample. */
  label: number;
  /** The loss of the sample, without label smoothing. */
  loss: number;
  /** The optimizer's settings for this step. */
  optimizer: {
    /** The optimizer's class, "Adam". */
    kind: string;
    /** The learning rate of the next step, with the schedule's factor. */
    learningRate: number;
    /** The steps that the optimizer has made before this one. */
    steps: number;
    /** The weight decay. */
    weightDecay: number;
    /** The momentum; only for SGD. */
    momentum?: number;
    /** Whether the momentum is Nesterov's; only for SGD. */
    nesterov?: boolean;
    /** The decay of the first moment; only for Adam and AdamW. */
    beta1?: number;
    /** The decay of the second moment; only for Adam and AdamW. */
    beta2?: number;
    /** What is added to the divisor; only for Adam and AdamW. */
    epsilon?: number;
  };
  /** The update of every tensor. The gradient is not clipped. */
  updates: TraceUpdate[];
}
