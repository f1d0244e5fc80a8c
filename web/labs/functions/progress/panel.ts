// The buttons of the run, and its numbers.
import { RunButtons } from "../../../run/run_buttons";
import { isRunning } from "../../../run/status";
import { part, setText } from "../../../ui/dom";
import { coarsePercent, grouped } from "../../../ui/format";
import type { Look } from "../engine/snapshot";
import { write } from "../plots/plane";
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

  function showLook({ step, train, held }: Look): void {
    put("steps-done", grouped(step));
    put("train-loss", write(train.loss));
    put("held-loss", held ? write(held.loss) : "–");
    put("train-accuracy", coarsePercent(train.accuracy));
    put("held-accuracy", coarsePercent(held?.accuracy ?? NaN));
  }

  run.on("status", (status) => {
    const { continues, look, experiment } = run;
    put("status", status);
    part(place, "status").dataset["status"] = status;
    buttons.show(status, false, status === "finished" || continues);
    // The button says that what was learned so far would be lost.
    if (status === "idle" && experiment.step > 0 && !continues) put("start", "Start again");
    part<HTMLFieldSetElement>(place, "fixed").disabled = isRunning(status);
    put("note", isRunning(status) ? "The greyed settings are fixed while a run is under way." : "");
    if (status === "finished" && look) {
      run.say(`${look.step} steps are done. Training loss ${write(look.train.loss)}.`);
    }
  });
  run.on("look", (look) => {
    if (!place.hidden) showLook(look);
    if (run.experiment.status !== "training") return;
    run.say(`Step ${look.step}. Training loss ${write(look.train.loss)}.`);
  });
  run.onAny(["settings", "change", "made"], () =>
    part(place, "readouts").classList.toggle("of-classes", isClasses(run.settings.task)),
  );
}
