// A net drawn layer by layer: a slab for each shape that the numbers of one picture take on their
// way through it, with the layer's word, the shape, and what it costs.
import { make, part } from "../../../ui/dom";
import type { NetDescription, TrainingDescription } from "lanegrad";
import * as format from "../../../ui/format";

type LayerDescription = NetDescription["layers"][number];

export class Layers {
  constructor(private readonly place: HTMLElement) {}

  show(net: TrainingDescription, sample: readonly number[], noun: string): void {
    const items = [item("input", sample, `the ${noun}’s pixels`)];
    for (const layer of joined(net.layers)) {
      items.push(item(layer.title, layer.shape, costs(layer.parameters)));
    }
    part(this.place, "layers").replaceChildren(...items);
    part(this.place, "net-total").textContent =
      `${format.grouped(net.parameters)} numbers to learn: weights and biases. ` +
      `Learning from one ${noun} takes ${format.work(net.stepFlops)}, and all of it needs about ` +
      `${format.grouped(Math.ceil(net.memoryBytes / 2 ** 20))} MB of memory.` +
      (net.layers.at(-1)?.kind === "Softmax"
        ? " The loss makes the softmax itself: leave the last layer out, or it is made twice."
        : "");
  }
}

// Joins layers for the drawing: a bias with the product before it, and a function without weights
// that keeps the shape with the layer whose numbers it changes.
function joined(layers: readonly LayerDescription[]) {
  const steps: { title: string; shape: readonly number[]; parameters: number }[] = [];
  for (const { kind, name, shape, parameters, ...layer } of layers) {
    const text = layer.text || name.replace(/\d+$/, "");
    const last = steps.at(-1);
    if (last && kind === "Bias") {
      last.parameters += parameters;
    } else if (last && parameters === 0 && String(shape) === String(last.shape)) {
      last.title += `, ${text}`;
    } else {
      steps.push({ title: text, shape, parameters });
    }
  }
  return steps;
}

const costs = (parameters: number) =>
  parameters === 0 ? "" : `${format.grouped(parameters)} to learn`;

function item(title: string, shape: readonly number[], cost: string): HTMLElement {
  const slab = make("div", { className: "slab" });
  const [depth, height, width] = shape.length === 3 ? shape : [1, shape[0]!, 1];
  // Areas grow with the shape, but more slowly, so that 1 × 28 × 28 and 1,024 both fit into a line.
  slab.style.height = `${Math.min(4 + 11 * Math.sqrt(height!), 88)}px`;
  slab.style.width = `${shape.length === 3 ? Math.min(4 + 5 * Math.sqrt(depth! * Math.sqrt(width!)), 64) : 8}px`;
  const size = make("span", {}, shape.join(" × "));
  return make("li", {}, slab, make("b", {}, title), size, make("small", {}, cost));
}
