// The check of the gradients, which needs no derivatives.
import { part } from "../../../ui/dom";
import type { FormulaRun } from "../run/formula_run";
import { checkTable } from "./difference_table";

export function mount(place: HTMLElement, run: FormulaRun): void {
  const result = part(place, "differences");
  part(place, "check").addEventListener("click", () => void run.check());
  run.on("differences", (differences) => {
    result.replaceChildren(...checkTable(differences));
    result.hidden = false;
  });
}
