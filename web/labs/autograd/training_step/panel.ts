// A step of a run in Digits, number by number, in the place of the formulas.
import { button, part } from "../../../ui/dom";
import { grouped } from "../../../ui/format";
import type { Problems } from "../../../ui/problems";
import type { Shell } from "../../lab";
import type { OpenedStep } from "../../opened_step";
import type { FormulaRun } from "../run/formula_run";
import { stepView } from "./step_view";

export interface TrainingStepPanel {
  open(step: OpenedStep): void;
  // Goes back to the formulas, if a step is open.
  leave(): void;
  // Names the page after what is shown.
  title(): void;
}

export function mount(
  place: HTMLElement,
  run: FormulaRun,
  shell: Shell,
  problems: Problems,
): TrainingStepPanel {
  const formulas = part(place, "formulas");
  let shown: HTMLElement | undefined;
  // The notice on a step that is not open any more.
  let lost: HTMLElement | undefined;

  // An address says which step of a run it was. The numbers were only in the page that it was
  // opened in.
  run.on("formula", () => {
    lost?.remove();
    lost = undefined;
    const { opened } = run.state;
    if (!opened) return;
    const { step, sample, run: search } = opened;
    const message =
      `This address showed one training step of Digits, number by number: ${sample || "a picture"}, after ` +
      `${grouped(Number(step))} steps. Its numbers belong to that run. To see them again, ` +
      `open the run in Digits, take it as far again, choose the picture, and press “Open this step”.`;
    lost = problems.show(
      {
        title: "This step is not open any more",
        message,
        action: {
          label: "To its run in Digits",
          run: () => location.assign(search.startsWith("?") ? search : location.pathname),
        },
        dismissal: { label: "Dismiss", run: () => remember(undefined) },
      },
      "notice",
    );
  });

  function remember(opened: FormulaRun["state"]["opened"]): void {
    run.state.opened = opened;
    run.writeAddress();
  }

  function title(): void {
    document.title = shown
      ? "lanegrad: one step, number by number"
      : "lanegrad: how a gradient is made";
  }

  function leave(): void {
    if (!shown) return;
    shown.remove();
    shown = undefined;
    remember(undefined);
    formulas.hidden = false;
    title();
    formulas.querySelector("h1")!.scrollIntoView();
    part(place, "formula").focus({ preventScroll: true });
  }

  return {
    open(opened) {
      shown?.remove();
      lost?.remove();
      const { trace, sample, run: search } = opened;
      remember({ step: String(trace.step), sample, run: search });
      run.play(false);
      shown = stepView(
        opened,
        button("Back to Digits", () => void shell.go("digits"), { test: "digits" }),
        button("Back to formulas", leave, { test: "formulas", part: "to-formulas" }),
      );
      formulas.hidden = true;
      place.append(shown);
      title();
      scrollTo(0, 0);
      shell.say("One step of training is open, number by number.");
    },
    leave,
    title,
  };
}
