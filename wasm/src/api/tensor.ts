// Tensor: an array that knows how it was computed, what it computes, and the ways to make one.
import * as check from "../check.js";
import { Handle, handleIn, isHandle, type Engine } from "../module/engine.js";
import type { TensorHandle } from "../module/raw.js";
import type { UnaryFunctions } from "../unary.js";
import { numel } from "../values.js";
import { flatten, nest, type NestedNumbers } from "./nested.js";
import type { ConvolutionOptions } from "./windows.js";

/** What an operation takes as a tensor: a tensor, a number or nested arrays. */
export type TensorLike = Tensor | NestedNumbers;

/** Options of all functions that make tensors. */
export interface TensorOptions {
  /** Whether `backward` gives this tensor a gradient. Default: false. */
  requiresGrad?: boolean;
}

export const tensorOptions: check.Options<TensorOptions> = { requiresGrad: check.boolean };

/** Options of `conv2d`. */
export interface Conv2DOptions extends ConvolutionOptions {
  /** The biases, [O], that are added to each filter's results. Default: none. */
  bias?: TensorLike;
}

/**
 * An array of 32-bit floats with up to four axes that knows the operation that made it, and the
 * operands of that. Operands of different shapes are broadcast by numpy's rule.
 *
 * Wherever a tensor is expected, a number or nested arrays will do. Shapes that do not fit throw
 * `ShapeMismatch`.
 */
export class Tensor extends Handle<TensorHandle> {
  /** @internal */
  constructor(engine: Engine, raw: TensorHandle) {
    super(engine, "tensor", raw);
  }

  /** The extents along the axes; `[]` for a single number. */
  get shape(): number[] {
    return this.raw.shape();
  }

  /** The number of elements. */
  get size(): number {
    return numel(this.shape);
  }

  /** A copy of the elements, the last axis running fastest. */
  get data(): Float32Array {
    return this.raw.data();
  }

  /** The elements as nested arrays, or as a number where there is no axis. */
  toArray(): NestedNumbers {
    return nest(this.data, this.shape);
  }

  /** The only element of a tensor of size 1. */
  item(): number {
    return this.raw.item();
  }

  /**
   * Replaces the elements of a leaf; throws `ShapeMismatch` unless there are `size` of them,
   * `InvalidState` for a tensor that is not a leaf.
   */
  setData(values: ArrayLike<number>): void {
    this.raw.setData(check.floats("set data", values), this.shape);
  }

  /**
   * The sum of all gradients since the last `zeroGrad()`, in the shape of this tensor; null before
   * the first.
   */
  get grad(): Tensor | null {
    const raw = this.raw.grad();
    return raw && new Tensor(this.engine, raw);
  }

  /** Clears the gradient. */
  zeroGrad(): void {
    this.raw.zeroGrad();
  }

  /**
   * Whether `backward` gives this tensor a gradient. It can be set on leaves, else `InvalidState`.
   */
  get requiresGrad(): boolean {
    return this.raw.requiresGrad();
  }
  set requiresGrad(requiresGrad: boolean) {
    this.raw.setRequiresGrad(check.boolean("requires grad", requiresGrad));
  }

  /** Whether the tensor was not computed from other tensors. */
  get isLeaf(): boolean {
    return this.raw.isLeaf();
  }

  /** The tensors that this one was computed from; empty for a leaf. */
  get sources(): Tensor[] {
    const { raw } = this;
    return Array.from(
      { length: raw.sourceCount() },
      (_, index) => new Tensor(this.engine, raw.source(index)),
    );
  }

  /** The name of the operation that made it; empty for a leaf. */
  get gradFn(): string {
    return this.raw.gradFn();
  }

  /** Whether both handles are of the same tensor of the engine. */
  is(other: Tensor): boolean {
    return this.raw.is(tensorIn(this.engine, "is", other).raw);
  }

  /**
   * Adds `grad`, of this tensor's shape, to its gradient and, operation by operation, the gradients
   * that follow to those of all tensors that it was computed from. Without an argument, the tensor
   * must hold one element, and `grad` is 1. Throws `InvalidState` where nothing requires a
   * gradient.
   */
  backward(grad?: TensorLike): void {
    if (grad === undefined) return this.raw.backward();
    withRaw(this.engine, "backward", [grad], (raw) => this.raw.backwardFrom(raw));
  }

  /** A tensor that shares the elements and has no sources. */
  detach(): Tensor {
    return new Tensor(this.engine, this.raw.detach());
  }

  /** A text for people: the shape and the first elements. */
  override toString(): string {
    if (this.disposed) return super.toString();
    const { data } = this;
    const first = Array.from(data.subarray(0, 8), (value) => String(+value.toPrecision(6)));
    const more = data.length > 8 ? ", …" : "";
    return `Tensor [${this.shape.join(", ")}] (${first.join(", ")}${more})`;
  }
}

/**
 * What a tensor computes: its methods, and functions of the API, where `lg.add(a, b)` is
 * `a.add(b)`: these take what it is computed of first.
 */
export interface TensorOperations<First extends unknown[] = []> extends UnaryFunctions<
  Tensor,
  First
> {
  /** this + other, element by element. */
  add(...values: [...first: First, other: TensorLike]): Tensor;
  /** this − other, element by element. */
  sub(...values: [...first: First, other: TensorLike]): Tensor;
  /** this · other, element by element. */
  mul(...values: [...first: First, other: TensorLike]): Tensor;
  /** this / other, element by element. */
  div(...values: [...first: First, other: TensorLike]): Tensor;
  /** this to the power of `exponent`, element by element. */
  pow(...values: [...first: First, exponent: TensorLike]): Tensor;
  /** The larger of both, element by element; NaN where either is NaN. */
  maximum(...values: [...first: First, other: TensorLike]): Tensor;
  /** The matrix product: [M, K] and [K, N] → [M, N]. */
  matmul(...values: [...first: First, other: TensorLike]): Tensor;
  /** x where positive, else slope · x, element by element. Default: a slope of 0.01. */
  leakyRelu(...values: [...first: First, slope?: number]): Tensor;
  /** eˣ / Σ eˣ over the last axis. */
  softmax(...values: First): Tensor;
  /** x − log Σ eˣ over the last axis. */
  logSoftmax(...values: First): Tensor;
  /**
   * The sum over one axis, or over all elements. A negative axis counts from the end. With
   * `keepdims` the axis stays with extent 1.
   */
  sum(...values: [...first: First, axis?: number, keepdims?: boolean]): Tensor;
  /**
   * The mean over one axis, or over all elements. A negative axis counts from the end. With
   * `keepdims` the axis stays with extent 1.
   */
  mean(...values: [...first: First, axis?: number, keepdims?: boolean]): Tensor;
  /**
   * The maximum over one axis, or over all elements; its gradient goes to the first largest. A
   * negative axis counts from the end. With `keepdims` the axis stays with extent 1.
   */
  max(...values: [...first: First, axis?: number, keepdims?: boolean]): Tensor;
  /**
   * Convolution as deep learning calls it (the filters are not mirrored). This: [N, C, H, W],
   * filters: [O, C, KH, KW] → [N, O, OH, OW] with OH = ⌊(H + 2 · padding − KH) / stride⌋ + 1 and OW
   * = ⌊(W + 2 · padding − KW) / stride⌋ + 1.
   */
  conv2d(...values: [...first: First, filters: TensorLike, options?: Conv2DOptions]): Tensor;
  /**
   * The largest of each window of size × size pixels. Windows are `stride` pixels apart and wholly
   * inside: [N, C, H, W] → [N, C, OH, OW] with OH = ⌊(H − size) / stride⌋ + 1 and OW = ⌊(W − size)
   * / stride⌋ + 1. Default: a size of 2, and as large a stride as the size.
   */
  maxPool2d(...values: [...first: First, size?: number, stride?: number]): Tensor;
  /**
   * The mean of each window of size × size pixels. Windows are `stride` pixels apart and wholly
   * inside: [N, C, H, W] → [N, C, OH, OW] with OH = ⌊(H − size) / stride⌋ + 1 and OW = ⌊(W − size)
   * / stride⌋ + 1. Default: a size of 2, and as large a stride as the size.
   */
  avgPool2d(...values: [...first: First, size?: number, stride?: number]): Tensor;
  /** The mean of each channel: [N, C, H, W] → [N, C]. */
  globalAvgPool2d(...values: First): Tensor;
  /**
   * The index of the first largest element along `axis`, by default the last: one number per
   * remaining element.
   */
  argmax(...values: [...first: First, axis?: number]): Int32Array;
  /** The same elements in another shape with as many elements. */
  reshape(...values: [...first: First, shape: readonly number[]]): Tensor;
  /** Swaps two axes, the last two by default. */
  transpose(...values: [...first: First, axis0?: number, axis1?: number]): Tensor;
}

// operations.ts makes these methods.
export interface Tensor extends TensorOperations {}

/** Makes tensors by name from the pairs that the engine gives. */
export const namedTensors = (
  engine: Engine,
  pairs: [string, TensorHandle][],
): Record<string, Tensor> =>
  Object.fromEntries(pairs.map(([name, raw]) => [name, new Tensor(engine, raw)]));

/** `value`, checked to be a Tensor of this engine; nothing is converted. */
export const tensorIn = (engine: Engine, what: string, value: unknown): Tensor =>
  handleIn(engine, Tensor, what, value, "a tensor");

/** Makes a tensor of the numbers in `value`, in the shape of its nesting. */
export function tensorFrom(
  engine: Engine,
  what: string,
  value: unknown,
  requiresGrad: boolean,
): Tensor {
  const { values, shape } = check.reading(what, () => flatten(what, value));
  return new Tensor(engine, engine.raw.tensor(values, shape, requiresGrad));
}

/** Makes a tensor of flat numbers and a shape. */
export function shaped(
  engine: Engine,
  values: unknown,
  shape: readonly number[],
  requiresGrad: boolean,
): Tensor {
  const extents = check.extents("tensor: shape", shape);
  const numbers = check.floats("tensor: values", values);
  return new Tensor(engine, engine.raw.tensor(numbers, extents, requiresGrad));
}

/** Calls `body` with the engine's tensors for `values`, and frees those that were made for it. */
export function withRaw<T>(
  engine: Engine,
  what: string,
  values: readonly unknown[],
  body: (...raw: TensorHandle[]) => T,
): T {
  const made: Tensor[] = [];
  try {
    return body(
      ...values.map((value) => {
        if (isHandle(value, Tensor)) return tensorIn(engine, what, value).raw;
        const tensor = tensorFrom(engine, what, value, false);
        made.push(tensor);
        return tensor.raw;
      }),
    );
  } finally {
    for (const tensor of made) tensor.dispose();
  }
}

/** The tensor that `body` makes of the engine's tensors for `values`. */
export const computed = (
  engine: Engine,
  what: string,
  values: readonly unknown[],
  body: (...raw: TensorHandle[]) => TensorHandle,
): Tensor => withRaw(engine, what, values, (...raw) => new Tensor(engine, body(...raw)));
