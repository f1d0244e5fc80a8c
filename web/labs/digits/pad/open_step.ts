// "Open this step": hands one picture's way through the current net, and what the optimizer would
// make of it, to the Autograd lab.
import { part, setText } from "../../../ui/dom";
import { describe } from "../../../ui/problems";
import { isCrash } from "../../../run/command_queue";
import type { DigitsRun } from "../run/digits_run";
import { labelOf } from "../run/selected_picture";

export class OpenStep {
  private readonly button: HTMLButtonElement;
  // The choice of what a drawing is, which only the visitor knows; the first option is no choice.
  private readonly select: HTMLSelectElement;
  private readonly about: HTMLElement;
  // The question to a visitor who has not said what the drawing is.
  private readonly question: HTMLElement;
  private names: readonly string[] = [];

  constructor(
    place: HTMLElement,
    private readonly run: DigitsRun,
  ) {
    this.button = part<HTMLButtonElement>(place, "open-step");
    this.select = part<HTMLSelectElement>(place, "open-step-label");
    this.about = part(place, "open-step-picture");
    this.question = part(place, "open-step-question");
    this.button.addEventListener("click", () => void this.open());
    this.select.addEventListener("change", () => {
      this.run.drawnLabel = this.select.value;
      this.run.emit("labelled");
      this.ask("");
    });
    run.on("openPicture", () => void this.open());
    run.onAny(["pictures", "names", "selected", "status", "net"], () => this.show());
  }

  private show(): void {
    const { button, select, about, run } = this;
    const { selected, pictures } = run;
    if (pictures && pictures.names !== this.names) {
      this.names = pictures.names;
      this.run.drawnLabel = "";
      select.replaceChildren(
        new Option("choose", ""),
        ...this.names.map((name, label) => new Option(name, String(label))),
      );
    }
    const known = selected?.label !== undefined;
    // The next drawing is another one.
    if (known) this.run.drawnLabel = "";
    if (known || this.run.drawnLabel !== "") this.ask("");
    select.disabled = known || !selected;
    select.value = known ? String(selected.label) : this.run.drawnLabel;
    button.disabled = !selected || !run.ready;
    about.textContent = selected?.called ?? "a digit";
  }

  private async open(): Promise<void> {
    const { button, run } = this;
    const { selected, pictures } = run;
    if (!selected || !pictures) return;
    const label = labelOf(run);
    if (label === undefined) {
      this.ask(`Say what it is: only you know what the ${pictures.noun} that you drew is.`);
      return this.select.focus();
    }
    button.disabled = true;
    try {
      const trace = await run.net.trace(selected.pixels, label);
      const { lr, labelSmoothing, clipNorm } = run.trainedWith.settings;
      if (trace)
        run.emit("openStep", {
          trace,
          names: pictures.names,
          sample: selected.called.replace("\u00a0", " "),
          called: pictures.called(label),
          isDrawn: selected.label === undefined,
          bestEpoch: run.history.restored?.epoch,
          recipe: { lr, labelSmoothing, clipNorm },
        });
    } catch (error) {
      // The session reports a crash.
      if (!isCrash(error)) run.show(describe(error));
    } finally {
      this.show();
    }
  }

  // Asks what the drawing is; an empty question takes it back.
  private ask(question: string): void {
    setText(this.question, question);
  }
}
