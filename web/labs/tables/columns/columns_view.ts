// The columns of a table as rows: what each is taken for, what it has, and what the net is given of it.
import type { Column, PreparedTable, Table } from "lanegrad/data";
import { make, row, setText } from "../../../ui/dom";
import { counted, grouped } from "../../../ui/format";
import { write } from "../../../ui/plots/plane";
import type { TablesRun } from "../run/tables_run";
import { columnKinds, type ColumnKind } from "../settings/tables_settings";

const names: Record<ColumnKind, string> = {
  number: "number",
  category: "category",
  date: "date",
  ignored: "left out",
};
const heads = ["Column", "Taken for", "What it has", "Missing", "What the net gets"];
// The most categories that are named, and the most values that are counted.
const [mostNamed, mostCounted] = [4, 1000];

interface Row {
  element: HTMLTableRowElement;
  kind: HTMLSelectElement;
  has: HTMLElement;
  missing: HTMLElement;
  becomes: HTMLElement;
  complaint: HTMLElement;
}

export class ColumnsView {
  private rows: Row[] = [];

  constructor(
    private readonly place: HTMLElement,
    private readonly run: TablesRun,
  ) {}

  /** Makes a row for each column of another table. */
  build({ columns }: Table): void {
    this.rows = columns.map((column, i) => this.row(column, i));
    const head = make("tr", {}, ...heads.map((name) => make("th", { scope: "col" }, name)));
    this.place.replaceChildren(
      make("thead", {}, head),
      make("tbody", {}, ...this.rows.map(({ element }) => element)),
    );
    this.show();
  }

  /** Shows what the columns are taken for by now. */
  show(): void {
    const { opened, session, target } = this.run;
    if (!opened) return;
    const { columns } = opened.table;
    this.rows.forEach(({ element, kind, has, missing, becomes }, i) => {
      const column = columns[i]!;
      kind.value = column.kind;
      setText(has, contentOf(column));
      setText(missing, column.missing > 0 ? grouped(column.missing) : "–");
      const isTarget = i === target;
      element.className = isTarget ? "target" : column.kind === "ignored" ? "out" : "";
      setText(becomes, isTarget ? "to be predicted" : becoming(column, i, session.made?.prepared));
    });
  }

  private row({ name }: Column, i: number): Row {
    const kind = make("select", { ariaLabel: `What ${name} is taken for` });
    kind.append(...columnKinds.map((each) => new Option(names[each], each)));
    const complaint = make("p", { className: "complaint" });
    complaint.setAttribute("role", "status");
    const [has, missing, becomes] = [make("span"), make("span"), make("span")];
    const element = row(name, make("div", {}, kind, complaint), has, missing, becomes);
    kind.addEventListener("change", () => {
      setText(complaint, "");
      this.run.setKind(i, kind.value as ColumnKind).catch((error: unknown) => {
        setText(complaint, (error as Error).message);
        this.show();
      });
    });
    return { element, kind, has, missing, becomes, complaint };
  }
}

function contentOf({ kind, min, max, mean, categories, distinct, note }: Column): string {
  const noted = note ? ` (${note})` : "";
  if (kind === "number" && min !== undefined && max !== undefined) {
    const middle = mean === undefined ? "" : `, mean ${write(mean)}`;
    return `${write(min, 5)} to ${write(max, 5)}${middle}${noted}`;
  }
  if (kind === "category" && categories) {
    const named = categories
      .slice(0, mostNamed)
      .map(({ name, count }) => `${name} ${grouped(count)}`);
    const more = categories.length - named.length;
    return `${named.join(", ")}${more > 0 ? ` and ${grouped(more)} more` : ""}${noted}`;
  }
  if (kind === "date" && min !== undefined && max !== undefined) {
    return `${dayOf(min)} to ${dayOf(max)}${noted}`;
  }
  const count = distinct > mostCounted ? `over ${grouped(mostCounted)}` : grouped(distinct);
  return `${count} different ${distinct === 1 ? "value" : "values"}${noted}`;
}

// The day that is so many days after 1970-01-01.
const dayOf = (days: number) => new Date(days * 86_400_000).toISOString().slice(0, 10);

function becoming({ kind }: Column, i: number, prepared: PreparedTable | undefined): string {
  if (kind === "ignored") return "nothing";
  if (!prepared) return "–";
  const own = prepared.inputs.filter(({ column }) => column === i).length;
  if (own === 0) return "nothing";
  return counted(own, "number");
}
