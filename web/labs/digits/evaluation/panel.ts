// The section of the evaluation. evaluation_view.ts shows it, and is loaded when the section first
// comes into sight or somebody asks.
import type { EpochResult, Pile } from "lanegrad";
import { lazy } from "../../../ui/lazy";
import { retriable, type Problem } from "../../../ui/problems";
import type { Digits } from "../run/picture_set";
import type { EvaluationView } from "./evaluation_view";
import type { Counts, Hardship, Result } from "./scores";

const loadView = lazy(() => import("./evaluation_view"), "EvaluationView");

export interface EvaluationOptions {
  place: HTMLElement;
  predict(inputs: Float32Array, count: number): Promise<Float32Array | undefined>;
  // The net's loss and accuracy on samples that it learns from, or on those held back.
  measure(pile: Pile): Promise<Result | undefined>;
  // The settings that make the loss of training differ from that of the test.
  hardship(): Hardship;
  // Called when somebody wants samples to be held back.
  onHoldBack(): void;
  // The steps done.
  step(): number;
  training(): boolean;
  onChoose(index: number): void;
  // Called when the view could not be loaded.
  onProblem(problem: Problem): void;
}

export class Evaluation {
  private view: EvaluationView | undefined;
  private digits: Digits | undefined;
  // The counts of samples; undefined before there is a net.
  private counts: Counts | undefined;
  private last: EpochResult | undefined;

  constructor(private readonly options: EvaluationOptions) {
    const { place, onHoldBack } = options;
    const button = (name: string) => place.querySelector(`[data-do="${name}"]`)!;
    button("ask").addEventListener("click", () => void this.load((view) => void view.ask()));
    button("hold").addEventListener("click", onHoldBack);
    const seen = new IntersectionObserver(([entry]) => {
      if (!entry!.isIntersecting) return;
      seen.disconnect();
      void this.load();
    });
    seen.observe(place);
  }

  // Takes another set of test pictures, or other names of its classes.
  use(digits: Digits): void {
    this.digits = digits;
    this.view?.use(digits);
  }

  // Evaluates another net.
  reset(counts: Counts): void {
    this.counts = counts;
    this.last = undefined;
    this.view?.reset(counts);
  }

  // Takes the result of an epoch that has ended.
  epoch(last: EpochResult): void {
    this.last = last;
    this.view?.epoch(last);
  }

  // The net has changed since it was asked.
  changed(): void {
    this.view?.changed();
  }

  private async load(then: (view: EvaluationView) => void = () => {}): Promise<void> {
    try {
      const { EvaluationView } = await loadView();
      this.view ??= this.begun(new EvaluationView(this.options));
      then(this.view);
    } catch (error) {
      this.options.onProblem(retriable(error, () => void this.load(then)));
    }
  }

  private begun(view: EvaluationView): EvaluationView {
    if (this.digits) view.use(this.digits);
    if (this.counts) view.reset(this.counts);
    if (this.last) view.epoch(this.last);
    return view;
  }
}
