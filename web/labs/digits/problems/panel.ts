// What went wrong, and what is worth knowing.
import { LanegradError } from "lanegrad";
import { describe, Problems } from "../../../ui/problems";
import type { DigitsEvents } from "../run/digits_events";
import type { DigitsRun } from "../run/digits_run";
import { weightsOf } from "../run/run_record";

export function mount(place: HTMLElement, run: DigitsRun): void {
  const problems = new Problems(place);
  run.on("attempt", () => problems.clear());
  run.on("problem", ({ problem, kind }) => problems.show(problem, kind));
  run.on("failure", (error) => {
    // The doctor knows more about this.
    if (error instanceof LanegradError && error.code === "Diverged") return;
    const action = { label: "Start again", run: () => run.start() };
    problems.show({ ...describe(error), ...(run.status === "failed" && { action }) });
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
    const pictures = `validation ${run.pictures!.noun}s`;
    const again = weightsOf(restored);
    problems.show(
      {
        title: early ? "Stopped early" : `The weights of epoch ${epoch} are back`,
        message: early
          ? `The ${pictures} have been read no better since, so learning stopped early, after epoch ${epochs}. ${again}`
          : `The ${pictures} were read best after epoch ${epoch}. ${again}`,
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
