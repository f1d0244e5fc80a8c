// Makes the trainer when it is first wanted or has crashed, and in it one net after the other.
import { Trainer, type TrainingSettings } from "lanegrad";
import { nextTask } from "../../../run/next_task";
import { isCrash } from "../../../run/command_queue";
import type { Events } from "../../../run/events";
import { forEngine, fromEngine, keys, type Key, type Settings } from "../settings/digits_settings";
import type { CurrentNet } from "./current_net";
import type { DigitsEvents } from "./digits_events";
import { completed, type KnownRecord, type RunRecord, type SavedRun } from "./run_record";
import { mnistSets, type SampleSets } from "./sample_sets";
import type { WhichMnist } from "../../../data/mnist";

export class NetMaker {
  // What is learned instead of the MNIST in `which`.
  private own: SampleSets | undefined;
  private made: string | undefined; // what the net was made with
  private begun: string | undefined; // what its first weights and answers come from, and are judged by
  private offered = false; // the engine's nets

  constructor(
    private readonly net: CurrentNet,
    private readonly events: Events<DigitsEvents>,
    private readonly onCrash: (error: unknown) => void,
    private which: WhichMnist,
  ) {}

  // Whether the current net was made with these settings.
  hasMade(settings: Settings): boolean {
    return this.net.trainer !== undefined && this.made === recipe(settings);
  }

  // Whether these settings begin with the net that was made, as long as that has learned nothing.
  beginsAs(settings: Settings): boolean {
    return this.begun === beginning(settings);
  }

  // Makes a net that has learned nothing: the first one, or a successor of the current one in the
  // same worker. Settings that `given` does not name come from the engine's recipe for the net.
  async fresh(settings: Settings, given: readonly Key[] = keys, unasked = false): Promise<void> {
    await this.make(forEngine(settings, given));
    await this.tell({ unasked });
  }

  // Goes to a saved run, at the place where it was saved. Resolves with its record.
  async restore({ checkpoint, record }: SavedRun): Promise<RunRecord> {
    await this.make({ checkpoint });
    return this.tell({ known: record });
  }

  // Makes a trainer for other pictures; the current one stays. Resolves with a function that puts the
  // new one in its place.
  async prepare(sets: SampleSets): Promise<(settings: Settings) => Promise<void>> {
    const trainer = await this.create(sets);
    return async (settings) => {
      this.net.trainer?.dispose();
      this.net.trainer = trainer;
      this.own = sets.which ? undefined : sets;
      this.which = sets.which ?? this.which;
      this.events.emit("sets", sets);
      if (!this.offered) await this.offerRecipes();
      try {
        await trainer.reset(forEngine(settings));
      } catch (error) {
        // The net or its settings do not fit these pictures; those that the trainer came with do.
        if (isCrash(error)) throw error;
        this.events.emit("unfit", { error, net: trainer.info.settings.net! });
      }
      await this.tell();
    };
  }

  private async make(options: TrainingSettings): Promise<void> {
    if (!this.net.trainer) {
      // The engine's own settings come first: if anything is wrong with those that are wanted,
      // there is an engine then to say so, and to describe other nets.
      const sets =
        this.own ??
        (await mnistSets(this.which, (received, total) =>
          this.events.emit("loading", { received, total }),
        ));
      this.events.emit("sets", sets);
      await nextTask();
      this.net.trainer = await this.create(sets);
      await this.offerRecipes();
    }
    await this.net.trainer.reset(options);
  }

  private async offerRecipes(): Promise<void> {
    this.events.emit("recipes", await this.net.trainer!.recipes());
    this.offered = true;
  }

  // Tells of the net, of whose past so much is known; a new one has none.
  private async tell(about: { known?: KnownRecord; unasked?: boolean } = {}): Promise<RunRecord> {
    const { known, unasked = false } = about;
    const trainer = this.net.trainer!;
    const isKnown = known?.progress !== undefined;
    const measured = isKnown ? undefined : await judged(trainer);
    const { info } = trainer;
    const record = completed(known ?? {}, info, measured?.accuracy);
    const settings = fromEngine(info.settings);
    this.made = recipe(settings);
    this.begun = beginning(settings);
    this.events.emit("net", { info, record, restored: known !== undefined, unasked });
    return record;
  }

  private async create({ pictures, train, test, transfer }: SampleSets): Promise<Trainer> {
    const named = { ...train(), classNames: pictures.names };
    const trainer = await Trainer.create({ data: { train: named, test }, transfer });
    trainer.onCrash = (error) => {
      if (trainer === this.net.trainer) this.onCrash(error);
    };
    return trainer;
  }
}

// Measures what the net is judged by: what is held back, or the test where nothing is.
const judged = (trainer: Trainer) =>
  trainer.info.validationSamples > 0 ? trainer.measure("validation") : trainer.evaluate();

// What a net is made from. The learning rate may change while it lives, and so may the number of
// epochs where no schedule depends on it. Other data come with a net of their own.
function recipe(settings: Settings): string {
  const { lr, rates, epochs, data, ...rest } = settings;
  return JSON.stringify(settings.schedule === "constant" ? rest : { ...rest, epochs });
}

// What the first weights and answers of a net come from, and what they are judged by.
const beginning = ({ net, seed, normalize, validation }: Settings) =>
  JSON.stringify([net, seed, normalize, validation]);
