// The buttons start, pause, one step, stop and reset: which can be pressed when, and what they are
// called.

import { isRunning, type Status } from "./status";
import { part } from "../ui/dom";

const names = ["start", "pause", "step", "stop", "reset"] as const;
type Name = (typeof names)[number];

export class RunButtons {
  private readonly buttons: Record<Name, HTMLButtonElement>;
  private orphan: Element | undefined;

  constructor(place: ParentNode, actions: Record<Name, () => void>) {
    const buttons = names.map((name) => [name, part<HTMLButtonElement>(place, name)] as const);
    for (const [name, button] of buttons) button.addEventListener("click", actions[name]);
    this.buttons = Object.fromEntries(buttons) as Record<Name, HTMLButtonElement>;
  }

  // Shows the buttons. `starting`: a start was asked for and waits for what is being loaded.
  // `continues`: it would go on where the last run ended. `learned`: there is something that a
  // start would go on with, or replace.
  show(status: Status, starting: boolean, continues: boolean, learned = false): void {
    const { start, pause, step, stop, reset } = this.buttons;
    const running = isRunning(status);
    const rests = status === "idle" || status === "stopped";
    const again = status === "finished" || status === "failed" || (rests && learned);
    start.disabled = running || starting;
    start.textContent = !again ? "Start" : continues ? "Continue" : "Start again";
    pause.disabled = !running;
    pause.textContent = status === "paused" ? "Resume" : "Pause";
    step.disabled = status === "training" || status === "loading";
    stop.disabled = !running;
    reset.disabled = status === "loading";
    this.keepFocus(running ? pause : start);
  }

  // A button that is disabled under the keyboard's focus hands the focus on, as soon as there is a
  // next one.
  private keepFocus(next: HTMLButtonElement): void {
    const focused = document.activeElement;
    if (focused instanceof HTMLButtonElement && focused.disabled) this.orphan = focused;
    if (!this.orphan) return;
    if (focused !== this.orphan && focused !== document.body) {
      this.orphan = undefined;
    } else if (!next.disabled) {
      this.orphan = undefined;
      next.focus({ preventScroll: true });
    }
  }
}
