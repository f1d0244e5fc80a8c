// How good the net is, beside a plain guess and a linear model; what it confuses, or how far it is off.
import "./scores.css";
import { lazy } from "../../../ui/lazy";
import { part, setText, table } from "../../../ui/dom";
import { coarsePercent, counted, grouped, large, compact } from "../../../ui/format";
import { numbersRest, Paced } from "../../../ui/pace";
import type { Judged } from "../run/judging";
import { Plane } from "../../../ui/plots/plane";
import type { TablesRun } from "../run/tables_run";
import { Confusion } from "./confusion";
import { drawResiduals } from "./residuals";
import { verdict } from "./verdict";

const loadAnswers = lazy(() => import("./held_answers"), "saveHeldAnswers");

export function mount(place: HTMLElement, run: TablesRun): void {
  const { session } = run;
  const confusion = new Confusion(part(place, "tb-confusion"), part(place, "confusion-note"));
  const residuals = new Plane(part(place, "tb-residuals"), (plane) => drawResiduals(plane, run));

  function show(): void {
    const { made, judged, linear, step } = session;
    const beside = part(place, "tb-beside");
    if (!made) {
      confusion.show([], undefined);
      return beside.replaceChildren();
    }
    const { truth, prepared } = made;
    const { name } = prepared.target;
    const guess = truth.isClasses ? prepared.classNames![truth.guess]! : large(truth.guess);
    const waits = linear ? "" : session.running ? " (learning)" : "";
    const rows: [string, Judged | undefined][] = [
      [`Plain guess: always ${guess}`, truth.plain],
      [`Linear model${waits}`, linear],
      [session.running ? "The net, by now" : "The net", step > 0 ? judged : undefined],
    ];
    const heads = truth.isClasses
      ? ["Who answers", "Accuracy", "Right"]
      : ["Who answers", "R²", `Mean absolute error, in ${name}`];
    const cells = rows.map(([who, score]) => [
      who,
      ...written(score, truth.isClasses, prepared.held.count),
    ]);
    beside.replaceChildren(...table(heads, cells).children);
    setText(part(place, "tb-verdict"), verdict(session));
    if (truth.isClasses) confusion.show(prepared.classNames!, judged && truth.confusion(judged));
    else residuals.redraw();
  }

  const showing = new Paced(() => numbersRest, show);
  run.onAny(["judged", "linear", "made", "status"], () => {
    showing.renew();
    if (session.status !== "training") showing.flush();
  });
  for (const button of place.querySelectorAll('[data-part="save-answers"]')) {
    button.addEventListener("click", () => {
      run.watch(loadAnswers().then(({ saveHeldAnswers }) => saveHeldAnswers(run)));
    });
  }
}

function written(score: Judged | undefined, isClasses: boolean, count: number): string[] {
  if (!score) return ["–", "–"];
  if (!isClasses) return [compact(score.r2), large(score.error)];
  const right = Math.round(score.accuracy * count);
  return [coarsePercent(score.accuracy), `${grouped(right)} of ${counted(count, "row")}`];
}
