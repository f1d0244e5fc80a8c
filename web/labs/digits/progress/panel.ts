// The buttons of the run, and its numbers.
import type { Progress } from "lanegrad";
import * as format from "../../../ui/format";
import { part } from "../../../ui/dom";
import { numbersRest, Paced } from "../../../ui/pace";
import { RunButtons } from "../../../run/run_buttons";
import type { DigitsRun } from "../run/digits_run";
import { judgement, plannedEpochs, weightsOf } from "../run/run_record";
import { Readouts } from "./readouts";

export function mount(place: HTMLElement, run: DigitsRun): void {
  const { history } = run;
  const readouts = new Readouts(place);
  const buttons = new RunButtons(place, {
    start: () => run.start(),
    pause: () => run.pauseOrResume(),
    step: () => run.step(),
    stop: () => void run.stop(),
    reset: () => run.reset(),
  });
  const again = part<HTMLButtonElement>(place, "again");
  again.addEventListener("click", () => run.start(true));

  function showButtons(): void {
    const { status, starting, running, continues } = run;
    const learned = history.step > 0;
    again.disabled = !continues || !learned || running || starting || status === "loading";
    buttons.show(status, starting, continues, learned);
    // It keeps the focus until that has gone on to the next button.
    again.hidden = again.disabled;
  }

  function showAccuracy(): void {
    const { accuracyNow, judge, restored, step } = history;
    const accuracy = accuracyNow === undefined ? "–" : format.percent(accuracyNow);
    const later = accuracyNow === undefined && step > 0 ? "at the epoch’s end" : "";
    readouts.judge(judge, accuracy, restored ? `epoch ${restored.epoch}` : later);
  }

  function showPlace(): void {
    const { step, epoch, batchesPerEpoch } = history;
    if (batchesPerEpoch === 0) return;
    const epochs = plannedEpochs(run);
    readouts.set("epoch", `${epoch} / ${epochs}`);
    readouts.steps(step, epochs * batchesPerEpoch);
  }

  // The latest message of the net's training.
  let latest: Progress | undefined;
  const numbers = new Paced(
    () => numbersRest,
    () => {
      if (!latest) return;
      readouts.set("train-loss", format.loss(history.trainLoss));
      readouts.setRate(latest.samplesPerSecond);
      readouts.set("time-left", run.running ? format.duration(latest.secondsLeft) : "–");
      showAccuracy();
      showPlace();
    },
  );

  function showStatus(): void {
    const { status } = run;
    readouts.set("status", status);
    part(place, "status").dataset["status"] = status;
    showButtons();
    if (!run.running) readouts.set("time-left", "–");
    if (status === "failed") readouts.loadingFailed();
  }

  run.on("status", (status) => {
    numbers.flush();
    showStatus();
    const { restored } = history;
    const weights = status === "finished" && restored ? ` ${weightsOf(restored)}` : "";
    if (status !== "training") run.emit("say", `Status: ${status}.${weights}`);
  });
  run.on("starting", showStatus);
  run.on("settings", () => {
    showButtons();
    showPlace();
  });
  run.on("loading", ({ received, total }) => readouts.loading(received, total));
  run.on("net", () => {
    latest = undefined;
    readouts.set("train-loss", format.loss(history.trainLoss));
    readouts.setRate(NaN);
    showAccuracy();
    showPlace();
    showButtons();
  });
  run.on("progress", (progress) => {
    latest = progress;
    const { epochsDone = [], epochs } = progress;
    for (const done of epochsDone) {
      const { judge, accuracy } = judgement(done);
      const judged = `${judge === "test" ? "Test" : "Validation"} accuracy ${format.percent(accuracy)}.`;
      run.emit("say", `Epoch ${done.epoch} of ${epochs} is done. ${judged}`);
    }
    numbers.renew();
    if (run.status === "training") return;
    // A single step.
    numbers.flush();
    showButtons();
  });
  run.on("best", showAccuracy);
  showStatus();
}
