// Which build of the engine a training runs in: threads share a memory that does not grow, so what
// does not fit into that runs in one thread.
import type { LanegradError } from "../errors.js";
import { loadModule, type LoadedModule, type Loading } from "../module/load.js";
import { hasThreads, whyNoThreads } from "../module/variants.js";
import type { TrainingSettings } from "../protocol/settings.js";
import { explanation } from "./on_demand.js";
import { whyTooLarge, type DataSizes } from "./memory.js";

/** The engine that runs, and a sentence where it has one thread because of what is asked of it. */
export interface Choice {
  engine: LoadedModule;
  note: string | undefined;
}

/** The engine that runs a training now, with that training's settings. */
interface Current {
  engine: LoadedModule;
  settings: TrainingSettings;
}

export class BuildChoice {
  readonly #options: Loading;
  // Why there are no threads, where they did not start.
  #alone: string | undefined;

  constructor(options: Loading) {
    this.#options = { ...options, bridge: async (script) => (await explanation()).bridge(script) };
  }

  /**
   * The engine for a training with these settings: the current one if it has room for both
   * trainings, else a new one.
   */
  async engineFor(
    sizes: DataSizes,
    settings: TrainingSettings,
    current?: Current,
  ): Promise<Choice> {
    const { variant, threads = 1 } = this.#options;
    const mayChoose = variant === undefined && threads > 1 && whyNoThreads() === undefined;
    // For large data the memory that threads share is not made at all.
    const large = mayChoose && whyTooLarge(sizes.bytes) !== undefined;
    const engine =
      current?.engine ??
      (await loadModule(large ? { ...this.#options, threads: 1 } : this.#options));
    // What cannot fit is refused before anything is made.
    const bytes = Math.max(sizes.bytes, needed(engine, sizes, settings));
    if (!mayChoose) return { engine, note: engine.note ?? this.#alone };
    if (!current && !large && !hasThreads(engine.variant)) {
      return this.#without(engine);
    }
    const note = whyTooLarge(bytes);
    const shared = note === undefined;
    if (hasThreads(engine.variant) === shared) {
      const others = current
        ? Math.max(0, needed(engine, sizes, current.settings) - sizes.bytes)
        : 0;
      if (!shared || whyTooLarge(bytes + others) === undefined) return { engine, note };
    }
    if (!current) engine.end();
    const fresh = await loadModule({ ...this.#options, threads: shared ? threads : 1 });
    return shared && !hasThreads(fresh.variant) ? this.#without(fresh) : { engine: fresh, note };
  }

  /** Threads that did not start once are not tried again. */
  #without(engine: LoadedModule): Choice {
    this.#options.threads = 1;
    this.#alone = engine.note;
    return { engine, note: engine.note };
  }
}

/**
 * About how many bytes a training with these settings needs. 0 where they are wrong, which is
 * reported when the net is made; throws `OutOfMemory` where it fits into no build's memory.
 */
export function needed(engine: LoadedModule, sizes: DataSizes, settings: TrainingSettings): number {
  try {
    return trainingMemory(engine, sizes, settings);
  } catch (thrown) {
    if ((thrown as LanegradError).code === "OutOfMemory") throw thrown;
    return 0;
  }
}

/** About how many bytes a training with these settings needs; throws what is wrong with them. */
export function trainingMemory(
  { raw }: LoadedModule,
  { sampleShape, outputs, samples, bytes }: DataSizes,
  { weights, checkpoint, ...run }: TrainingSettings,
): number {
  const settings = checkpoint ? raw.savedRecipe(checkpoint) : run;
  return raw.trainingMemory(settings, sampleShape, outputs, samples, bytes);
}
