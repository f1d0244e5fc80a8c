// The table in hand: where it is from, what its columns are taken for, and which one is to be predicted.
import "./columns.css";
import { button, chooseFiles, make, part, setText, table } from "../../../ui/dom";
import { takeDrops } from "../../../ui/drops";
import { counted, grouped } from "../../../ui/format";
import type { TablesRun } from "../run/tables_run";
import type { OpenedTable } from "../run/tables_events";
import { own, shipped } from "../settings/shipped";
import { ColumnsView } from "./columns_view";

// The rows that are shown, and the most columns of these.
const [shownRows, mostColumns] = [8, 60];

export function mount(place: HTMLElement, run: TablesRun): void {
  const { settings } = run;
  const which = part<HTMLSelectElement>(place, "tb-table");
  const target = part<HTMLSelectElement>(place, "tb-target");
  const task = part<HTMLSelectElement>(place, "tb-task");
  const header = part<HTMLSelectElement>(place, "tb-header");
  const mine = make("option", { value: own, hidden: true, textContent: "your own" });
  which.append(...shipped.map(({ name, title }) => new Option(title, name)), mine);
  const columns = new ColumnsView(part(place, "tb-columns"), run);
  const bring = (file: File) => run.watch(run.bring(file));

  which.addEventListener("change", () => run.choose(which.value));
  chooseFiles(part(place, "choose"), part<HTMLInputElement>(place, "tb-file"), ([file]) =>
    bring(file!),
  );
  takeDrops(place, part(place, "drop"), ({ files }) => files[0] && bring(files[0]));
  target.addEventListener("change", () => {
    settings.target = target.selectedOptions[0]!.textContent;
    settings.task = "auto";
    run.change("target");
  });
  task.addEventListener("change", () => {
    settings.task = task.value as typeof settings.task;
    run.change("task");
  });
  part(place, "reading-stop").addEventListener("click", () => run.reading.stop());

  header.addEventListener("change", () => run.setHeader(header.value as typeof settings.header));
  const forget = button("Forget it", () => run.watch(run.reading.forget()), {
    className: "small",
    test: "tb-forget",
  });

  function showChoice(): void {
    mine.hidden = settings.table !== own && !run.reading.keeps;
    header.value = settings.header;
    which.value = settings.table;
    target.value = String(run.target);
    task.value = settings.task;
  }

  // Where a table of one's own is kept.
  function showKept(): void {
    showChoice();
    const { opened, reading } = run;
    if (!opened || opened.shipped) return;
    const { keeps, notKept } = reading;
    part(place, "tb-about").replaceChildren(
      `${opened.file}, from your computer. `,
      ...(notKept
        ? [`${notKept} After a reload, choose it again.`]
        : keeps
          ? ["This browser keeps it, so that a reload finds it again. ", forget]
          : []),
    );
  }

  run.onAny(["settings", "columns"], showChoice);
  run.on("kept", showKept);
  run.on("status", () => (part(place, "opened").hidden = run.opened === undefined));
  run.on("table", (opened) => {
    part(place, "opened").hidden = false;
    target.replaceChildren(
      ...opened.table.columns.map(({ name }, i) => new Option(name, String(i))),
    );
    columns.build(opened.table);
    showTable(place, opened);
    showKept();
    showChoice();
  });
  run.onAny(["columns", "made"], () => columns.show());
  run.onAny(["table", "made"], () => {
    const notes = [...(run.opened?.table.notes ?? []), ...(run.session.made?.prepared.notes ?? [])];
    part(place, "tb-notes").replaceChildren(...notes.map((note) => make("li", {}, note)));
  });
  run.on("complaint", ({ key, sentence }) => {
    if (key !== "target") return;
    setText(part(place, "tb-target-complaint"), sentence);
    target.ariaInvalid = sentence ? "true" : null;
  });
  run.on("reading", (progress) => {
    part(place, "reading").hidden = progress === undefined;
    if (!progress) return;
    const { read, total, what } = progress;
    part<HTMLProgressElement>(place, "reading-way").value = total > 0 ? read / total : 0;
    setText(part(place, "reading-text"), what);
  });
}

function showTable(place: HTMLElement, { table: read, shipped: from }: OpenedTable): void {
  const about = part(place, "tb-about");
  if (from) {
    const source = make("a", { href: from.sourceUrl, rel: "noopener" }, from.source);
    const licence = make("a", { href: from.licenceUrl, rel: "license noopener" }, from.licence);
    about.replaceChildren(`${from.about} Source: `, source, ", ", licence, ".");
  }
  const delimiters: Record<string, string> = { ",": "commas", ";": "semicolons", "\t": "tabs" };
  const between = delimiters[read.delimiter] ?? `“${read.delimiter}”`;
  const decimal = read.decimal === "," ? ", decimal commas" : "";
  const named = read.header ? "" : "; it names no columns";
  setText(
    part(place, "tb-count"),
    `${grouped(read.rows)} rows of ${counted(read.columns.length, "column")}, ${between} between them${decimal}${named}.`,
  );
  const cells = read.texts(0, Math.min(shownRows, read.rows));
  const heads = read.columns.slice(0, mostColumns).map(({ name }) => name);
  const rows = cells.map((row) => heads.map((_, i) => row[i] ?? ""));
  part(place, "tb-rows").replaceChildren(...table(heads, rows).children);
}
