// Prints a sheet of the run, which is made when somebody wants it: by the button, or by the keys with
// which browsers print.
import { lazy } from "../../../ui/lazy";
import { part } from "../../../ui/dom";
import { retriable } from "../../../ui/problems";
import type { DigitsRun } from "../run/digits_run";
import type { Examined, KeptRun } from "../run/run_record";

const loadSheet = lazy(() => import("./sheet"), "printSheet");

export function mount(place: HTMLElement, run: DigitsRun): void {
  const button = part<HTMLButtonElement>(place, "print");
  let kept: readonly KeptRun[] = [];
  let examined: Examined | undefined;

  async function print(): Promise<void> {
    try {
      const { printSheet } = await loadSheet();
      await printSheet(place, { run, kept, examined, when: new Date() });
    } catch (error) {
      run.show(retriable(error, () => void print()));
    }
  }

  button.addEventListener("click", () => void print());
  addEventListener("keydown", (event) => {
    const isPrint = event.key === "p" && (event.ctrlKey || event.metaKey);
    if (!isPrint || button.disabled || !button.checkVisibility()) return;
    event.preventDefault();
    void print();
  });
  run.on("compared", (runs) => (kept = runs));
  run.on("examined", (found) => (examined = found));
  run.onAny(["net", "progress"], () => (button.disabled = run.history.step === 0));
}
