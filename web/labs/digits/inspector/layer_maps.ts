// One layer's answer to one picture: a cell for each neuron, or a small picture for each feature
// map. Blue is above 0, orange below, and the strongest is the darkest.
import { make } from "../../../ui/dom";
import { setSigned } from "../../../ui/ink";

const mostMaps = 48;
const cellsInLine = 64;
const mapsInLine = 12;
// The canvas pixels for a neuron.
const cell = 8;

export class LayerMaps {
  readonly canvas = document.createElement("canvas");
  private readonly context = this.canvas.getContext("2d")!;
  // The number of units that are shown.
  private readonly units: number;
  private readonly height: number;
  private readonly width: number;
  // The canvas pixels for a number.
  private readonly scale: number;
  private readonly inLine: number;
  // The number that is pointed at.
  private at: number | undefined;

  // `shape` is that of the layer's output: [units] or [maps, height, width].
  constructor(shape: readonly number[]) {
    const [all = 1, height = 1, width = 1] = shape;
    const areMaps = shape.length === 3;
    this.units = areMaps ? Math.min(all, mostMaps) : all;
    [this.height, this.width, this.scale] = [height, width, areMaps ? 1 : cell];
    const lines = Math.ceil(this.units / (areMaps ? mapsInLine : cellsInLine));
    this.inLine = Math.ceil(this.units / lines);
    const { canvas } = this;
    canvas.role = "img";
    canvas.className = "signed";
    canvas.width = this.inLine * (width * this.scale + 1) - 1;
    canvas.height = lines * (height * this.scale + 1) - 1;
    canvas.style.maxWidth = `${this.inLine * (areMaps ? 2.9 : 1.5)}rem`;
  }

  // A line with the cells' names below them, where there is room for it.
  labels(names: readonly string[]): HTMLElement[] {
    const { units, inLine } = this;
    if (names.length !== units || inLine !== units || names.some(({ length }) => length > 2))
      return [];
    const labels = names.map((name) => make("span", {}, name));
    const line = make("div", { className: "cell-names", ariaHidden: "true" }, ...labels);
    line.style.maxWidth = this.canvas.style.maxWidth;
    return [line];
  }

  // Shows the layer's numbers; returns the least and the largest of them.
  show(values: Float32Array): { least: number; most: number } {
    let [least, most] = [Infinity, -Infinity];
    for (const value of values) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    const strongest = Math.max(Math.abs(least), Math.abs(most));
    const { canvas, context, scale, height, width } = this;
    const image = context.createImageData(canvas.width, canvas.height);
    const shown = this.units * height * width;
    for (let index = 0; index < shown; index++) {
      const share = values[index]! / (strongest || 1);
      const { x, y } = this.place(index);
      for (let p = 0; p < scale * scale; p++) {
        const at = 4 * ((y + Math.floor(p / scale)) * canvas.width + x + (p % scale));
        setSigned(image, at, share);
      }
    }
    context.putImageData(image, 0, 0);
    return { least, most };
  }

  point({ clientX, clientY }: PointerEvent): void {
    const { canvas, scale, height, width } = this;
    const box = canvas.getBoundingClientRect();
    const x = ((clientX - box.left - canvas.clientLeft) / canvas.clientWidth) * canvas.width;
    const y = ((clientY - box.top - canvas.clientTop) / canvas.clientHeight) * canvas.height;
    const [column, row] = [
      Math.floor(x / (width * scale + 1)),
      Math.floor(y / (height * scale + 1)),
    ];
    const unit = row * this.inLine + column;
    const [px, py] = [x - column * (width * scale + 1), y - row * (height * scale + 1)];
    const inside = column < this.inLine && unit < this.units && px >= 0 && py >= 0;
    const [i, j] = [
      Math.min(Math.floor(px / scale), width - 1),
      Math.min(Math.floor(py / scale), height - 1),
    ];
    this.at = inside ? (unit * height + j) * width + i : undefined;
  }

  // The number that is pointed at, and its name: "Neuron 57", "Map 3, row 5, column 7".
  pointed(): { index: number; name: string } | undefined {
    const { at: index, height, width } = this;
    if (index === undefined) return undefined;
    const [unit, p] = [Math.floor(index / (height * width)), index % (height * width)];
    if (height * width === 1) return { index, name: `Neuron ${unit + 1}` };
    const place = `row ${Math.floor(p / width) + 1}, column ${(p % width) + 1}`;
    return { index, name: `Map ${unit + 1}, ${place}` };
  }

  // The place of a number on the canvas.
  private place(index: number): { x: number; y: number } {
    const { height, width, scale, inLine } = this;
    const [unit, p] = [Math.floor(index / (height * width)), index % (height * width)];
    return {
      x: (unit % inLine) * (width * scale + 1) + (p % width) * scale,
      y: Math.floor(unit / inLine) * (height * scale + 1) + Math.floor(p / width) * scale,
    };
  }
}
