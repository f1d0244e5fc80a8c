// Tensor: an array that knows how it was computed, its operations, and the ways to make one.
import * as check from "../check.js";
import { Handle, handleIn, isHandle, type Engine } from "../module/engine.js";
import { LanegradError } from "../errors.js";
import type { TensorHandle } from "../module/raw.js";
import { unary, unaryNames, type UnaryFunctions, type UnaryName } from "../unary.js";
import { numel } from "../values.js";

/** Numbers nested in arrays, all of one length per level; a level may be a typed array. */
export type NestedNumbers = number | ArrayLike<number> | readonly NestedNumbers[];

/** What an operation takes as a tensor: a tensor, a number or nested arrays. */
export type TensorLike = Tensor | NestedNumbers;

/** Options of all functions that make tensors. */
export interface TensorOptions {
  /** Whether `backward` gives this tensor a gradient. Default: false. */
  requiresGrad?: boolean;
}

export const tensorOptions: check.Options<TensorOptions> = { requiresGrad: check.boolean };

/** How filters move over images. */
export interface ConvolutionOptions {
  /** The pixels from one place of the filter to the next, in both directions. Default: 1. */
  stride?: number;
  /** The rows and columns of 0 around each image. Default: 0. */
  padding?: number;
}

export const convolutionOptions: check.Options<ConvolutionOptions> = {
  stride: check.whole,
  padding: check.whole,
};

/** Options of `conv2d`. */
export interface Conv2DOptions extends ConvolutionOptions {
  /** The biases, [O], that are added to each filter's results. Default: none. */
  bias?: TensorLike;
}

const conv2dOptions: check.Options<Conv2DOptions> = { ...convolutionOptions, bias: check.any };

/** The size and stride of a pool's windows, checked to be whole numbers. */
export function pooling(what: string, size: number, stride: number): [number, number] {
  return [check.whole(`${what}: size`, size), check.whole(`${what}: stride`, stride)];
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
    const { data, shape } = this;
    let position = 0;
    const level = (depth: number): NestedNumbers =>
      depth === shape.length
        ? data[position++]!
        : Array.from({ length: shape[depth]! }, () => level(depth + 1));
    return level(0);
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

  /** this + other, element by element. */
  add(other: TensorLike): Tensor {
    return this.#binary("add", other);
  }
  /** this − other, element by element. */
  sub(other: TensorLike): Tensor {
    return this.#binary("sub", other);
  }
  /** this · other, element by element. */
  mul(other: TensorLike): Tensor {
    return this.#binary("mul", other);
  }
  /** this / other, element by element. */
  div(other: TensorLike): Tensor {
    return this.#binary("div", other);
  }
  /** this to the power of `exponent`, element by element. */
  pow(exponent: TensorLike): Tensor {
    return this.#binary("pow", exponent);
  }
  /** The larger of both, element by element; NaN where either is NaN. */
  maximum(other: TensorLike): Tensor {
    return this.#binary("maximum", other);
  }
  /** The matrix product: [M, K] and [K, N] → [M, N]. */
  matmul(other: TensorLike): Tensor {
    return this.#binary("matmul", other);
  }

  /** x where positive, else slope · x, element by element. */
  leakyRelu(slope = 0.01): Tensor {
    check.number("leakyRelu: slope", slope);
    return new Tensor(this.engine, this.engine.raw.leakyRelu(this.raw, slope));
  }
  /** eˣ / Σ eˣ over the last axis. */
  softmax(...none: []): Tensor {
    check.nothing("softmax", none);
    return this.#unary("softmax");
  }
  /** x − log Σ eˣ over the last axis. */
  logSoftmax(...none: []): Tensor {
    check.nothing("logSoftmax", none);
    return this.#unary("logSoftmax");
  }

  /**
   * The sum over one axis, or over all elements. A negative axis counts from the end. With
   * `keepdims` the axis stays with extent 1.
   */
  sum(axis?: number, keepdims = false): Tensor {
    return this.#reduce("sum", axis, keepdims);
  }
  /**
   * The mean over one axis, or over all elements. A negative axis counts from the end. With
   * `keepdims` the axis stays with extent 1.
   */
  mean(axis?: number, keepdims = false): Tensor {
    return this.#reduce("mean", axis, keepdims);
  }
  /**
   * The maximum over one axis, or over all elements; its gradient goes to the first largest. A
   * negative axis counts from the end. With `keepdims` the axis stays with extent 1.
   */
  max(axis?: number, keepdims = false): Tensor {
    return this.#reduce("max", axis, keepdims);
  }
  /**
   * Convolution as deep learning calls it (the filters are not mirrored). This: [N, C, H, W],
   * filters: [O, C, KH, KW] → [N, O, OH, OW] with OH = ⌊(H + 2 · padding − KH) / stride⌋ + 1 and OW
   * = ⌊(W + 2 · padding − KW) / stride⌋ + 1.
   */
  conv2d(filters: TensorLike, options?: Conv2DOptions): Tensor {
    const what = "conv2d";
    const { bias, stride = 1, padding = 0 } = check.options(what, options, conv2dOptions);
    return withRaw(
      this.engine,
      what,
      bias === undefined ? [filters] : [filters, bias],
      (raw, rawBias) =>
        new Tensor(
          this.engine,
          this.engine.raw.conv2d(this.raw, raw, rawBias ?? null, stride, padding),
        ),
    );
  }
  /**
   * The largest of each window of size × size pixels. Windows are `stride` pixels apart and wholly
   * inside: [N, C, H, W] → [N, C, OH, OW] with OH = ⌊(H − size) / stride⌋ + 1 and OW = ⌊(W − size)
   * / stride⌋ + 1.
   */
  maxPool2d(size = 2, stride = size): Tensor {
    return this.#pool("maxPool2d", size, stride);
  }
  /**
   * The mean of each window of size × size pixels. Windows are `stride` pixels apart and wholly
   * inside: [N, C, H, W] → [N, C, OH, OW] with OH = ⌊(H − size) / stride⌋ + 1 and OW = ⌊(W − size)
   * / stride⌋ + 1.
   */
  avgPool2d(size = 2, stride = size): Tensor {
    return this.#pool("avgPool2d", size, stride);
  }
  /** The mean of each channel: [N, C, H, W] → [N, C]. */
  globalAvgPool2d(): Tensor {
    return this.#unary("globalAvgPool2d");
  }

  /** The index of the first largest element along `axis`: one number per remaining element. */
  argmax(axis = -1): Int32Array {
    return this.engine.raw.argmax(this.raw, check.whole("argmax: axis", axis));
  }

  /** The same elements in another shape with as many elements. */
  reshape(shape: readonly number[]): Tensor {
    const extents = check.extents("reshape: shape", shape);
    return new Tensor(this.engine, this.engine.raw.reshape(this.raw, extents));
  }
  /** Swaps two axes, the last two by default. */
  transpose(axis0 = -2, axis1 = -1): Tensor {
    const [a, b] = [check.whole("transpose: axis", axis0), check.whole("transpose: axis", axis1)];
    return new Tensor(this.engine, this.engine.raw.transpose(this.raw, a, b));
  }

  /** A text for people: the shape and the first elements. */
  override toString(): string {
    if (this.disposed) return super.toString();
    const { data } = this;
    const first = Array.from(data.subarray(0, 8), (value) => String(+value.toPrecision(6)));
    const more = data.length > 8 ? ", …" : "";
    return `Tensor [${this.shape.join(", ")}] (${first.join(", ")}${more})`;
  }

  #unary(name: WholeName): Tensor {
    return new Tensor(this.engine, this.engine.raw[name](this.raw));
  }

  #binary(name: BinaryName, other: TensorLike): Tensor {
    return withRaw(
      this.engine,
      name,
      [other],
      (raw) => new Tensor(this.engine, this.engine.raw[name](this.raw, raw)),
    );
  }

  #pool(name: PoolName, size: number, stride: number): Tensor {
    const numbers = pooling(name, size, stride);
    return new Tensor(this.engine, this.engine.raw[name](this.raw, ...numbers));
  }

  #reduce(name: ReductionName, axis: number | undefined, keepdims: boolean): Tensor {
    const { raw } = this.engine;
    if (axis === undefined) return new Tensor(this.engine, raw[name](this.raw));
    check.whole(`${name}: axis`, axis);
    check.boolean(`${name}: keepdims`, keepdims);
    return new Tensor(this.engine, raw[`${name}Axis`](this.raw, axis, keepdims));
  }
}

// The functions of the table; tensorFunctions() makes these methods.
export interface Tensor extends UnaryFunctions<Tensor> {}

const wholeNames = ["softmax", "logSoftmax", "globalAvgPool2d"] as const;
export const binaryNames = ["add", "sub", "mul", "div", "pow", "maximum", "matmul"] as const;
export const otherNames = [
  "sum",
  "mean",
  "max",
  "leakyRelu",
  "conv2d",
  "maxPool2d",
  "avgPool2d",
  "argmax",
  "reshape",
  "transpose",
] as const;
type WholeName = (typeof wholeNames)[number];
type BinaryName = (typeof binaryNames)[number];
type ReductionName = "sum" | "mean" | "max";
type PoolName = "maxPool2d" | "avgPool2d";

/**
 * The operations as functions: `lg.add(a, b)` is `a.add(b)`, where `a` may also be a number or
 * nested arrays.
 */
export type TensorFunctions = {
  readonly [
    K in UnaryName | WholeName | BinaryName | (typeof otherNames)[number]
  ]: Tensor[K] extends (...values: infer A) => infer R ? (x: TensorLike, ...values: A) => R : never;
};

export function tensorFunctions(engine: Engine): TensorFunctions {
  // Done when the module is read, this would keep bundlers from leaving tensors out.
  for (const name of unaryNames()) {
    Tensor.prototype[name] = function (this: Tensor, ...given: unknown[]) {
      if (unary[name].bare) check.nothing(name, given);
      return new Tensor(this.engine, this.engine.raw[name](this.raw));
    };
  }
  const names = [...unaryNames(), ...wholeNames, ...binaryNames, ...otherNames];
  return Object.fromEntries(
    names.map((name) => [
      name,
      (x: TensorLike, ...values: unknown[]) => {
        const own = isHandle(x, Tensor) ? null : tensorFrom(engine, name, x, false);
        try {
          const method = Tensor.prototype[name] as (...values: unknown[]) => unknown;
          return method.apply(own ?? x, values);
        } finally {
          own?.dispose();
        }
      },
    ]),
  ) as unknown as TensorFunctions;
}

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

function flatten(what: string, value: unknown): { values: Float32Array; shape: number[] } {
  if (typeof value === "number") return { values: Float32Array.of(value), shape: [] };
  if (!check.isNumbers(value)) check.fail(what, value, "a tensor, a number or nested arrays");
  const shape: number[] = [];
  for (let level: unknown = value; check.isNumbers(level); level = level[0]) {
    shape.push(level.length);
    if (level.length === 0) break;
  }
  const values = new Float32Array(numel(shape));
  let position = 0;
  const fill = (part: unknown, depth: number): void => {
    if (depth === shape.length) {
      values[position++] = check.element(what, part);
      return;
    }
    const expected = shape[depth]!;
    if (!check.isNumbers(part) || part.length !== expected) {
      const found = check.isNumbers(part) ? `an array of ${part.length}` : check.show(part);
      throw new LanegradError(
        "InvalidArgument",
        `${what}: ${found} beside arrays of ${expected}, expected all of one length`,
      );
    }
    if (check.kindOf(part) === "Float32Array" && depth === shape.length - 1) {
      values.set(part, position);
      position += expected;
      return;
    }
    for (let i = 0; i < expected; i++) fill(part[i], depth + 1);
  };
  fill(value, 0);
  return { values, shape };
}
