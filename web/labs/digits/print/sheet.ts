// A sheet of a run to print and to hand out: its settings, its curves, what it confuses, the date and
// the address that repeats it. It has the colours of paper, whatever those of the page are.
import "./sheet.css";
import { nextTask } from "../../../run/next_task";
import { make, table } from "../../../ui/dom";
import * as format from "../../../ui/format";
import { Chart } from "../../../ui/plots/chart";
import { accuracyScale, lossScale } from "../../../ui/plots/scales";
import { applies } from "../../../settings/rows";
import type { DigitsRun } from "../run/digits_run";
import { drawnOf, judgement, plannedEpochs, standing } from "../run/run_record";
import type { Examined, KeptRun } from "../run/run_record";
import { whatTestSaid } from "../sentences";
import { completed, fields, rows, text, toAddress, type Key } from "../settings/digits_settings";
import { suggestedNames } from "../settings/run_names";

// More classes than these do not fit beside each other.
const mostClasses = 20;

export interface SheetParts {
  run: DigitsRun;
  kept: readonly KeptRun[];
  // What the test was read as; undefined where it was not asked.
  examined: Examined | undefined;
  when: Date;
}

// Prints a sheet, which is in `place` as long as that takes.
export async function printSheet(place: HTMLElement, parts: SheetParts): Promise<void> {
  const { run, when } = parts;
  const nouns = `${run.pictures?.noun ?? "digit"}s`;
  const figures = [figureOf("Loss", parts), figureOf("Accuracy", parts)] as const;
  const sheet = make(
    "article",
    { className: "print-sheet", test: "print-sheet", ariaHidden: "true" },
    make("p", { className: "pupil" }, "Name:"),
    make("h2", {}, `A network learns to read ${nouns}`),
    make("p", {}, results(parts)),
    make("h3", {}, "Settings"),
    settingsOf(run),
    make("h3", {}, "Learning curves"),
    make("div", { className: "pair" }, ...figures),
    ...compared(parts),
    make("h3", {}, "What it confuses"),
    ...confused(parts, nouns),
    make(
      "p",
      { className: "origin" },
      `${when.toLocaleDateString([], { dateStyle: "long" })}, ${addressOf(run)}`,
    ),
  );
  place.append(sheet);
  const charts = [
    new Chart(figures[0], lossScale, run.history.loss),
    new Chart(figures[1], accuracyScale, run.history.accuracy),
  ];
  for (const [i, chart] of charts.entries()) {
    chart.setEpochs(plannedEpochs(run));
    chart.setBest(run.history.restored?.epoch);
    await chart.setKept(drawnOf(parts.kept, i));
  }
  // uPlot draws when the task is over.
  await nextTask();
  addEventListener("afterprint", () => sheet.remove(), { once: true });
  window.print();
}

// What the run has come to, in sentences.
function results({ run: { history } }: SheetParts): string {
  const { step, samples, judge, standing, tested } = history;
  const steps = format.counted(step, "step");
  const learned = `It has learned from ${format.grouped(samples.train)}, in ${steps}. `;
  const unasked = judge === "test" ? "" : "The test was not asked.";
  const test = tested ? `The test: ${whatTestSaid(tested)}` : unasked;
  if (!standing) return `${learned}No epoch has ended yet. ${test}`;
  const { loss, accuracy } = judgement(standing);
  const count = format.grouped(samples[judge]);
  const judged = judge === "validation" ? "held back for validation" : "of the test";
  return (
    `${learned}After epoch ${standing.epoch} it reads ${format.percent(accuracy)} of the ${count} ${judged}, ` +
    `with a loss of ${format.loss(loss)}. ${test}`
  );
}

// The runs that are kept to compare with.
function compared({ run, kept }: SheetParts): HTMLElement[] {
  if (kept.length === 0) return [];
  const { recipes } = run.asked;
  const whole = kept.map((each) => {
    return { ...each, settings: completed({ validation: 0, ...each.settings }, recipes) };
  });
  const names = suggestedNames(whole, recipes);
  const cells = kept.map((each, i) => {
    const last = standing(each);
    const { judge = "–", accuracy = NaN, loss = NaN } = last ? judgement(last) : {};
    const name = each.title || names[i]!;
    const epochs = String(each.epochs.length);
    const judged = each.settings.data === "small" ? `${judge}, small MNIST` : judge;
    return [each.name, name, epochs, judged, format.percent(accuracy), format.loss(loss)];
  });
  const heads = ["Run", "Name", "Epochs", "Judged by", "Accuracy", "Loss"];
  return [make("h3", {}, "Runs kept to compare with"), table(heads, cells, "sheet-kept")];
}

const small = "the small MNIST, 9,000 digits to learn from and 1,000 for the test";

// All settings that the run had, but those that do nothing.
function settingsOf({ trainedWith: { settings, net }, sets }: DigitsRun): HTMLElement {
  const said = rows.filter((each) => {
    const value = text(settings, each.id as Key);
    return each.id !== "net" && applies(each, settings) && value !== "0" && value !== "false";
  });
  const entry = (title: string, value: string) =>
    make("div", {}, make("dt", {}, title), make("dd", {}, value));
  const name = settings.net === net ? net : `${settings.net}: ${net}`;
  return make(
    "dl",
    {},
    entry("net", name),
    ...(sets?.which === "small" ? [entry("data", small)] : []),
    ...said.map(({ id }) => entry(fields[id as Key].title, text(settings, id as Key))),
  );
}

// The address that repeats the run, whatever the form says by now.
function addressOf(run: DigitsRun): string {
  const settings = { ...run.trainedWith.settings, ...run.record().rates };
  const { origin, pathname } = location;
  return origin + pathname + toAddress(settings, run.asked.recipes, "");
}

// A figure that a chart is drawn into.
const figureOf = (name: string, { run }: SheetParts): HTMLElement => {
  const epochs = `${run.history.epoch} of ${plannedEpochs(run)} epochs`;
  return make("figure", {}, make("figcaption", {}, `${name} over ${epochs}`));
};

function confused({ run, examined }: SheetParts, nouns: string): HTMLElement[] {
  if (!examined) {
    const state = run.history.tested
      ? "Their answers are not kept with a run"
      : "They have not been asked yet";
    const text = `The test ${nouns} show what it confuses. ${state}.`;
    return [make("p", {}, text)];
  }
  const { names, counts } = examined;
  if (names.length > mostClasses)
    return [make("p", {}, `Its ${names.length} classes are too many for this sheet.`)];
  const cells = names.map((name, label) => [
    name,
    ...names.map((_, answer) => String(counts[label * names.length + answer])),
  ]);
  const matrix = table(["", ...names], cells);
  for (const [i, line] of [...matrix.tBodies[0]!.rows].entries())
    line.cells[i + 1]!.className = "right";
  return [make("p", {}, "A row for what it is, a column for what it was read as."), matrix];
}
