// The functions that work on each element by itself and have no settings: the table of
// engine/kernels/unary.h as JavaScript has it. The methods of tensors, the functions of the API and
// the layers are made of it, and a test compares it with the engine's.

/** Functions of a tensor, element by element; `First` is what they take. */
export interface UnaryFunctions<T, First extends unknown[] = []> {
  /** −x, element by element. */
  neg(...values: First): T;
  /** |x|, element by element. The derivative at 0 is 0. */
  abs(...values: First): T;
  /** e to the power of x, element by element. */
  exp(...values: First): T;
  /** The natural logarithm, element by element: −∞ at 0, NaN below. */
  log(...values: First): T;
  /** The square root, element by element; NaN below 0. */
  sqrt(...values: First): T;
  /** max(x, 0), element by element. The derivative at 0 is 0. */
  relu(...values: First): T;
  /**
   * x · Φ(x), element by element, where Φ is the distribution function of the standard normal
   * (Hendrycks and Gimpel 2016).
   */
  gelu(...values: First): T;
  /** x / (1 + e⁻ˣ), element by element, which is also called Swish (Elfwing et al. 2018). */
  silu(...values: First): T;
  /** log(1 + eˣ), element by element: a smooth relu, with all its digits far from 0, too. */
  softplus(...values: First): T;
  /** 1 / (1 + e⁻ˣ), element by element. */
  sigmoid(...values: First): T;
  /** The hyperbolic tangent, element by element. */
  tanh(...values: First): T;
}

/** The layers of such functions. */
export interface Activations<L> {
  /** max(x, 0), element by element. The derivative at 0 is 0. */
  readonly ReLU: L;
  /**
   * x · Φ(x), element by element, where Φ is the distribution function of the standard normal
   * (Hendrycks and Gimpel 2016).
   */
  readonly GELU: L;
  /** x / (1 + e⁻ˣ), element by element, which is also called Swish (Elfwing et al. 2018). */
  readonly SiLU: L;
  /** log(1 + eˣ), element by element: a smooth ReLU, with all its digits far from 0, too. */
  readonly Softplus: L;
  /** 1 / (1 + e⁻ˣ), element by element. */
  readonly Sigmoid: L;
  /** The hyperbolic tangent, element by element. */
  readonly Tanh: L;
}

export type UnaryName = keyof UnaryFunctions<unknown>;

interface Row {
  /** The class of the layer, where there is one. */
  layer?: keyof Activations<unknown>;
  /** Whether the function refuses arguments, since other libraries have settings there. */
  bare?: boolean;
}

export const unary: Readonly<Record<UnaryName, Row>> = {
  neg: {},
  abs: {},
  exp: {},
  log: {},
  sqrt: {},
  relu: { layer: "ReLU" },
  gelu: { layer: "GELU", bare: true },
  silu: { layer: "SiLU", bare: true },
  softplus: { layer: "Softplus", bare: true },
  sigmoid: { layer: "Sigmoid" },
  tanh: { layer: "Tanh" },
};

export const unaryNames = (): UnaryName[] => Object.keys(unary) as UnaryName[];
