// Which column matters to the net, measured whenever it has come to rest.
import { describe } from "../../../ui/problems";
import { make, part, setText } from "../../../ui/dom";
import { grouped, large, percentage } from "../../../ui/format";
import { importances, mostRows, type Importance } from "../run/importance";
import type { Made } from "../run/tables_events";
import type { TablesRun } from "../run/tables_run";
import "./matters.css";

// The most columns that have a bar.
const mostBars = 30;

export function mount(place: HTMLElement, run: TablesRun): void {
  const { session, settings } = run;
  const bars = part(place, "tb-matters");
  const say = (text: string) => setText(part(place, "tb-matters-state"), text);
  let ends = new AbortController();
  // The state that was measured, so that nothing is measured twice.
  let measured = "";

  function renew(): void {
    const { made, status, step } = session;
    const state = `${status === "training"} ${step}`;
    if (made && measured === state) return;
    ends.abort();
    measured = made ? state : "";
    bars.replaceChildren();
    if (made && status === "training")
      return say("Measured when the net rests: at a pause, or at the end.");
    if (!made || step === 0) return say("Measured once the net has learned something.");
    say("Measuring …");
    void measure(made, (ends = new AbortController()).signal);
  }

  async function measure(made: Made, signal: AbortSignal): Promise<void> {
    try {
      const ask = (inputs: Float32Array, count: number) => session.ask(inputs, count);
      const found = await importances(made.truth, ask, settings.seed, signal);
      if (found && !signal.aborted) show(made, found);
    } catch (error) {
      if (!signal.aborted) say(describe(error).message);
    }
  }

  function show({ truth, prepared }: Made, found: readonly Importance[]): void {
    const { columns } = run.opened!.table;
    const most = found.reduce((most, { loss }) => Math.max(most, loss), 0);
    const written = ({ loss }: Importance) => {
      if (!truth.isClasses) return `${loss < 0 ? "" : "+"}${large(loss)}`;
      const points = (100 * loss).toFixed(1).replace("-", "−");
      return percentage(points);
    };
    const lines = found.slice(0, mostBars).map((each) => {
      const bar = make("span", { className: "tb-bar" });
      bar.style.setProperty("--share", String(most > 0 ? Math.max(0, each.loss / most) : 0));
      return make(
        "li",
        {},
        make("span", { className: "tb-name" }, columns[each.column]!.name),
        bar,
        make("b", {}, written(each)),
      );
    });
    bars.replaceChildren(make("ol", {}, ...lines));
    const rows = Math.min(prepared.held.count, mostRows);
    const what = truth.isClasses
      ? "How many more of a hundred answers are wrong without the column"
      : `How much the mean absolute error grows without the column, in ${prepared.target.name}`;
    const more =
      found.length > mostBars ? ` The first ${mostBars} of ${grouped(found.length)} columns.` : "";
    say(`${what}: means of five shuffles of ${grouped(rows)} held-out rows.${more}`);
  }

  run.onAny(["status", "made"], renew);
  run.on("progress", () => session.status === "training" || renew());
}
