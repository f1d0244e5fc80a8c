// A button for each hidden unit; pointing at it, focusing or pressing it picks the unit.
import { make } from "../../../ui/dom";

export class UnitButtons {
  picked: number | undefined;
  // The unit that was pressed; it stays picked when the pointer leaves.
  private held: number | undefined;
  private buttons: HTMLButtonElement[] = [];

  constructor(
    private readonly place: HTMLElement,
    private readonly onPick: () => void,
  ) {}

  // Shows this many buttons. With `pictures`, each has a canvas, and these are returned.
  show(count: number, pictures: boolean): HTMLCanvasElement[] {
    const size = pictures ? "picture" : "number";
    if (this.buttons.length === count && this.place.dataset["size"] === size) {
      return this.canvases;
    }
    this.place.dataset["size"] = size;
    this.held = this.picked = undefined;
    this.buttons = Array.from({ length: count }, (_, i) => {
      const button = make(
        "button",
        { type: "button", ariaLabel: `Neuron ${i + 1}`, ariaPressed: "false" },
        pictures && make("canvas"),
        make("span", {}, String(i + 1)),
      );
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

  // Picks a unit from elsewhere, as from a curve under the pointer; undefined leaves only the one
  // that was pressed.
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
