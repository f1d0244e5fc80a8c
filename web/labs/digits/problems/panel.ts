// What went wrong, and what is worth knowing.
import { LanegradError } from "lanegrad";
import { describe, Problems } from "../../../ui/problems";
import type { DigitsEvents } from "../run/digits_events";
import type { DigitsRun } from "../run/digits_run";
import { weightsOf } from "../run/run_record";

export function mount(place: HTMLElement, run: DigitsRun): void {
  const problems = new Problems(place);
  // What is told of the best epoch, until there is another attempt.
  let best: HTMLElement | undefined;
  run.on("attempt", () => {
    problems.clear();
    best?.remove();
  });
  run.on("problem", ({ problem, kind }) => problems.show(problem, kind));
  run.on("failure", (error) => {
    // The doctor knows more about this.
    if (error instanceof LanegradError && error.code === "Diverged") return;
    const action = { label: "Start again", run: () => run.start() };
    const problem = describe(error);
    // What is wrong with settings together is said in the words of their fields.
    const isRefusal = error instanceof LanegradError && error.code === "InvalidArgument";
    const conflict = run.asked.conflict(run.sets);
    if (isRefusal && conflict) problem.message = conflict.sentence;
    problems.show({ ...problem, ...(run.status === "failed" && { action }) });
  });
  run.on("unfit", ({ error, net }) => {
    const hint = `The net ${net} with its usual settings is here instead.`;
    const title = "The settings do not fit these pictures";
    problems.show({ ...describe(error), title, hint }, "notice");
  });
  const tellBest = ({ restored, epochs, early }: DigitsEvents["best"]) => {
    const { epoch } = restored;
    // The weights are what they were.
    if (epoch === epochs) return;
    const loss = `The loss on the validation ${run.pictures!.noun}s`;
    const found = early
      ? `${loss} has not improved since epoch ${epoch}, so training stopped after epoch ${epochs}`
      : `${loss} was smallest after epoch ${epoch}`;
    best = problems.show(
      {
        title: early ? "Stopped early" : `The weights of epoch ${epoch} are back`,
        message: `${found}. ${weightsOf(restored)}`,
        isWished: true,
      },
      "notice",
    );
  };
  run.on("best", tellBest);
  // A run that comes back has the weights that it had.
  run.on("net", ({ record: { restored, epochs, progress } }) => {
    const done = epochs.at(-1)?.epoch;
    if (restored && done) tellBest({ restored, epochs: done, early: done < progress.epochs });
  });
}
