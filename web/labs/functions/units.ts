// Hidden units to choose from: a button each; pointing, focus or a press picks one.

export class Units {
  picked: number | undefined;
  private held: number | undefined; // pressed: stays when the pointer leaves
  private buttons: HTMLButtonElement[] = [];

  constructor(
    private readonly place: HTMLElement,
    private readonly onPick: () => void,
  ) {}

  // `canvas`: each with a picture, which is returned.
  show(count: number, pictures: boolean): HTMLCanvasElement[] {
    const size = pictures ? "picture" : "number";
    if (this.buttons.length === count && this.place.dataset["size"] === size) {
      return this.canvases;
    }
    this.place.dataset["size"] = size;
    this.held = this.picked = undefined;
    this.buttons = Array.from({ length: count }, (_, i) => {
      const button = document.createElement("button");
      button.type = "button";
      button.ariaLabel = `Unit ${i + 1}`;
      button.ariaPressed = "false";
      if (pictures) button.append(document.createElement("canvas"));
      const number = document.createElement("span");
      number.textContent = String(i + 1);
      button.append(number);
      button.addEventListener("pointerenter", () => this.pick(i));
      button.addEventListener("pointerleave", () => this.pick(this.held));
      button.addEventListener("focus", () => this.pick(i));
      button.addEventListener("blur", () => this.pick(this.held));
      button.addEventListener("click", () => {
        this.held = this.held === i ? undefined : i;
        this.pick(this.held);
      });
      return button;
    });
    this.place.replaceChildren(...this.buttons);
    return this.canvases;
  }

  // From elsewhere, as from a curve under the pointer; undefined: none, but for what is held.
  pick(unit: number | undefined): void {
    const next = unit ?? this.held;
    if (next === this.picked) return;
    this.picked = next;
    this.buttons.forEach((button, i) => (button.ariaPressed = String(i === next)));
    this.onPick();
  }

  private get canvases(): HTMLCanvasElement[] {
    return this.buttons.flatMap((button) => button.querySelector("canvas") ?? []);
  }
}
