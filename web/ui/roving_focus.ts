// The keyboard in a grid of buttons: Tab stops at it once, the arrow keys go from button to button,
// Home and End to the ends of a row, with Control to the very ends.

export interface Field {
  // The buttons, row by row.
  buttons: readonly HTMLButtonElement[];
  // Asked for where a key needs it, since it may have to be read from the layout.
  readonly columns: number;
  // Whether the end of a row is next to the start of the one below, as in a list.
  wraps: boolean;
}

export class RovingFocus {
  constructor(
    place: HTMLElement,
    private readonly field: () => Field,
  ) {
    place.addEventListener("keydown", (event) => this.step(event));
    // The arrow keys go on from a clicked button, too.
    place.addEventListener("focusin", (event) => {
      const { buttons } = this.field();
      const button = buttons.find((each) => each === event.target);
      if (button) this.stopAt(button, buttons);
    });
  }

  // The buttons have changed.
  renew(): void {
    const { buttons } = this.field();
    if (buttons.length === 0) return;
    const stop = buttons.find((button) => button === document.activeElement) ?? buttons[0]!;
    this.stopAt(stop, buttons);
  }

  private stopAt(stop: HTMLButtonElement, buttons: readonly HTMLButtonElement[]): void {
    for (const button of buttons) button.tabIndex = button === stop ? 0 : -1;
  }

  private step(event: KeyboardEvent): void {
    if (event.altKey || event.metaKey) return;
    const field = this.field();
    const { buttons } = field;
    const at = buttons.findIndex((button) => button === event.target);
    const to = at < 0 ? undefined : target(event, at, field);
    if (to === undefined) return;
    event.preventDefault();
    buttons[to]?.focus();
  }
}

function target({ key, ctrlKey }: KeyboardEvent, at: number, field: Field): number | undefined {
  const { columns, wraps } = field;
  const count = field.buttons.length;
  const first = at - (at % columns);
  const last = Math.min(first + columns, count) - 1;
  if (key === "Home") return ctrlKey ? 0 : first;
  if (key === "End") return ctrlKey ? count - 1 : last;
  if (ctrlKey) return undefined;
  if (key === "ArrowLeft") return wraps ? at - 1 : Math.max(at - 1, first);
  if (key === "ArrowRight") return wraps ? at + 1 : Math.min(at + 1, last);
  if (key === "ArrowUp") return at - columns;
  if (key === "ArrowDown") return at + columns;
  return undefined;
}
