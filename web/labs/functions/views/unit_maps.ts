// Hidden units over two inputs as small pictures in one scale; one of them can be looked at alone.
import { part } from "../../../ui/dom";
import { partsOf, type ExperimentInfo, type Snapshot } from "../engine/snapshot";
import { diverging, largest, paint, type ColorField } from "../../../ui/plots/color_field";
import { write } from "../../../ui/plots/plane";
import { UnitButtons } from "./unit_buttons";

export class UnitMaps {
  private readonly units: UnitButtons;
  private shown: { info: ExperimentInfo; snapshot: Snapshot } | undefined;

  constructor(
    private readonly place: HTMLElement,
    onPick: () => void,
  ) {
    this.units = new UnitButtons(part(place, "plane-units"), () => {
      this.showSentence();
      onPick();
    });
  }

  show(info: ExperimentInfo, snapshot: Snapshot): void {
    this.shown = { info, snapshot };
    const canvases = this.units.show(info.unitsShown, true);
    const color = this.colors();
    partsOf(snapshot.view, info).forEach((values, i) => {
      paint(canvases[i]!, { size: info.grid, channels: 1, values, detail: 1, color });
    });
    this.showSentence();
  }

  // The chosen unit, as a picture to paint large.
  get picked(): (ColorField & { unit: number }) | undefined {
    const { shown, units } = this;
    if (!shown || units.picked === undefined) return undefined;
    const values = partsOf(shown.snapshot.view, shown.info)[units.picked];
    if (!values) return undefined;
    const color = this.colors();
    const { grid: size } = shown.info;
    return { size, channels: 1, values, detail: 5, color, unit: units.picked + 1 };
  }

  private showSentence(): void {
    const { info, snapshot } = this.shown!;
    const sentence = part(this.place, "plane-sentence");
    const { picked } = this.units;
    const parts = partsOf(snapshot.view, info);
    const values = picked === undefined ? undefined : parts[picked];
    if (!values) {
      const hidden = info.units > info.unitsShown ? `; the first ${info.unitsShown} are shown` : "";
      const what = info.hidden
        ? `${info.units} ${info.units === 1 ? "neuron" : "neurons"}${hidden}`
        : "There is no hidden layer: these are x and y themselves";
      sentence.textContent = `${what}. Blue is above 0, orange below.`;
      return;
    }
    const [low, high] = values.reduce(
      ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
      [Infinity, -Infinity],
    );
    const name = info.hidden ? `Neuron ${picked! + 1}` : "xy"[picked!]!;
    const range = `from ${write(low, 3)} to ${write(high, 3)}`;
    const { weights } = snapshot.view;
    const outputs = info.classes || 1;
    const own = Array.from(weights.subarray(picked! * outputs, (picked! + 1) * outputs));
    const said = own.map((weight, i) =>
      info.classes ? `${write(weight, 3)} for ${"ABC"[i]}` : write(weight, 3),
    );
    sentence.textContent = info.classes
      ? `${name} goes ${range}. Its outgoing weights: ${said.join(", ")}.`
      : `${name} adds ${range}. Its outgoing weight is ${said}.`;
  }

  private colors(): ColorField["color"] {
    return diverging((name) => this.color(name), largest(this.shown!.snapshot.view.units));
  }
  private color(name: string): string {
    return getComputedStyle(this.place).getPropertyValue(name).trim();
  }
}
