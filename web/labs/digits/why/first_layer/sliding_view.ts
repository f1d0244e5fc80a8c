// A filter that slides over the picture: the window, its products, their sum, and the map that the sums fill. It moves
// by itself while it plays, and by a slider otherwise.
import { button, make, setText } from "../../../../ui/dom";
import { compact } from "../../../../ui/format";
import { paint, resize, type Size } from "../../../../ui/ink";
import type { PictureSet } from "../../run/picture_set";
import type { Convolution } from "./sums";
import { captioned, legend, paintSigned, signedCanvas } from "../painting";
import { filterSentence, sumSentence } from "../sentences";

// The milliseconds from one place to the next.
const pace = 60;
// The canvas pixels for a number.
const scale = 8;
// Products of windows up to this wide are written as numbers.
const widest = 7;

export class SlidingView {
  private readonly about = make("p", { test: "why-filters" });
  private readonly select = make("select", { test: "why-filter" });
  private readonly picture = signedCanvas("why-window");
  private readonly weights = signedCanvas("why-filter-weights");
  private readonly map = signedCanvas("why-map");
  private readonly products = make("div", {
    className: "products",
    role: "img",
    test: "why-window-products",
  });
  private readonly slider = make("input", {
    type: "range",
    min: "0",
    ariaLabel: "The window’s place",
    test: "why-place",
  });
  private readonly play = button("Play", () => this.toggle(), { test: "why-play", className: "small" }); // prettier-ignore
  private readonly rows = new Text();
  private readonly said = make("p", { className: "sum", test: "why-sum" });
  readonly element: HTMLElement;
  private layer: Convolution | undefined;
  private pictures: PictureSet | undefined;
  private pixels: Float32Array = new Float32Array();
  private values: Float32Array = new Float32Array();
  private timer: ReturnType<typeof setInterval> | undefined;
  // Whether this filter has been played.
  private isPlayed = false;

  constructor() {
    // Who wants less motion moves the window by hand.
    this.play.hidden = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.select.addEventListener("change", () => this.choose());
    this.slider.addEventListener("input", () => {
      this.stop();
      this.draw();
    });
    const label = make("label", { className: "choice" }, "Filter ", this.select);
    this.element = make(
      "div",
      { className: "sliding" },
      this.about,
      make("div", { className: "controls" }, label, this.play),
      this.slider,
      make(
        "div",
        { className: "pictures steps" },
        captioned(this.picture, "its window on the picture"),
        captioned(this.weights, "the filter’s weights", this.rows),
        captioned(this.map, "the map of all sums"),
      ),
      make(
        "div",
        { className: "pictures" },
        make("figure", {}, this.products, make("figcaption", {}, "weights × what lies below")),
        this.said,
      ),
      legend(new Text("above 0"), new Text("below 0")),
    );
  }

  show(layer: Convolution, pictures: PictureSet, pixels: Float32Array): void {
    const before = Number(this.select.value);
    const isOther = this.layer?.filters !== layer.filters;
    this.layer = layer;
    this.pictures = pictures;
    this.pixels = pixels;
    setText(this.rows, layer.channels > 1 ? ": for red, green and blue" : "");
    setText(this.about, filterSentence(layer));
    if (isOther) {
      const numbers = Array.from({ length: layer.filters }, (_, i) => i);
      this.select.replaceChildren(...numbers.map((i) => new Option(String(i + 1), String(i))));
      // The one that finds most begins.
      const most = numbers.map((i) => Math.max(...layer.values(i)));
      this.select.value = String(most.indexOf(Math.max(...most)));
    } else this.select.value = String(before);
    this.slider.max = String(layer.map.height * layer.map.width - 1);
    this.choose();
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    setText(this.play, "Play");
  }

  private choose(): void {
    this.stop();
    this.isPlayed = false;
    this.values = this.layer!.values(Number(this.select.value));
    this.slider.value = String(this.values.indexOf(Math.max(...this.values)));
    this.draw();
  }

  private toggle(): void {
    if (this.timer !== undefined) {
      this.stop();
      return this.draw();
    }
    // It goes on where it was, or begins anew at the end or where nothing was played yet.
    if (!this.isPlayed || this.slider.value === this.slider.max) this.slider.value = "0";
    this.isPlayed = true;
    setText(this.play, "Pause");
    this.timer = setInterval(() => this.advance(), pace);
    this.draw();
  }

  private advance(): void {
    // A panel that is closed plays nothing.
    if (!this.element.checkVisibility() || this.slider.value === this.slider.max) this.stop();
    else this.slider.value = String(Number(this.slider.value) + 1);
    this.draw();
  }

  private draw(): void {
    const { layer, pictures, pixels, values } = this;
    if (!layer || !pictures) return;
    const filter = Number(this.select.value);
    const place = Number(this.slider.value);
    const { channels, kernel, map, stride, pad } = layer;
    const [row, column] = [Math.floor(place / map.width), place % map.width];
    const sum = layer.sum(filter, place);

    paintPicture(this.picture, pictures, pixels);
    const corner = { x: column * stride - pad, y: row * stride - pad };
    outline(this.picture, { ...corner, ...kernel });
    this.picture.ariaLabel = `The window at row ${row + 1}, column ${column + 1}`;
    // One channel below the other.
    paintLarge(this.weights, { ...kernel, height: channels * kernel.height }, sum.weights);
    this.weights.ariaLabel = `The weights of filter ${filter + 1}`;
    // While it plays, the map fills; by hand, all of it is there.
    const filled = values.map((value, i) => (this.timer === undefined || i <= place ? value : 0));
    const strongest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    paintLarge(this.map, map, filled, strongest);
    outline(this.map, { x: column, y: row, width: 1, height: 1 });
    this.map.ariaLabel = `The map of filter ${filter + 1}`;
    this.drawProducts(sum.products, kernel.width);
    const sentence = sumSentence(sum, layer.hasBias);
    this.slider.ariaValueText = `row ${row + 1}, column ${column + 1}: ${compact(sum.value)}`;
    setText(this.said, sentence);
  }

  private drawProducts(products: Float32Array, width: number): void {
    const list = this.products;
    if (list.childElementCount !== products.length)
      list.replaceChildren(...Array.from(products, () => make("span")));
    list.style.gridTemplateColumns = `repeat(${width}, minmax(0, 1fr))`;
    const strongest = products.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30);
    products.forEach((product, i) => {
      const cell = list.children[i] as HTMLElement;
      cell.className = product > 0 ? "above" : product < 0 ? "below" : "";
      cell.style.setProperty("--share", `${Math.round((50 * Math.abs(product)) / strongest)}%`);
      setText(cell, width <= widest ? short(product) : "");
    });
    list.ariaLabel = `${products.length} products, ${short(Math.min(...products))} to ${short(Math.max(...products))}`;
  }
}

// A number with two digits behind the point: "−0.13".
const short = (value: number) => {
  const text = value.toFixed(Math.abs(value) < 9.95 ? 2 : 1);
  return /^-?0\.00$/.test(text) ? "0" : text.replace("-", "−");
};

// Paints numbers with several canvas pixels for each, so that there is room for a frame.
function paintLarge(
  canvas: HTMLCanvasElement,
  size: Size,
  values: Float32Array,
  strongest?: number,
): void {
  const small = make("canvas");
  paintSigned(small, size, values, { strongest });
  enlarge(canvas, small);
}

// Paints a picture: a grey one as ink, one in colour as it is.
function paintPicture(canvas: HTMLCanvasElement, pictures: PictureSet, pixels: Float32Array): void {
  const small = make("canvas");
  if (pictures.channels > 1) {
    resize(small, pictures);
    paint(
      small,
      pixels.map((value) => 255 * value),
    );
  } else {
    const none = new Float32Array(pixels.length);
    paintSigned(small, pictures, none, { ink: pixels, darkness: 1 });
  }
  enlarge(canvas, small);
}

function enlarge(canvas: HTMLCanvasElement, small: HTMLCanvasElement): void {
  const plain = small.classList.contains("plain");
  resize(canvas, { width: small.width * scale, height: small.height * scale, plain });
  const context = canvas.getContext("2d")!;
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, 0, canvas.width, canvas.height);
}

function outline(canvas: HTMLCanvasElement, at: Size & { x: number; y: number }): void {
  const context = canvas.getContext("2d")!;
  context.lineWidth = 3;
  context.strokeStyle = "#008a66";
  context.strokeRect(
    at.x * scale + 1.5,
    at.y * scale + 1.5,
    at.width * scale - 3,
    at.height * scale - 3,
  );
}
