// The doctor's findings as parts of a panel: the step and the tensor, the reason, and the numbers
// that show it.
import "./doctor.css";
import * as format from "../../../ui/format";
import { make, paragraph, scroller, table } from "../../../ui/dom";
import { withTerms } from "../../../ui/glossary/words";
import type { Sizes } from "../storage/checkpoint";
import { curve, type Point } from "./loss_curve";
import type { Diagnosis } from "./remedies";

// The last good state.
interface Before {
  step: number;
  sizes: Sizes;
}

// The parts of the panel; the first sentence of the reason stands above them.
export function findings(
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
const reasons = (why: readonly string[]): HTMLElement =>
  make(
    "details",
    { className: "grounds", open: matchMedia("(min-width: 640px)").matches },
    make("summary", {}, "Why"),
    ...why.map((sentence) => make("p", {}, sentence)),
  );

function named({ step, tensor }: Diagnosis): HTMLElement {
  const pairs = [
    ["Step", format.grouped(step), "doctor-step"],
    ["Tensor", tensor, "doctor-tensor"],
  ] as const;
  return make(
    "dl",
    { className: "named" },
    ...pairs.map(([term, value, test]) =>
      make("div", {}, make("dt", {}, term), make("dd", { test }, value)),
    ),
  );
}

function numbers(
  { shown, tensor }: Diagnosis,
  good: Before,
  failure: string | undefined,
): HTMLElement {
  const lengths = table(
    ["Weights", `Length at step ${format.grouped(good.step)}`, "Length now", "Gradient"],
    shown.map(({ name, weightNorm, gradientNorm, finite }) => [
      name,
      format.large(good.sizes[name]!),
      finite ? format.large(weightNorm) : "not finite",
      format.large(gradientNorm),
    ]),
  );
  shown.forEach(({ name }, i) =>
    lengths.tBodies[0]!.rows[i]!.classList.toggle("meant", name === tensor),
  );
  return make(
    "details",
    {},
    make("summary", {}, "The numbers behind it"),
    scroller("The numbers behind it", lengths),
    paragraph(
      "note",
      ...withTerms(
        "These are {tensors|tensor} of {weights|weight}. Length: the root of the sum of all squares. {Gradient|gradient}: that of the last step.",
      ),
    ),
    failure !== undefined && paragraph("note", `The engine’s own words: ${failure}.`),
  );
}
