// The rows of a file with the net's answers beside them, to download as CSV.
import type { PreparedTable, Table } from "lanegrad/data";
import { lazy } from "../../../ui/lazy";
import { chooseFiles, part, scroller, setText, table } from "../../../ui/dom";
import { counted } from "../../../ui/format";
import type { Truth } from "../run/judging";
import type { TablesRun } from "../run/tables_run";

const loadDownload = lazy(() => import("../../../ui/download"), "downloadTable");

// The rows that are asked about at once, and the rows and columns that are shown.
const [piece, shownRows, shownColumns] = [2000, 5, 6];

type Cells = (string | number)[];

interface Answers {
  name: string;
  heads: string[];
  rows: Cells[];
  notes: readonly string[];
}

export function mountFile(place: HTMLElement, run: TablesRun): void {
  const { session } = run;
  const choose = part<HTMLButtonElement>(place, "choose-file");
  const download = part<HTMLButtonElement>(place, "download");
  const say = (text: string) => setText(part(place, "tb-file-state"), text);
  const complain = (text: string) => setText(part(place, "tb-file-complaint"), text);
  let answers: Answers | undefined;

  function show(found: Answers | undefined): void {
    answers = found;
    download.hidden = found === undefined;
    const shown = part(place, "tb-file-rows");
    if (!found) return shown.replaceChildren();
    const { heads, rows, name } = found;
    const own = rows[0]!.length - heads.length;
    // The answers come last, which is what one wants to see.
    const first = Math.max(0, heads.length + own - shownColumns);
    const cells = rows.slice(0, shownRows).map((row) => row.slice(first).map(String));
    shown.replaceChildren(
      scroller(`The first rows of ${name} with answers`, table(heads.slice(first), cells)),
    );
  }

  async function answer(file: File): Promise<void> {
    complain("");
    const { made } = session;
    if (!made) return complain("There is no net to ask yet.");
    let read: Table | undefined;
    try {
      say(`Reading ${file.name} …`);
      read = await run.reading.read(file, file.name, "auto");
      const found = await answersTo(read, file.name, made.prepared, made.truth, run);
      if (session.made !== made || !found)
        throw new Error("Meanwhile another net has taken the place of the one that was asked.");
      show(found);
      const after =
        session.step === 0 ? " The net has learned nothing yet, so they are chance." : "";
      const said = `${counted(found.rows.length, "row")} of ${file.name} with an answer to each.${after}`;
      say([said, ...found.notes].join(" "));
    } catch (error) {
      say("");
      complain((error as Error).message);
    } finally {
      read?.dispose();
    }
  }

  chooseFiles(choose, part<HTMLInputElement>(place, "tb-predict-file"), ([file]) => {
    run.watch(answer(file!));
  });
  download.addEventListener("click", () => {
    if (!answers) return;
    const { name, heads, rows } = answers;
    const save = loadDownload().then(({ downloadTable }) =>
      downloadTable(name.replace(/(\.\w+)?$/, "-answers.csv"), [heads, ...rows]),
    );
    run.watch(save);
  });
  // Answers of another net are not this one's.
  run.on("made", () => {
    show(undefined);
    say("");
  });
}

async function answersTo(
  read: Table,
  name: string,
  prepared: PreparedTable,
  truth: Truth,
  { session }: TablesRun,
): Promise<Answers | undefined> {
  const notes: string[] = [];
  const inputs = await prepared.encodeTable(read, notes);
  const width = prepared.inputs.length;
  const target = `${prepared.target.name} (predicted)`;
  const rows: Cells[] = [];
  for (let first = 0; first < read.rows; first += piece) {
    const count = Math.min(piece, read.rows - first);
    const asked = inputs.subarray(first * width, (first + count) * width);
    const outputs = await session.ask(asked, count);
    if (!outputs) return undefined;
    const said = truth.answersOf(outputs);
    const cells = read.texts(first, count);
    for (let i = 0; i < count; i++) {
      const own = truth.isClasses
        ? [prepared.classNames![said[i]!]!, outputs[i * truth.classes + said[i]!]!]
        : [said[i]!];
      rows.push([...cells[i]!, ...own]);
    }
  }
  const heads = read.columns.map((column) => column.name);
  return {
    name,
    heads: [...heads, target, ...(truth.isClasses ? ["probability"] : [])],
    rows,
    notes,
  };
}
