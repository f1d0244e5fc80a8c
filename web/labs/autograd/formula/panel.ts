// The field for the formula, the examples, and the fields of its values.
import { make, part } from "../../../ui/dom";
import { fromAddress, toAddress } from "../address";
import type { FormulaRun } from "../run/formula_run";
import { functions, presets } from "../language/language";
import { ValueFields } from "./value_fields";

export function mount(place: HTMLElement, run: FormulaRun): void {
  const formula = part<HTMLInputElement>(place, "formula");
  const links = presets.map(({ title, formula, values, fixed }) => {
    const own = toAddress({ formula, values, fixed, at: undefined });
    return make("a", { href: `?lab=autograd${own.replace("?", "&")}` }, title);
  });
  part(place, "presets").append(...links);
  part(place, "functions").textContent = Object.keys(functions).join(", ");
  const values = new ValueFields({
    place: part(place, "values"),
    onChange: (name, text) => run.setValue(name, text),
    onRequire: (name, requires) => run.setRequires(name, requires),
  });

  formula.addEventListener("input", () => run.setFormula(formula.value));
  links.forEach((link, i) =>
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      run.take(fromAddress(`?${new URLSearchParams({ f: presets[i]!.formula })}`));
    }),
  );

  run.on("formula", () => {
    if (formula.value !== run.state.formula) formula.value = run.state.formula;
  });
  run.on("values", (names) => values.show(names, run.state.values, run.state.fixed));
  run.on("complaint", ({ name, sentence }) => {
    if (name !== undefined) return values.complain(name, sentence);
    part(place, "complaint").textContent = sentence;
    formula.setAttribute("aria-invalid", String(sentence !== ""));
  });
  run.on("earlier", (earlier) => {
    part(place, "earlier").textContent = earlier
      ? `What is shown below is still f = ${earlier}, as it was computed last.`
      : "";
  });
  run.on("chosen", (name) => values.focus(name));
  run.on("walk", () => {
    presets.forEach((preset, i) => {
      links[i]!.ariaCurrent = preset.formula === run.state.formula ? "true" : null;
    });
    const { formula, fixed } = run.state;
    const preset = presets.find((each) => each.formula === formula);
    // What it says about the values that can learn holds only for these.
    const isOwn = preset?.fixed.join() === fixed.filter((name) => preset?.values[name]).join();
    part(place, "about").textContent = (isOwn && preset?.about) || "";
  });
}
