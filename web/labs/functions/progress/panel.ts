// The buttons of the run, and its numbers.
import { RunButtons } from "../../../run/run_buttons";
import { isRunning } from "../../../run/status";
import { part, setText } from "../../../ui/dom";
import { coarsePercent, grouped } from "../../../ui/format";
import type { Snapshot } from "../engine/snapshot";
import { write } from "../../../ui/plots/plane";
import type { FunctionsRun } from "../run/functions_run";
import { isClasses } from "../settings/functions_settings";

export function mount(place: HTMLElement, run: FunctionsRun): void {
  const buttons = new RunButtons(place, {
    start: () => run.start(),
    pause: () => run.pauseOrResume(),
    step: () => run.step(),
    stop: () => run.stop(),
    reset: () => run.reset(),
  });
  const put = (name: string, text: string) => setText(part(place, name), text);

  function showSnapshot({ step, train, held }: Snapshot): void {
    put("steps-done", grouped(step));
    put("train-loss", write(train.loss));
    put("held-loss", held ? write(held.loss) : "–");
    put("train-accuracy", coarsePercent(train.accuracy));
    put("held-accuracy", coarsePercent(held?.accuracy ?? NaN));
  }

  run.on("status", (status) => {
    const { continues, snapshot, experiment } = run;
    put("status", status);
    part(place, "status").dataset["status"] = status;
    buttons.show(status, false, status === "finished" || continues);
    // The button says that what was learned so far would be lost.
    if (status === "idle" && experiment.step > 0 && !continues) put("start", "Start again");
    part<HTMLFieldSetElement>(place, "fixed").disabled = isRunning(status);
    put("note", isRunning(status) ? "The greyed settings are fixed while a run is under way." : "");
    if (status === "finished" && snapshot) {
      run.say(`${snapshot.step} steps are done. Training loss ${write(snapshot.train.loss)}.`);
    }
  });
  run.on("snapshot", (snapshot) => {
    if (!place.hidden) showSnapshot(snapshot);
    if (run.experiment.status !== "training") return;
    run.say(`Step ${snapshot.step}. Training loss ${write(snapshot.train.loss)}.`);
  });
  run.onAny(["settings", "change", "made"], () =>
    part(place, "readouts").classList.toggle("of-classes", isClasses(run.settings.task)),
  );
}
