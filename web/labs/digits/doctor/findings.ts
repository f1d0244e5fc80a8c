// The doctor's findings as parts of a panel: the step and the tensor, the reason, and the numbers
// that show it.
import "./doctor.css";
import * as format from "../../../ui/format";
import type { Diagnosis, Sizes } from "./diagnosis";
import { curve, type Point } from "./loss_curve";

// The last good state.
interface Before {
  step: number;
  sizes: Sizes;
}

// The parts of the panel; the first sentence of the reason stands above them.
export function panel(
  diagnosis: Diagnosis,
  before: Before,
  course: readonly Point[],
  failure: string | undefined, // the engine's sentence
): Node[] {
  const drawing = curve(course, diagnosis.step);
  const [, ...more] = diagnosis.why;
  return [
    ...(drawing ? [drawing] : []),
    named(diagnosis),
    ...(more.length > 0 ? [reasons(more)] : []),
    numbers(diagnosis, before, failure),
  ];
}

// The reasons, folded where there is little room, so that the way on stays in sight.
function reasons(why: readonly string[]): HTMLElement {
  const all = element("details", "", "grounds");
  all.open = matchMedia("(min-width: 640px)").matches;
  all.append(element("summary", "Why"), ...why.map((sentence) => element("p", sentence)));
  return all;
}

function element<K extends keyof HTMLElementTagNameMap>(tag: K, text = "", name = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  if (name) made.className = name;
  return made;
}

function named({ step, tensor }: Diagnosis): HTMLElement {
  const list = element("dl", "", "named");
  for (const [term, value, id] of [
    ["Step", format.grouped(step), "doctor-step"],
    ["Tensor", tensor, "doctor-tensor"],
  ] as const) {
    const pair = element("div");
    const shown = element("dd", value);
    shown.dataset["testid"] = id;
    pair.append(element("dt", term), shown);
    list.append(pair);
  }
  return list;
}

function numbers(
  { shown, tensor }: Diagnosis,
  good: Before,
  failure: string | undefined,
): HTMLElement {
  const place = element("div", "", "scroll");
  place.tabIndex = 0;
  place.setAttribute("role", "region");
  place.ariaLabel = "The numbers behind it";
  const table = element("table");
  const heads = [
    "Weights",
    `Length at step ${format.grouped(good.step)}`,
    "Length now",
    "Gradient",
  ];
  const row = table.createTHead().insertRow();
  for (const head of heads) row.append(Object.assign(element("th", head), { scope: "col" }));
  const body = table.createTBody();
  for (const { name, weightNorm, gradientNorm, finite } of shown) {
    const line = body.insertRow();
    const head = Object.assign(element("th", name), { scope: "row" });
    if (name === tensor) line.className = "meant";
    line.append(head);
    const now = finite ? format.large(weightNorm) : "not finite";
    for (const text of [format.large(good.sizes[name]!), now, format.large(gradientNorm)]) {
      line.append(element("td", text));
    }
  }
  place.append(table);
  const note = element(
    "p",
    "Length: the root of the sum of all squares. Gradient: that of the last step.",
    "note",
  );
  const all = element("details");
  all.append(element("summary", "The numbers behind it"), place, note);
  if (failure !== undefined)
    all.append(element("p", `The engine’s own words: ${failure}.`, "note"));
  return all;
}
