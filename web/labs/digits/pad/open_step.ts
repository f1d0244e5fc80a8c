// "Open this step": hands one picture's way through the current net, and what the optimizer would
// make of it, to the Autograd lab.
import { part } from "../../../ui/dom";
import { describe } from "../../../ui/problems";
import { isCrash } from "../../../run/command_queue";
import type { DigitsRun } from "../run/digits_run";

export class OpenStep {
  private readonly button: HTMLButtonElement;
  // The choice of a drawing's label; the first option is what the net reads.
  private readonly select: HTMLSelectElement;
  private readonly about: HTMLElement;
  private names: readonly string[] = [];
  // The label chosen for drawings.
  private chosen = "";

  constructor(
    place: HTMLElement,
    private readonly run: DigitsRun,
  ) {
    this.button = part<HTMLButtonElement>(place, "open-step");
    this.select = part<HTMLSelectElement>(place, "open-step-label");
    this.about = part(place, "open-step-picture");
    this.button.addEventListener("click", () => void this.open());
    this.select.addEventListener("change", () => (this.chosen = this.select.value));
    run.onAny(["pictures", "names", "selected", "status", "net"], () => this.show());
  }

  private show(): void {
    const { button, select, about, run } = this;
    const { selected, pictures } = run;
    if (pictures && pictures.names !== this.names) {
      this.names = pictures.names;
      this.chosen = "";
      select.replaceChildren(
        new Option("what it reads", ""),
        ...this.names.map((name, label) => new Option(name, String(label))),
      );
    }
    const known = selected?.label !== undefined;
    select.disabled = known || !selected;
    select.value = known ? String(selected.label) : this.chosen;
    button.disabled = !selected || !run.ready;
    about.textContent = selected?.called ?? "a digit";
  }

  private async open(): Promise<void> {
    const { button, run } = this;
    const { selected, pictures } = run;
    if (!selected || !pictures) return;
    button.disabled = true;
    try {
      const { pixels, label = this.chosen === "" ? undefined : Number(this.chosen) } = selected;
      const trace = await run.net.trace(pixels, label);
      const { lr, labelSmoothing, clipNorm } = run.trainedWith.settings;
      if (trace)
        run.emit("openStep", {
          trace,
          names: pictures.names,
          sample: selected.called.replace("\u00a0", " "),
          recipe: { lr, labelSmoothing, clipNorm },
        });
    } catch (error) {
      // The session reports a crash.
      if (!isCrash(error)) run.show(describe(error));
    } finally {
      this.show();
    }
  }
}
