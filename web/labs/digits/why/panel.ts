// "Why does it read that?" below the pad. why_view.ts explains it, and is loaded when somebody asks.
import { lazy } from "../../../ui/lazy";
import { retriable } from "../../../ui/problems";
import type { DigitsRun } from "../run/digits_run";

const loadView = lazy(() => import("./why_view"), "WhyView");

export function mount(place: HTMLElement, run: DigitsRun): void {
  async function load(): Promise<void> {
    try {
      new (await loadView()).WhyView(place as HTMLDetailsElement, run);
    } catch (error) {
      run.show(retriable(error, () => void load()));
    }
  }
  place.addEventListener("toggle", () => void load(), { once: true });
}
