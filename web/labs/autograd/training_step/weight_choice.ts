// The fields that choose one weight of a net: its tensor, and its place in that. At first it is the
// one with the largest gradient.
import type { Trace } from "lanegrad";
import { button, make } from "../../../ui/dom";

export type Update = Trace["updates"][number];

// A weight, or the sentence on an index that is none.
export type Chosen = { update: Update; at: number[]; index: number } | { complaint: string };

export class WeightChoice {
  private readonly tensor: HTMLSelectElement;
  private readonly indices = make("div", { className: "indices" });
  private fields: HTMLInputElement[] = [];
  readonly element: HTMLElement;

  constructor(
    private readonly updates: readonly Update[],
    private readonly onChange: () => void,
  ) {
    const options = updates.map(({ name, shape }) =>
      make("option", { value: name }, `${name} [${shape.join(", ")}]`),
    );
    this.tensor = make("select", { id: "autograd-tensor", test: "tensor" }, ...options);
    this.tensor.addEventListener("change", () => this.choose(largestIn(this.update)));
    this.element = make(
      "div",
      { className: "choose" },
      make("label", { className: "from", htmlFor: this.tensor.id }, "Tensor", this.tensor),
      this.indices,
      button("Largest gradient", () => this.chooseLargest(), {
        test: "largest",
        part: "largest",
      }),
    );
  }

  // Chooses the weight with the largest gradient of all.
  chooseLargest(): void {
    const size = (update: Update) => Math.abs(update.gradient[largestIn(update)]!);
    const most = this.updates.reduce((best, each) => (size(each) > size(best) ? each : best));
    this.tensor.value = most.name;
    this.choose(largestIn(most));
  }

  get chosen(): Chosen {
    const { update, fields } = this;
    const { name, shape } = update;
    const at = fields.map((input, axis) => {
      const value = Number(input.value);
      return input.value !== "" && Number.isInteger(value) && value >= 0 && value < shape[axis]!
        ? value
        : undefined;
    });
    const wrong = at.indexOf(undefined);
    fields.forEach((input, axis) => input.setAttribute("aria-invalid", String(axis === wrong)));
    if (wrong >= 0) {
      const most = shape[wrong]! - 1;
      const complaint = `${name}: index “${fields[wrong]!.value}”, expected a whole number from 0 to ${most}`;
      return { complaint };
    }
    const index = at.reduce<number>((sum, own, axis) => sum * shape[axis]! + own!, 0);
    return { update, at: at as number[], index };
  }

  private get update(): Update {
    return this.updates.find(({ name }) => name === this.tensor.value)!;
  }

  // Makes the fields for a place in the tensor, and chooses it.
  private choose(index: number): void {
    const { shape } = this.update;
    let rest = index;
    const at = [...shape].reverse().map((extent) => {
      const own = rest % extent;
      rest = Math.floor(rest / extent);
      return own;
    });
    at.reverse();
    this.fields = shape.map((extent, axis) => {
      const input = make("input", {
        type: "number",
        min: "0",
        max: String(extent - 1),
        value: String(at[axis]),
        test: `index-${axis}`,
      });
      input.addEventListener("input", this.onChange);
      return input;
    });
    const words = shape.length === 2 ? ["row", "column"] : ["place", "channel", "row", "column"];
    if (shape.length === 4) words[0] = "filter";
    this.indices.replaceChildren(
      ...this.fields.map((input, axis) =>
        make("label", { className: "from" }, `${words[axis]}`, input, `to ${shape[axis]! - 1}`),
      ),
    );
    this.onChange();
  }
}

// The place of the largest gradient in a tensor.
function largestIn({ gradient }: Update): number {
  let index = 0;
  gradient.forEach((value, i) => {
    if (Math.abs(value) > Math.abs(gradient[index]!)) index = i;
  });
  return index;
}
