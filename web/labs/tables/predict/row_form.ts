// A row to fill in, which begins as one of the held-out rows, and what the net says of it.
import type { Column } from "lanegrad/data";
import { make, part, setText } from "../../../ui/dom";
import { coarsePercent, compact, large, probability } from "../../../ui/format";
import { numbersRest, Paced } from "../../../ui/pace";
import type { Made } from "../run/tables_events";
import type { TablesRun } from "../run/tables_run";

// The most columns that have a field, the most categories that one chooses from, and the most classes with a bar.
const [mostFields, mostChoices, mostBars] = [40, 200, 10];

type Input = HTMLInputElement | HTMLSelectElement;

export class RowForm {
  private made: Made | undefined;
  private inputs = new Map<number, Input>();
  // The cells of the held-out row that was put in, and which one of these it is.
  private cells: string[] = [];
  private at = 0;
  private asked = 0;
  private readonly asking = new Paced(
    () => numbersRest,
    () => void this.answer(),
  );

  constructor(
    private readonly place: HTMLElement,
    private readonly run: TablesRun,
  ) {
    const form = part(place, "tb-row");
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", () => this.ask());
    part(place, "another").addEventListener("click", () => {
      this.at++;
      this.fill();
    });
  }

  /** Makes the fields of other columns. */
  build(made: Made): void {
    const isOther = this.made?.prepared !== made.prepared;
    this.made = made;
    if (!isOther) return this.ask();
    const { columns } = this.run.opened!.table;
    const used = [...new Set(made.prepared.inputs.map(({ column }) => column))];
    const shown = used.slice(0, mostFields);
    this.inputs = new Map(shown.map((column) => [column, inputOf(columns[column]!, column)]));
    const fields = [...this.inputs].map(([column, input]) =>
      make(
        "div",
        { className: "field" },
        make("label", { htmlFor: input.id }, columns[column]!.name),
        input,
      ),
    );
    const more = used.length - shown.length;
    part(this.place, "tb-row").replaceChildren(
      ...fields,
      ...(more > 0
        ? [
            make(
              "p",
              { className: "note" },
              `The other ${more} columns stay as they are in that row.`,
            ),
          ]
        : []),
    );
    this.at = 0;
    this.fill();
  }

  /** Has the answer renewed soon. */
  ask(): void {
    if (this.made) this.asking.renew();
  }

  private fill(): void {
    const { made, run } = this;
    if (!made || !run.opened) return;
    const { rows, count } = made.prepared.held;
    this.cells = run.opened.table.texts(rows[this.at % count]!, 1)[0]!;
    for (const [column, input] of this.inputs) {
      const cell = (this.cells[column] ?? "").trim();
      input.value = cell;
      // A category that is not among the choices is a missing one.
      if (input instanceof HTMLSelectElement && input.selectedIndex < 0) input.value = "";
    }
    this.ask();
  }

  // Whether the row is still the held-out one, so that it is known what is true.
  private get isWhole(): boolean {
    return [...this.inputs].every(([column, input]) => {
      const cell = (this.cells[column] ?? "").trim();
      return input.value === cell || (input instanceof HTMLSelectElement && input.value === "");
    });
  }

  private async answer(): Promise<void> {
    const { made, place, run } = this;
    if (!made || !run.opened || run.session.made?.prepared !== made.prepared) return;
    const { truth, prepared } = made;
    const asked = ++this.asked;
    const { columns } = run.opened.table;
    const row = Object.fromEntries(
      columns.map(({ name }, i) => [name, this.inputs.get(i)?.value ?? this.cells[i] ?? ""]),
    );
    let encoded: Float32Array;
    try {
      encoded = prepared.encode(row);
    } catch (error) {
      setText(part(place, "tb-row-complaint"), (error as Error).message);
      setText(part(place, "tb-answer"), "");
      return part(place, "tb-bars").replaceChildren();
    }
    setText(part(place, "tb-row-complaint"), "");
    const outputs = await run.session.ask(encoded, 1).catch(() => undefined);
    if (!outputs || asked !== this.asked || run.session.made?.prepared !== prepared) return;
    const answer = truth.answersOf(outputs)[0]!;
    const { name } = prepared.target;
    const isTrue = this.isWhole;
    const told = truth.values[this.at % prepared.held.count]!;
    if (truth.isClasses) {
      const names = prepared.classNames!;
      const sure = probability(outputs[answer]!);
      const really = isTrue ? (told === answer ? " Right." : ` Really: ${names[told]}.`) : "";
      setText(part(place, "tb-answer"), `${name}: ${names[answer]}, ${sure} sure.${really}`);
      this.showBars(names, outputs);
    } else {
      const really = isTrue ? ` Really: ${large(told)}.` : "";
      setText(part(place, "tb-answer"), `${name}: ${large(answer)}.${really}`);
      part(place, "tb-bars").replaceChildren();
    }
  }

  private showBars(names: readonly string[], outputs: Float32Array): void {
    const order = Array.from(outputs.keys()).sort((a, b) => outputs[b]! - outputs[a]!);
    const shown = outputs.length > mostBars ? order.slice(0, mostBars) : [...outputs.keys()];
    const lines = shown.map((i) => {
      const bar = make("span", { className: "tb-bar" });
      bar.style.setProperty("--share", String(outputs[i]!));
      return make(
        "li",
        {},
        make("span", { className: "tb-name" }, names[i]),
        bar,
        make("b", {}, coarsePercent(outputs[i]!)),
      );
    });
    part(this.place, "tb-bars").replaceChildren(make("ol", {}, ...lines));
  }
}

function inputOf({ kind, categories, min, max, name }: Column, column: number): Input {
  const id = `tb-row-${column}`;
  if (kind === "category" && categories && categories.length <= mostChoices) {
    const select = make("select", { id });
    const names = categories.map((each) => each.name);
    select.append(new Option("(missing)", ""), ...names.map((each) => new Option(each, each)));
    return select;
  }
  const input = make("input", { id, autocomplete: "off", placeholder: "missing" });
  if (kind === "number") input.inputMode = "decimal";
  if (min !== undefined && max !== undefined)
    input.title = `${name}: from ${compact(min)} to ${compact(max)}`;
  return input;
}
