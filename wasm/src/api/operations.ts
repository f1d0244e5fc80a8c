// The operations of tensors: methods of Tensor, and functions of the API.
import * as check from "../check.js";
import { isHandle, type Engine } from "../module/engine.js";
import { unary, unaryNames, type UnaryName } from "../unary.js";
import { mapped } from "../values.js";
import {
  computed,
  Tensor,
  tensorFrom,
  type Conv2DOptions,
  type TensorLike,
  type TensorOperations,
} from "./tensor.js";
import { convolutionOptions, pooling } from "./windows.js";

type Method<Values extends unknown[]> = (this: Tensor, ...values: Values) => Tensor;

/** The same kind of method for each of the names. */
const each = <Name extends string, M>(names: readonly Name[], method: (name: Name) => M) =>
  Object.fromEntries(names.map((name) => [name, method(name)])) as Record<Name, M>;

const whole = (
  name: UnaryName | "softmax" | "logSoftmax" | "globalAvgPool2d",
  bare = false,
): Method<unknown[]> =>
  function (...none) {
    if (bare) check.nothing(name, none);
    return new Tensor(this.engine, this.engine.raw[name](this.raw));
  };

const binary = (
  name: "add" | "sub" | "mul" | "div" | "pow" | "maximum" | "matmul",
): Method<[TensorLike]> =>
  function (other) {
    const { engine } = this;
    return computed(engine, name, [other], (raw) => engine.raw[name](this.raw, raw));
  };

const reduction = (name: "sum" | "mean" | "max"): Method<[axis?: number, keepdims?: boolean]> =>
  function (axis, keepdims = false) {
    const { raw } = this.engine;
    if (axis === undefined) return new Tensor(this.engine, raw[name](this.raw));
    check.whole(`${name}: axis`, axis);
    check.boolean(`${name}: keepdims`, keepdims);
    return new Tensor(this.engine, raw[`${name}Axis`](this.raw, axis, keepdims));
  };

const pool = (name: "maxPool2d" | "avgPool2d"): Method<[size?: number, stride?: number]> =>
  function (size = 2, stride = size) {
    return new Tensor(this.engine, this.engine.raw[name](this.raw, ...pooling(name, size, stride)));
  };

const conv2dOptions: check.Options<Conv2DOptions> = { ...convolutionOptions, bias: check.any };

// Made when the module is read, this would keep bundlers from leaving tensors out.
const operations = (): TensorOperations & ThisType<Tensor> => ({
  ...each(unaryNames(), (name) => whole(name, unary[name].bare)),
  ...each(["softmax", "logSoftmax"], (name) => whole(name, true)),
  globalAvgPool2d: whole("globalAvgPool2d"),
  ...each(["add", "sub", "mul", "div", "pow", "maximum", "matmul"], binary),
  ...each(["sum", "mean", "max"], reduction),
  ...each(["maxPool2d", "avgPool2d"], pool),
  leakyRelu(slope = 0.01) {
    check.number("leakyRelu: slope", slope);
    return new Tensor(this.engine, this.engine.raw.leakyRelu(this.raw, slope));
  },
  conv2d(filters, options) {
    const what = "conv2d";
    const { bias, stride = 1, padding = 0 } = check.options(what, options, conv2dOptions);
    const { engine } = this;
    const values = bias === undefined ? [filters] : [filters, bias];
    return computed(engine, what, values, (raw, rawBias) =>
      engine.raw.conv2d(this.raw, raw, rawBias ?? null, stride, padding),
    );
  },
  argmax(axis = -1) {
    return this.engine.raw.argmax(this.raw, check.whole("argmax: axis", axis));
  },
  reshape(shape) {
    const extents = check.extents("reshape: shape", shape);
    return new Tensor(this.engine, this.engine.raw.reshape(this.raw, extents));
  },
  transpose(axis0 = -2, axis1 = -1) {
    const [a, b] = [check.whole("transpose: axis", axis0), check.whole("transpose: axis", axis1)];
    return new Tensor(this.engine, this.engine.raw.transpose(this.raw, a, b));
  },
});

/**
 * The operations as functions: `lg.add(a, b)` is `a.add(b)`, where `a` may also be a number or
 * nested arrays.
 */
export interface TensorFunctions extends TensorOperations<[x: TensorLike]> {}

/** Gives tensors their operations, and returns these as functions. */
export function tensorFunctions(engine: Engine): TensorFunctions {
  const methods = operations();
  Object.assign(Tensor.prototype, methods);
  const functions = mapped(
    methods as unknown as Record<string, (...values: unknown[]) => unknown>,
    (method, name) =>
      (x: TensorLike, ...values: unknown[]) => {
        const own = isHandle(x, Tensor) ? null : tensorFrom(engine, name, x, false);
        try {
          return method.apply(own ?? x, values);
        } finally {
          own?.dispose();
        }
      },
  );
  return functions as unknown as TensorFunctions;
}
