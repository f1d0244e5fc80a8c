// The training pictures that look most alike to the net: nearest to the picture in what its last layer is given.
import { make, setText } from "../../../ui/dom";
import { captioned, paintInk } from "./painting";
import type { Part, Question } from "./question";
import { comparedSentence, nearestSentence } from "./sentences";

const shown = 5;
// A search takes about so many operations at most, which take some seconds, but never compares fewer pictures than
// this.
const mostWork = 20e9;
const fewest = 2000;

export class NeighborsView implements Part {
  private readonly pictures = make("div", { className: "pictures near", test: "why-nearest" });
  private readonly said = make("p", { test: "why-neighbors" });
  private readonly about = make("p", { className: "note", test: "why-compared" });
  readonly element = make(
    "section",
    {},
    make("h3", {}, "The nearest training pictures"),
    this.pictures,
    this.said,
    this.about,
  );

  async show({ trainer, pictures, pixels, answer, wanted }: Question): Promise<void> {
    const { forwardFlops, trainSamples } = trainer.info;
    const among = Math.max(fewest, 1000 * Math.floor(mostWork / forwardFlops / 1000));
    setText(this.said, "Looking through the training pictures …");
    const found = await trainer.nearest(pixels, shown, among);
    if (!wanted()) return;
    const figures = found.samples.map(({ similarity, label, input }) => {
      const canvas = make("canvas", { className: "ink", role: "img" });
      paintInk(canvas, pictures, input);
      canvas.ariaLabel = `training ${pictures.noun}, ${pictures.called(label)}`;
      const name = make("b", {}, pictures.names[label]!);
      const figure = captioned(canvas, name, ` ${similarity.toFixed(3).replace("-", "−")}`);
      figure.classList.toggle("else", label !== answer);
      return figure;
    });
    this.pictures.replaceChildren(...figures);
    const labels = found.samples.map(({ label }) => label);
    setText(this.said, nearestSentence(pictures, labels, answer));
    setText(this.about, comparedSentence(pictures, { ...found, trained: trainSamples }));
  }
}
