// The net at work: the answer to a row that somebody fills in, and to the rows of a file.
import "./predict.css";
import { part, setText } from "../../../ui/dom";
import type { TablesRun } from "../run/tables_run";
import { mountFile } from "./file_answers";
import { RowForm } from "./row_form";

export function mount(place: HTMLElement, run: TablesRun): void {
  const { session } = run;
  const form = new RowForm(place, run);

  const about = () => {
    const { made, step } = session;
    const text = !made
      ? "There is no net yet."
      : step === 0
        ? "The net has learned nothing yet, so its answers are chance. Below is a held-out row: change it as you like."
        : "Below is a held-out row, which the net has not learned from. Change it and watch the answer; an empty field is a missing value.";
    setText(part(place, "tb-row-about"), text);
  };
  run.onAny(["made", "status", "progress"], about);
  run.on("made", (made) => form.build(made));
  run.onAny(["judged", "status"], () => form.ask());
  mountFile(place, run);
}
