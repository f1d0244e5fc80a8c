// Measures a step of a training: how large its update is. worker/look.ts, which is loaded when somebody asks, tells it.
import type { Lanegrad } from "../api/lanegrad.js";
import type { LoopEvent } from "../api/training.js";
import { mapped } from "../values.js";
import type { Training } from "./training.js";

export class Inspector {
  /** The norms of the last update that was measured, by the names of the tensors. */
  updates: Record<string, number> = {};
  /** Whether the next step is to be measured. */
  armed = false;
  readonly #lg: Lanegrad;
  readonly #training: Training;

  constructor(lg: Lanegrad, training: Training) {
    this.#lg = lg;
    this.#training = training;
  }

  /**
   * Does the next piece of the training and, where that is a step, measures its update. The step has
   * the same bits as ever.
   */
  measured(advance: () => LoopEvent): LoopEvent {
    return this.#lg.scope(() => {
      const tensors = this.#training.net.namedTensors();
      // It shares the values until the step changes them.
      const before = mapped(tensors, (tensor) => tensor.detach());
      const last = advance();
      if (last.event !== "step") return last;
      this.armed = false;
      this.updates = mapped(tensors, (tensor, name) =>
        tensor.detach().sub(before[name]!).raw.norm(),
      );
      return last;
    });
  }
}
