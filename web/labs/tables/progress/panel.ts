// The buttons of the run, and its numbers.
import { RunButtons } from "../../../run/run_buttons";
import { part, setText } from "../../../ui/dom";
import { coarsePercent, compact, grouped, large, loss } from "../../../ui/format";
import { numbersRest, Paced } from "../../../ui/pace";
import type { TablesRun } from "../run/tables_run";
import { own } from "../settings/shipped";

export function mount(place: HTMLElement, run: TablesRun): void {
  const { session, settings } = run;
  const buttons = new RunButtons(place, {
    start: () => run.start(),
    pause: () => run.pauseOrResume(),
    step: () => run.step(),
    stop: () => run.stop(),
    reset: () => run.reset(),
  });
  const put = (name: string, text: string) => setText(part(place, name), text);
  const numbers = new Paced(
    () => numbersRest,
    () => {
      const { made, step, epoch, trainLoss, judged } = session;
      const steps = made ? settings.epochs * made.info.batchesPerEpoch : 0;
      part<HTMLProgressElement>(place, "way").value = steps > 0 ? Math.min(1, step / steps) : 0;
      put("tb-way", steps > 0 ? `Step ${grouped(step)} of ${grouped(steps)}` : "");
      put("epoch", made ? `${grouped(epoch)} / ${grouped(settings.epochs)}` : "–");
      put("train-loss", loss(trainLoss));
      put("accuracy", judged ? coarsePercent(judged.accuracy) : "–");
      put("r2", judged ? compact(judged.r2) : "–");
      put("error", judged ? large(judged.error) : "–");
    },
  );

  function showStatus(): void {
    const { status } = session;
    const none = run.opened === undefined;
    put("status", none && settings.table === own ? "no table" : status);
    part(place, "status").dataset["status"] = status;
    const continues = session.continues(settings);
    buttons.show(status, none, continues, session.step > 0);
    for (const name of ["step", "reset"])
      if (none) part<HTMLButtonElement>(place, name).disabled = true;
    numbers.renew();
    if (status === "training") return;
    numbers.flush();
    if (status === "finished") run.say(`${settings.epochs} epochs are done.`);
  }

  run.on("status", showStatus);
  run.onAny(["progress", "judged"], () => {
    numbers.renew();
    if (session.status !== "training") numbers.flush();
  });
  run.onAny(["settings", "made", "table"], showStatus);
}
