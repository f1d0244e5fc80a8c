// The section of the evaluation. evaluation_view.ts shows it, and is loaded when the section first
// comes into sight or somebody asks.
import { lazy } from "../../../ui/lazy";
import { part } from "../../../ui/dom";
import { retriable } from "../../../ui/problems";
import type { DigitsRun } from "../run/digits_run";
import type { EvaluationView } from "./evaluation_view";

const loadView = lazy(() => import("./evaluation_view"), "EvaluationView");

export function mount(place: HTMLElement, run: DigitsRun): void {
  let view: EvaluationView | undefined;

  async function load(then: (view: EvaluationView) => void = () => {}): Promise<void> {
    try {
      const { EvaluationView } = await loadView();
      view ??= new EvaluationView(place, run);
      then(view);
    } catch (error) {
      run.show(retriable(error, () => void load(then)));
    }
  }

  part(place, "ask").addEventListener("click", () => void load((view) => void view.ask()));
  const hold = part<HTMLButtonElement>(place, "hold");
  hold.addEventListener("click", () => run.holdBack());
  run.on("status", () => (hold.disabled = run.running));
  const seen = new IntersectionObserver(([entry]) => {
    if (!entry!.isIntersecting) return;
    seen.disconnect();
    void load();
  });
  seen.observe(place);
}
