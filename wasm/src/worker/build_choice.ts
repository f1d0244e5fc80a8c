// Which build of the engine a training runs in: threads share a memory that does not grow, so what
// does not fit into that runs in one thread.
import { load, type Lanegrad } from "../api/lanegrad.js";
import type { LoadOptions } from "../module/load.js";
import { hasThreads, whyNoThreads } from "../module/variants.js";
import type { TrainingSettings } from "../protocol/settings.js";
import { trainingBytes, whyTooLarge, type DataSizes } from "./memory.js";

/** The engine that runs, and a sentence where it has one thread because of what is asked of it. */
export interface Choice {
  lg: Lanegrad;
  note: string | undefined;
}

/** The engine that runs a training now, with that training's settings. */
interface Current {
  lg: Lanegrad;
  settings: TrainingSettings;
}

export class BuildChoice {
  readonly #options: LoadOptions;

  constructor(options: LoadOptions) {
    this.#options = options;
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
    const lg = current?.lg ?? (await load(this.#options));
    const mayChoose = variant === undefined && threads > 1 && whyNoThreads() === undefined;
    if (!mayChoose) return { lg, note: undefined };
    if (!current && !hasThreads(lg.variant)) {
      // Threads that did not start once are not tried again.
      this.#options.threads = 1;
      return { lg, note: undefined };
    }
    const bytes = sizes.bytes + needed(lg, sizes, settings);
    const note = whyTooLarge(bytes);
    const shared = note === undefined;
    if (hasThreads(lg.variant) === shared) {
      const others = current ? needed(lg, sizes, current.settings) : 0;
      if (!shared || whyTooLarge(bytes + others) === undefined) return { lg, note };
    }
    if (!current) lg.end();
    const fresh = await load({ ...this.#options, threads: shared ? threads : 1 });
    if (shared && !hasThreads(fresh.variant)) this.#options.threads = 1;
    return { lg: fresh, note };
  }
}

/**
 * The bytes that the net of these settings needs; 0 where they are wrong, which is reported when
 * the net is made.
 */
export function needed(
  lg: Lanegrad,
  sizes: DataSizes,
  { weights, checkpoint, ...run }: TrainingSettings,
): number {
  try {
    const settings = checkpoint ? lg.savedRecipe(checkpoint) : lg.recipe(run);
    const { sampleShape: inputs, outputs } = sizes;
    return trainingBytes(sizes, lg.describe(settings.net!, { inputs, outputs }), settings);
  } catch {
    return 0;
  }
}
