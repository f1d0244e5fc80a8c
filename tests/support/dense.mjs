// Dense layers in double and in plain loops, to compare the engine's with.

/** x · weight. x: I numbers; weight: [I, O], finite; returns O numbers */
export const product = (x, weight, outputs) =>
  Array.from({ length: outputs }, (_, o) =>
    x.reduce((sum, value, i) => (value === 0 ? sum : sum + value * weight[i * outputs + o]), 0),
  );

/** x · weight + bias. x: I numbers; weight: [I, O], finite; bias: O numbers */
export const dense = (x, weight, bias) =>
  product(x, weight, bias.length).map((value, o) => value + bias[o]);
