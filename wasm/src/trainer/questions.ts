// What a trainer can be asked about its net and its answers, also while it learns: the part of Trainer that only looks.
import * as check from "../check.js";
import { runOptions } from "../settings/options.js";
import type { InputGradient, Nearest } from "../protocol/explanation.js";
import type { Inspection, Trace } from "../protocol/inspection.js";
import type { Predicted, WeightsOf } from "../protocol/messages.js";
import type { RunSettings } from "../protocol/run_settings.js";
import { abortable } from "./abort.js";
import type { Host } from "./host.js";
import { copyIn } from "./parcel.js";
import {
  evaluateOptions,
  weightsOptions,
  type EvaluateOptions,
  type WeightsOptions,
} from "./options.js";

/** The most bytes that are kept for the next inputs. */
const mostSpare = 2 ** 20;

/** The questions that a `Trainer` answers about its net; none changes a bit of the training. */
export class Questions {
  /** @internal */
  protected readonly host: Host;
  #tasks = 0;
  /** Memory for inputs that has come back: a browser frees what was handed over with its garbage only, and that late. */
  #spare: ArrayBuffer | undefined;

  /** @internal */
  constructor(host: Host) {
    this.host = host;
  }

  /**
   * The net's answers to `count` inputs that follow each other in `inputs`, also while training
   * runs: [count, outputs]. They are probabilities of the classes where the data have labels, else
   * numbers. Inputs are finite numbers; pixels of images are from 0 to 1.
   */
  async predict(inputs: ArrayLike<number>, count: number): Promise<Float32Array> {
    const values = check.floats("predict: inputs", inputs);
    const samples = check.natural("predict: count", count);
    const sent = copyIn(this.#spare, values);
    this.#spare = undefined;
    const { answers, inputs: back } = (await this.host.send("predict", [sent, samples], [sent.buffer])) as Predicted; // prettier-ignore
    if (back.buffer.byteLength <= mostSpare) this.#spare = back.buffer as ArrayBuffer;
    return answers;
  }

  /**
   * The net's answers to the whole test set, as `predict` would give them, without sending it the inputs that it has;
   * training waits. Rejects with `InvalidState` without a test set.
   */
  answers(): Promise<Float32Array> {
    return this.host.remote.answers();
  }

  /**
   * A copy of all weights by names such as "dense1.weight", with the statistics of BatchNorm; or a
   * copy of the one tensor called `name`. `of` says which weights; by default those that `predict`,
   * `evaluate` and `measure` use.
   */
  weights(options?: { of?: WeightsOf; name?: undefined }): Promise<Record<string, Float32Array>>;
  /** A copy of the weights called `name`; throws `NotFound` where the net has none of that name. */
  weights(name: string | { of?: WeightsOf; name: string }): Promise<Float32Array>;
  async weights(
    given?: string | WeightsOptions,
  ): Promise<Record<string, Float32Array> | Float32Array> {
    const options = typeof given === "string" ? { name: given } : given;
    const { of = "answers", name } = check.options("weights", options, weightsOptions);
    return this.host.remote.weights(of, name);
  }

  /**
   * What the training looks like inside: each layer's output for `input`, and how large weights,
   * gradients and updates are. It can be called while training runs, of which it changes no bit,
   * and after `Diverged`.
   */
  async inspect(input?: ArrayLike<number>): Promise<Inspection> {
    const values = input === undefined ? input : check.floats("inspect: input", input);
    return this.host.remote.inspect(values);
  }

  /**
   * One input with its label on its way through the net, operation by operation, and back with the
   * gradients, and the optimizer's step that these gradients alone would give. It is computed on a
   * copy in evaluation mode (no dropout, the statistics of BatchNorm), with the weights that
   * training changes rather than their average. Rejects with `InvalidState` unless the data have
   * labels.
   */
  async trace(input: ArrayLike<number>, label: number | bigint): Promise<Trace> {
    const values = check.floats("trace: input", input);
    const [number] = check.labels("trace: label", [label]);
    return this.host.remote.trace(values, number!);
  }

  /**
   * How log p(label) depends on each number of an input, or how log p(label) − log p(other) does:
   * where the gradient is above 0, more there speaks for the label. It is that of `predict`: of the
   * weights that answer, in evaluation mode. Rejects with `InvalidState` unless the data have
   * labels.
   */
  async inputGradient(
    input: ArrayLike<number>,
    label: number | bigint,
    other?: number | bigint,
  ): Promise<InputGradient> {
    const what = "input gradient";
    const values = check.floats(`${what}: input`, input);
    const given = other === undefined ? [label] : [label, other];
    const [first, second] = check.labels(`${what}: label`, given);
    return this.host.remote.inputGradient(values, first!, second);
  }

  /**
   * The `count` training samples that are nearest to an input inside the net: by the cosine between
   * what its last layer with weights is given, with the weights that answer. At most `among` samples are
   * compared, drawn by the seed, without augmentation and without those held back for validation;
   * training waits meanwhile. Rejects with `InvalidState` unless the data have labels.
   */
  async nearest(input: ArrayLike<number>, count = 5, among = 10_000): Promise<Nearest> {
    const values = check.floats("nearest: input", input);
    const most = check.natural("nearest: count", count);
    return this.host.remote.nearest(values, most, check.natural("nearest: among", among));
  }

  /**
   * What a simpler net makes of the same data: trains one with these settings beside the training, of which it changes no
   * bit and with which it takes turns, and resolves with its answers to the test set, as `predict` would give them. The
   * data are in memory once. Rejects with `InvalidState` without a test set.
   */
  async baseline(settings: RunSettings, options?: EvaluateOptions): Promise<Float32Array> {
    const given = check.options("baseline", settings, runOptions);
    return this.evaluated("baseline", options, (task) => this.host.remote.baseline(given, task));
  }

  /** @internal Work of the worker that a signal may end. */
  protected evaluated<T>(
    what: string,
    options: EvaluateOptions | undefined,
    work: (task: number) => Promise<T>,
  ): Promise<T> {
    const { signal } = check.options(what, options, evaluateOptions);
    const task = ++this.#tasks;
    const stop = () => void this.host.remote.cancel(task).catch(() => {});
    return abortable(what, signal, () => work(task), stop);
  }
}
