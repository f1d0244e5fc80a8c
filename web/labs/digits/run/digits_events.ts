// What happens to a run. The run knows all of it before it says so; panels listen.
import type { NamedRecipe, Progress, Restored, TrainerInfo } from "lanegrad";
import type { WhichMnist } from "../../../data/mnist";
import type { Problem, ProblemKind } from "../../../ui/problems";
import type { Status } from "../../../run/status";
import type { OpenedStep } from "../../opened_step";
import type { Key } from "../settings/digits_settings";
import type { PictureSet } from "./picture_set";
import type { Examined, KeptRun, RunRecord } from "./run_record";
import type { SampleSets } from "./sample_sets";

export interface DigitsEvents {
  // ---- From the trainer -----------------------------------------------------
  status: Status;
  // The bytes of MNIST that have come so far; `total` is undefined until it is known.
  loading: { received: number; total: number | undefined };
  sets: SampleSets;
  // The engine is loaded; these are its nets.
  recipes: readonly NamedRecipe[];
  // There is another net, with what it has been through: it has learned nothing yet, or was restored.
  // An `unasked` one was made since the settings are others, before the visitor has started it; they
  // may have changed again by now.
  net: { info: TrainerInfo; record: RunRecord; restored: boolean; unasked: boolean };
  progress: Progress;
  // The weights of the best epoch are back: early, after `epochs` epochs, or since all are done.
  best: { restored: Restored; epochs: number; early: boolean };
  failure: unknown;
  // The net for the new pictures cannot have these settings; the engine's usual ones are used
  // instead, with the net `net`.
  unfit: { error: unknown; net: string };

  // ---- From the visitor, or from what follows -------------------------------
  // A command is about to be tried, so earlier complaints no longer hold.
  attempt: void;
  // The visitor has said what the drawing is.
  labelled: void;
  // A start was asked for and waits for what is being loaded, or no longer does.
  starting: void;
  // A setting has changed; without a key several may have, elsewhere than in the form.
  settings: Key | undefined;
  // The learning rate of the current net has changed by itself, as was planned.
  rate: void;
  // Other test pictures are there.
  pictures: PictureSet;
  // The classes of the pictures have other names.
  names: PictureSet;
  // Another picture is the selected one.
  selected: void;
  // The test picture with this number was chosen: elsewhere in the page, if `far`.
  chosen: { index: number; far: boolean };
  // This picture is to lie on the pad, as brightnesses from 0 to 255.
  laid: Uint8Array;
  // The selected picture's step is to be opened, whose label is known.
  openPicture: void;
  // The first net was made, or could not be.
  opened: void;
  // The test was asked; undefined where what it said is gone.
  examined: Examined | undefined;
  // The runs that are kept for comparison are others.
  compared: readonly KeptRun[];
  // A step to be marked in the curves; undefined removes the mark.
  marked: number | undefined;
  // Somebody wants samples to be held back for validation.
  holdBack: void;
  // Somebody wants to choose files of pictures, or to learn MNIST.
  choosePictures: "choose" | WhichMnist;
  // One picture's step is to be opened in Autograd.
  openStep: Omit<OpenedStep, "run">;
  problem: { problem: Problem; kind: ProblemKind };
  // A sentence for screen readers.
  say: string;
}
