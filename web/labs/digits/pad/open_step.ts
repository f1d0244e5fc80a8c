// "Open this step": hands one picture's way through the current net, and what the optimizer would
// make of it, to the Autograd lab.
import { LanegradError, type Trace } from "lanegrad";
import type { Hand } from "../run/selected_picture";
import type { Session } from "../run/digits_run";

export interface OpenStepOptions {
  button: HTMLButtonElement;
  // The choice of a drawing's label; the first option is what the net reads.
  select: HTMLSelectElement;
  about: HTMLElement;
  session: Session;
  hand: Hand;
  open(trace: Trace): void;
  onProblem(error: unknown): void;
}

export class OpenStep {
  private names: readonly string[] = [];
  // The label chosen for drawings.
  private chosen = "";

  constructor(private readonly options: OpenStepOptions) {
    const { button, select } = options;
    button.addEventListener("click", () => void this.go());
    select.addEventListener("change", () => (this.chosen = select.value));
  }

  // Shows other classes, another current picture, or that there is a net to ask.
  show(names: readonly string[]): void {
    const { button, select, about, session, hand } = this.options;
    if (names !== this.names) {
      this.names = names;
      this.chosen = "";
      select.replaceChildren(
        new Option("what it reads", ""),
        ...names.map((name, label) => new Option(name, String(label))),
      );
    }
    const inHand = hand.get();
    const known = inHand?.label !== undefined;
    select.disabled = known || !inHand;
    select.value = known ? String(inHand.label) : this.chosen;
    button.disabled = !inHand || !session.ready;
    about.textContent = inHand?.called ?? "a digit";
  }

  private async go(): Promise<void> {
    const { button, session, hand, open, onProblem } = this.options;
    const inHand = hand.get();
    if (!inHand) return;
    button.disabled = true;
    try {
      const { pixels, label = this.chosen === "" ? undefined : Number(this.chosen) } = inHand;
      const trace = await session.trace(pixels, label);
      if (trace) open(trace);
    } catch (error) {
      // The session reports a crash.
      if (!(error instanceof LanegradError && error.code === "Crashed")) onProblem(error);
    } finally {
      this.show(this.names);
    }
  }
}
