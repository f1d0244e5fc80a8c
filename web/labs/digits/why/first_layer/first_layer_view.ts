// What the first layer does with the picture: a filter that slides over it, or the neuron that answers most.
import { make, setText } from "../../../../ui/dom";
import { firstLayer, type Neurons } from "./sums";
import type { PictureSet } from "../../run/picture_set";
import { added, darkness } from "../channels";
import { captioned, legend, paintSigned, signedCanvas } from "../painting";
import type { Part, Question } from "../question";
import { neuronSentence } from "../sentences";
import { SlidingView } from "./sliding_view";

export class FirstLayerView implements Part {
  private readonly sliding = new SlidingView();
  private readonly neuron = new NeuronView();
  readonly element = make(
    "section",
    { test: "why-first-layer" },
    make("h3", {}, "What its first layer does with it"),
    this.sliding.element,
    this.neuron.element,
  );

  async show({ trainer, pictures, pixels, wanted }: Question): Promise<void> {
    // All of the same moment.
    const weights = await trainer.weights();
    if (!wanted()) return;
    const layer = firstLayer(trainer.info, weights, pixels);
    this.element.hidden = !layer;
    this.sliding.element.hidden = layer?.kind !== "convolution";
    this.neuron.element.hidden = layer?.kind !== "neurons";
    if (layer?.kind === "convolution") this.sliding.show(layer, pictures, pixels);
    else this.sliding.stop();
    if (layer?.kind === "neurons") this.neuron.show(layer, pictures, pixels);
  }
}

// The weights of a neuron and their products with the pixels.
class NeuronView {
  private readonly weights = signedCanvas("why-weights");
  private readonly products = signedCanvas("why-products");
  private readonly all = [new Text(), new Text()] as const;
  private readonly said = make("p", { test: "why-neuron" });
  readonly element = make(
    "div",
    {},
    make(
      "div",
      { className: "pictures" },
      captioned(this.weights, "its weights", this.all[0]),
      captioned(this.products, "weights × pixels", this.all[1]),
    ),
    legend(new Text("above 0"), new Text("below 0")),
    this.said,
  );

  show(layer: Neurons, pictures: PictureSet, pixels: Float32Array): void {
    const sum = layer.sum(layer.strongest);
    const colored = pictures.channels > 1;
    for (const text of this.all) setText(text, colored ? ", three colours added up" : "");
    paintSigned(this.weights, pictures, added(sum.weights, pictures));
    paintSigned(this.products, pictures, added(sum.products, pictures), {
      ink: darkness(pixels, pictures),
    });
    this.weights.ariaLabel = `The weights of neuron ${layer.strongest + 1}, one per pixel`;
    this.products.ariaLabel = "Each pixel times its weight";
    setText(this.said, neuronSentence(pictures, layer, sum));
  }
}
