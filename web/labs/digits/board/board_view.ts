// The panel of the class: each pupil's result as a line to copy, and a board that gathers the lines or saved files
// of a class. Nothing is sent anywhere; the board is kept in this browser until it is cleared.
import "./board.css";
import { number, record, text } from "../../../data/plain";
import { copyTable, copyText } from "../../../ui/copy_table";
import { button, chooseFiles, make, paragraph, row, scroller, setText } from "../../../ui/dom";
import * as format from "../../../ui/format";
import type { DigitsRun } from "../run/digits_run";
import { judgement } from "../run/run_record";
import { toAddress } from "../settings/digits_settings";
import { keepBoard, keptBoard } from "../storage/stored_board";
import { dotPlot } from "./dot_plot";
import {
  checked,
  columns,
  isSmall,
  lineOf,
  merged,
  mostResults,
  readLines,
  sorted,
} from "./results";
import type { BoardResult, Column } from "./results";
import { resultIn } from "./saved_file";

const forPupils =
  "Your result as one line, to send or to paste wherever your teacher gathers them. It holds what you type as a name, the " +
  "settings, what came of the run and a link that repeats it. This page sends nothing.";
const forTeachers =
  "Gather the results of a class: drop the runs that they have saved, or paste their lines. Of a file only its head is " +
  "read, which says the settings and what came of the run. The board stays in this browser, also after a reload, " +
  "until you clear it.";

const readResult = record<BoardResult>({
  ...{ name: text, net: text, rate: number, epochs: number, seed: number },
  judge: (value, called) => {
    if (value !== "validation" && value !== "test") throw new Error(`${called} is no judge`);
    return value;
  },
  ...{ accuracy: number, loss: number, link: text },
});

export class View {
  private results: BoardResult[] = [];
  private order: { by: Column; down: boolean } = { by: "accuracy", down: true };
  private warned = false;

  private readonly name = make("input", { id: "board-name", autocomplete: "off", maxLength: 60 });
  private readonly copyLine = button("Copy my result as a line", () => void this.copyMine(), {
    disabled: true,
    test: "board-copy-line",
  });
  private readonly said = make("span", { className: "note", role: "status", test: "board-said" });
  private readonly line = make("input", {
    readOnly: true,
    hidden: true,
    ariaLabel: "The line",
    test: "board-line",
  });

  private readonly lines = make("textarea", { id: "board-lines", rows: 3, spellcheck: false });
  private readonly files = make("input", {
    type: "file",
    multiple: true,
    accept: ".safetensors",
    hidden: true,
    ariaLabel: "Saved runs",
    test: "board-files",
  });
  private readonly told = make("p", { className: "note", role: "status", test: "board-told" });
  private readonly complaints = make("ul", { className: "bad", test: "board-complaints" });
  private readonly head = make("tr");
  private readonly body = make("tbody");
  private readonly figure = make("figure", { className: "dots", test: "board-plot" });
  private readonly mixed = make(
    "p",
    { className: "note", hidden: true, test: "board-mixed" },
    "Some of these runs learned the small MNIST: compare them with each other only, not with the rest.",
  );
  private readonly shown = make("div", { hidden: true });
  private readonly copied = make("span", { className: "note", role: "status" });

  constructor(
    host: HTMLElement,
    private readonly run: DigitsRun,
  ) {
    host.append(this.pupils(), this.teachers());
    run.onAny(["net", "progress", "best", "status"], () => this.showMine());
    new ResizeObserver(() => this.draw()).observe(this.figure);
    this.showMine();
    void this.recall();
  }

  // ---- One's own result -----------------------------------------------------

  private pupils(): HTMLElement {
    const label = make("label", { htmlFor: this.name.id }, "Your name");
    const field = make("div", { className: "field" }, label, this.name);
    const line = make("div", { className: "mine" }, field, this.copyLine, this.said);
    return make(
      "section",
      {},
      make("h4", {}, "My result"),
      paragraph("note", forPupils),
      line,
      this.line,
    );
  }

  private showMine(): void {
    this.copyLine.disabled = this.run.history.standing === undefined;
  }

  private async copyMine(): Promise<void> {
    const { run } = this;
    const last = run.history.standing;
    if (!last) return;
    const { settings } = run.trainedWith;
    const { judge, accuracy, loss } = judgement(last);
    const mine = {
      name: this.name.value.trim() || "somebody",
      net: settings.net,
      rate: settings.lr,
      epochs: run.history.epochs.length,
      seed: settings.seed,
      ...{ judge, accuracy, loss },
      link: toAddress({ ...settings, ...run.record().rates }, run.asked.recipes, ""),
    };
    this.line.value = lineOf(mine, location.origin + location.pathname);
    this.line.hidden = false;
    const isCopied = await copyText(this.line.value);
    if (!isCopied) this.line.select();
    setText(
      this.said,
      isCopied ? "Copied." : "This browser copies nothing here: copy the line below.",
    );
  }

  // ---- The board ------------------------------------------------------------

  private teachers(): HTMLElement {
    const choose = button("Choose saved runs", () => {});
    chooseFiles(choose, this.files, (files) => void this.addFiles(files));
    const add = button("Add these lines", () => this.addLines(), { test: "board-add" });
    const drop = make(
      "div",
      { className: "drop" },
      make("label", { htmlFor: this.lines.id }, "Lines of the class, or drop saved runs here"),
      this.lines,
      make("div", { className: "buttons" }, add, choose, this.files),
    );
    drop.addEventListener("dragover", (event) => event.preventDefault());
    drop.addEventListener("drop", (event) => {
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length > 0) void this.addFiles(files);
    });
    const copy = button("Copy as CSV", () => void this.copyAll(), { test: "board-copy" });
    const clear = button("Clear the board", () => this.clear(add), { test: "board-clear" });
    const table = make("table", { test: "board-rows" }, make("thead", {}, this.head), this.body);
    this.head.append(...columns.map((column) => this.headOf(column)));
    const saves = make("p", { className: "saves" }, copy, clear, this.copied);
    this.shown.append(scroller("The board of the class", table), this.mixed, this.figure, saves);
    const heading = make("h4", {}, "The board of the class");
    const parts = [heading, paragraph("note", forTeachers), drop, this.told, this.complaints];
    return make("section", {}, ...parts, this.shown);
  }

  private headOf(column: Column): HTMLElement {
    if (column === "link") return make("th", { scope: "col" }, "Repeat");
    const name = column[0]!.toUpperCase() + column.slice(1);
    const sort = () => {
      const { by, down } = this.order;
      this.order = { by: column, down: by === column ? !down : column === "accuracy" };
      this.show();
    };
    return make("th", { scope: "col" }, button(name, sort, { className: "quiet" }));
  }

  private addLines(): void {
    const { results, complaints } = readLines(this.lines.value);
    this.add(results, complaints);
    if (complaints.length === 0) this.lines.value = "";
  }

  private async addFiles(files: readonly File[]): Promise<void> {
    const results: BoardResult[] = [];
    const complaints: string[] = [];
    for (const file of files.slice(0, mostResults)) {
      try {
        results.push(await resultIn(file, this.run.asked.recipes));
      } catch (error) {
        complaints.push(`${file.name}: ${(error as Error).message}.`);
      }
    }
    if (files.length > mostResults) complaints.push(`${mostResults} files are the most at once.`);
    this.add(results, complaints);
  }

  private add(results: readonly BoardResult[], complaints: readonly string[]): void {
    const before = this.results.length;
    const all = merged([...this.results, ...results]);
    this.results = all.slice(0, mostResults);
    const added = this.results.length - before;
    const twice = before + results.length - all.length;
    const known = twice > 0 ? `, ${format.grouped(twice)} known already` : "";
    const left = all.length > mostResults ? ` The board holds ${mostResults} at most.` : "";
    setText(this.told, `${format.counted(added, "result")} added${known}.${left}`);
    this.complaints.replaceChildren(...complaints.map((sentence) => make("li", {}, sentence)));
    this.show();
    void this.keep();
  }

  private clear(next: HTMLElement): void {
    this.results = [];
    this.complaints.replaceChildren();
    setText(this.told, "The board is empty, and this browser has forgotten it.");
    this.show();
    void this.keep();
    next.focus();
  }

  private async copyAll(): Promise<void> {
    const address = location.origin + location.pathname;
    const cells = this.inOrder.map((each) => {
      const { name, net, rate, epochs, seed, judge, accuracy, loss, link } = each;
      const numbers = [rate, epochs, seed, judge, accuracy, loss];
      return [plain(name), plain(net), ...numbers, link && address + link];
    });
    setText(this.copied, await copyTable("lanegrad-class.csv", [[...columns], ...cells]));
  }

  private get inOrder(): BoardResult[] {
    return sorted(this.results, this.order.by, this.order.down);
  }

  // ---- What is kept and shown -----------------------------------------------

  private async recall(): Promise<void> {
    const title = "A kept class board is dropped";
    const drop = (message: string) => this.run.show({ title, message }, "notice");
    const kept = await keptBoard((value, called) => checked(readResult(value, called)), drop);
    this.results = merged([...kept, ...this.results]);
    this.show();
  }

  private async keep(): Promise<void> {
    try {
      await keepBoard(this.results);
    } catch (error) {
      if (this.warned) return;
      this.warned = true;
      const message = `${(error as Error).message} It stays until this page is closed.`;
      this.run.show({ title: "The class board is not kept in this browser", message }, "notice");
    }
  }

  private show(): void {
    const { by, down } = this.order;
    this.shown.hidden = this.results.length === 0;
    [...this.head.children].forEach((head, i) => {
      head.ariaSort = columns[i] === by ? (down ? "descending" : "ascending") : null;
    });
    this.body.replaceChildren(...this.inOrder.map(rowOf));
    this.draw();
  }

  private draw(): void {
    const width = Math.floor(this.figure.clientWidth);
    this.mixed.hidden = new Set(this.results.map(isSmall)).size < 2;
    const plot = width > 0 && dotPlot(this.results, width);
    if (plot) this.figure.replaceChildren(plot);
  }
}

// A spreadsheet would take a text that begins so for a formula.
const plain = (text: string) => text.replace(/^[=+@-]/, "'$&");

function rowOf(result: BoardResult): HTMLTableRowElement {
  const { name, net, rate, epochs, seed, judge, accuracy, loss, link } = result;
  const again = link
    ? make("a", { href: link, ariaLabel: `open the run of ${name}` }, "open")
    : "–";
  const judged = isSmall(result) ? `${judge}, small MNIST` : judge;
  const numbers = [String(rate), String(epochs), String(seed), judged];
  return row(name, net, ...numbers, format.percent(accuracy), format.loss(loss), again);
}
