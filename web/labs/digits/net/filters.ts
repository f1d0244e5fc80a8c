// The first layer's weights as pictures: the filters of a convolution, or what a neuron of a dense
// layer looks for in the whole image. Blue is where ink speaks for the neuron, orange where it
// speaks against it. Of pictures in colour, the weights for red, green and blue make one picture, grey where they are 0.
import { part } from "../../../ui/dom";
import { extents } from "../../../ui/format";
import { setSigned, type Size } from "../../../ui/ink";
import { mnistSize, type PictureSet } from "../run/picture_set";

// The most pictures.
const most = 48;

export class Filters {
  // The size of one picture, and its channels.
  private size: Size = mnistSize;
  private channels = 1;
  readonly figure: HTMLElement;

  constructor(private readonly place: HTMLElement) {
    this.figure = part(place, "filters-figure");
  }

  use(pictures: PictureSet): void {
    this.size = pictures;
    this.channels = pictures.channels;
  }

  // Shows weights: [O, C, KH, KW] of a convolution, or [C · height · width, O] of a dense layer. The figure is hidden
  // where the first layer has no pictures.
  show(weights: Float32Array, shape: readonly number[]): void {
    const { figure, channels } = this;
    const canvas = part<HTMLCanvasElement>(this.place, "filters");
    const isConv = shape.length === 4;
    figure.hidden = !isConv && shape[0] !== channels * this.size.width * this.size.height;
    if (figure.hidden) return;
    const filters = Math.min(isConv ? shape[0]! : shape[1]!, most);
    const [height = 0, width = 0] = isConv ? shape.slice(2) : [this.size.height, this.size.width];
    const pixels = height * width;
    const value = (filter: number, pixel: number) =>
      isConv ? weights[filter * channels * pixels + pixel]! : weights[pixel * shape[1]! + filter]!;
    const columns = Math.min(filters, isConv ? 12 : 8);
    const rows = Math.ceil(filters / columns);
    canvas.width = columns * (width + 1) - 1;
    canvas.height = rows * (height + 1) - 1;
    const context = canvas.getContext("2d")!;
    const image = context.createImageData(canvas.width, canvas.height);
    for (let filter = 0; filter < filters; filter++) {
      let largest = 1e-9;
      for (let p = 0; p < channels * pixels; p++)
        largest = Math.max(largest, Math.abs(value(filter, p)));
      const left = (filter % columns) * (width + 1);
      const top = Math.floor(filter / columns) * (height + 1);
      for (let p = 0; p < pixels; p++) {
        const place = 4 * ((top + Math.floor(p / width)) * canvas.width + left + (p % width));
        if (channels === 1) setSigned(image, place, value(filter, p) / largest);
        else {
          for (let c = 0; c < 3; c++)
            image.data[place + c] = 127.5 * (1 + value(filter, p + c * pixels) / largest);
          image.data[place + 3] = 255;
        }
      }
    }
    context.putImageData(image, 0, 0);
    const called = isConv ? "filter" : "neuron";
    // The pictures are numbered as the explanations number them.
    canvas.onpointermove = ({ offsetX, offsetY }) => {
      const column = Math.floor((offsetX / canvas.clientWidth) * columns);
      const number = Math.floor((offsetY / canvas.clientHeight) * rows) * columns + column + 1;
      canvas.title = number > filters ? "" : `${called} ${number}`;
    };
    const what = isConv
      ? `${filters} ${filters === 1 ? "filter" : "filters"} of ${extents(height, width)} pixels`
      : filters < shape[1]!
        ? `the weights of ${filters} of its ${shape[1]} neurons, one per pixel`
        : `the weights of its ${filters === 1 ? "one neuron" : `${filters} neurons`}, one per pixel`;
    canvas.classList.toggle("plain", channels > 1);
    part(this.place, "of-neurons").hidden = isConv || channels > 1;
    part(this.place, "of-filters").hidden = !isConv || channels > 1;
    part(this.place, "of-colors").hidden = channels === 1;
    canvas.ariaLabel = what;
    part(this.place, "filters-caption").textContent = what;
  }
}
