// The section of the honest evaluation. What it shows is evaluation_view.ts, which is loaded when somebody first
// looks there, or asks.
import type { EpochResult, Pile } from "lanegrad";
import { lazy } from "../../lazy";
import { retriable, type Problem } from "../../widgets/problems";
import type { Digits } from "./digits";
import type { EvaluationView } from "./evaluation_view";
import type { Counts, Hardship, Result } from "./scores";

const loadView = lazy(() => import("./evaluation_view"), "EvaluationView");

export interface EvaluationOptions {
  place: HTMLElement;
  predict(inputs: Float32Array, count: number): Promise<Float32Array | undefined>;
  // The net's results on what it learns from, or some of it, and on what is held back.
  measure(pile: Pile): Promise<Result | undefined>;
  hardship(): Hardship; // of training
  onHoldBack(): void; // Somebody wants some held back.
  step(): number; // steps done
  training(): boolean;
  onChoose(index: number): void;
  onProblem(problem: Problem): void; // It could not be loaded.
}

export class Evaluation {
  private view: EvaluationView | undefined;
  private digits: Digits | undefined;
  private counts: Counts | undefined; // none before there is a net
  private last: EpochResult | undefined;

  constructor(private readonly options: EvaluationOptions) {
    const { place, onHoldBack } = options;
    const button = (name: string) => place.querySelector(`[data-do="${name}"]`)!;
    button("ask").addEventListener("click", () => void this.load((view) => view.ask()));
    button("hold").addEventListener("click", onHoldBack);
    const seen = new IntersectionObserver(([entry]) => {
      if (!entry!.isIntersecting) return;
      seen.disconnect();
      void this.load();
    });
    seen.observe(place);
  }

  // Another set of test pictures, or other names of its classes.
  use(digits: Digits): void {
    this.digits = digits;
    this.view?.use(digits);
  }

  // Another net.
  reset(counts: Counts): void {
    this.counts = counts;
    this.last = undefined;
    this.view?.reset(counts);
  }

  // An epoch has ended.
  epoch(last: EpochResult): void {
    this.last = last;
    this.view?.epoch(last);
  }

  // The net is not what it was when it was asked.
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
