// What a sweep has come to: its table, which row is the best, its figure, and what the test says of
// the best once somebody asks.
import { copyTable } from "../../../ui/copy_table";
import { button, make, scroller, setText } from "../../../ui/dom";
import * as format from "../../../ui/format";
import type { StoredSweep } from "../storage/stored_sweep";
import { ratePlot } from "./rate_plot";
import { ranked, rowsOf, verdict, written, type SweepRow } from "./statistics";
import { sweepCells, sweepTable } from "./sweep_table";

const sealed =
  "Each run has answered the test when it ended, and nobody has seen what: the best is chosen by validation. Ask for " +
  "the best alone, and once. Who looks at all and takes the highest has chosen by the test, and it says too much then.";

export interface ResultActions {
  use(row: SweepRow): void;
  /** The test is asked for the best. */
  open(): Promise<void>;
  forget(): void;
}

export class SweepResults {
  private sweep: StoredSweep | undefined;
  private readonly table = make("div");
  readonly verdict = make("p", { className: "verdict", test: "sweep-verdict" });
  private readonly figure = make("figure", { className: "by-rate", test: "sweep-plot" });
  private readonly why = make("p", { className: "note" }, sealed);
  private readonly ask: HTMLButtonElement;
  private readonly answer = make("p", { className: "verdict", tabIndex: -1, test: "sweep-test" });
  private readonly forget: HTMLButtonElement;
  private readonly said = make("span", { className: "note", role: "status", test: "sweep-said" });
  readonly element = make("div", { hidden: true });

  constructor(private readonly actions: ResultActions) {
    const open = async () => {
      await actions.open();
      this.answer.focus();
    };
    this.ask = button("Ask the test for the best", () => void open(), { test: "sweep-ask" });
    this.forget = button("Forget this sweep", () => actions.forget(), { test: "sweep-forget" });
    const copy = button("Copy as CSV", () => void this.copy(), { test: "sweep-copy" });
    this.element.append(
      scroller("The sweep", this.table),
      this.verdict,
      this.figure,
      make("div", { className: "sealed" }, this.why, this.ask, this.answer),
      make("p", { className: "saves" }, copy, this.forget, this.said),
    );
    new ResizeObserver(() => this.draw()).observe(this.figure);
  }

  /** Shows what there is; `done` where no run is left, and `running` while one is under way. */
  show(sweep: StoredSweep | undefined, done: boolean, running: boolean): void {
    this.sweep = sweep;
    this.element.hidden = !sweep || sweep.results.length === 0;
    this.forget.disabled = running;
    if (!sweep || this.element.hidden) return;
    const rows = rowsOf(sweep, sweep.results);
    const [best] = ranked(rows);
    this.table.replaceChildren(sweepTable(sweep, (row) => this.actions.use(row)));
    setText(this.verdict, verdict(rows, done));
    this.why.hidden = this.ask.hidden = sweep.opened || !done || !best;
    this.answer.hidden = !sweep.opened || !best;
    if (best) setText(this.answer, tested(best));
    this.draw();
  }

  say(sentence: string): void {
    setText(this.said, sentence);
  }

  private async copy(): Promise<void> {
    this.say(await copyTable("lanegrad-sweep.csv", sweepCells(this.sweep!)));
  }

  private draw(): void {
    const { sweep, figure } = this;
    const width = Math.floor(figure.clientWidth);
    if (sweep && width > 0) figure.replaceChildren(...ratePlot(sweep, sweep.results, width));
  }
}

function tested({ net, rate, test, accuracy }: SweepRow): string {
  return (
    `The test for ${net} at ${rate}: ${written(test)} (${format.counted(test.n, "seed")}), where validation said ` +
    `${written(accuracy)}. The best of many looks a little better by validation than it is, and the test does ` +
    "not know of the choice. Choose no more by it."
  );
}
