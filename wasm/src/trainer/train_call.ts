// One call of train() in the page: its progress is told, and a signal or an error there stops it.
import { aborted } from "./abort.js";
import type { Progress, TrainResult } from "../protocol/results.js";
import type { Host } from "./host.js";
import type { TrainOptions } from "./options.js";

export class TrainCall {
  readonly #onProgress: ((progress: Progress) => unknown) | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #stop: () => void;
  #fault: { thrown: unknown } | undefined;

  /** Throws `Aborted` where the signal has been aborted already. */
  constructor({ onProgress, signal }: TrainOptions, stop: () => void) {
    this.#onProgress = onProgress;
    this.#signal = signal;
    this.#stop = stop;
    if (signal?.aborted) throw aborted("train", signal);
  }

  /** Tells the caller from now on; where that throws or rejects, training stops. */
  listen(host: Host): void {
    host.onProgress = (progress) => this.#tell(progress);
    this.#signal?.addEventListener("abort", this.#stop);
  }

  #tell(progress: Progress): void {
    if (this.#fault) return;
    const onProgress = this.#onProgress; // called without an object
    const told = new Promise((resolve) => resolve(onProgress?.(progress)));
    told.catch((thrown: unknown) => {
      this.#fault ??= { thrown };
      this.#stop();
    });
  }

  end(): void {
    this.#signal?.removeEventListener("abort", this.#stop);
  }

  /** Throws why the training was stopped, where that was not asked for by `stop()`. */
  rethrow(state: TrainResult["state"]): void {
    if (this.#fault) throw this.#fault.thrown;
    if (this.#signal?.aborted && state === "stopped") throw aborted("train", this.#signal);
  }
}
