// Measures a step of a training: how large its update is. worker/look.ts, which is loaded when somebody asks, tells it.
import type { LoadedModule } from "../module/load.js";
import type { LoopEvent } from "../module/raw.js";
import { mapped } from "../values.js";
import { scoped, tensorsOf } from "./handles.js";
import type { Training } from "./training.js";

export class Inspector {
  /** The norms of the last update that was measured, by the names of the tensors. */
  updates: Record<string, number> = {};
  /** Whether the next step is to be measured. */
  armed = false;
  readonly #engine: LoadedModule;
  readonly #training: Training;

  constructor(engine: LoadedModule, training: Training) {
    this.#engine = engine;
    this.#training = training;
  }

  /**
   * Does the next piece of the training and, where that is a step, measures its update. The step has
   * the same bits as ever.
   */
  measured(advance: () => LoopEvent): LoopEvent {
    return scoped((own) => {
      const { sub } = this.#engine.raw;
      const tensors = tensorsOf(own, this.#training.net);
      // It shares the values until the step changes them.
      const before = mapped(tensors, (tensor) => own(tensor.detach()));
      const last = advance();
      if (last.event !== "step") return last;
      this.armed = false;
      this.updates = mapped(tensors, (tensor, name) =>
        own(sub(own(tensor.detach()), before[name]!)).norm(),
      );
      return last;
    });
  }
}
