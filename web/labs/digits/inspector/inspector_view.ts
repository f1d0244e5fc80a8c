// What the inspector shows: each layer's answer to the current picture as cells or maps, and for
// each tensor the sizes of weights, gradients, updates and Adam's moments. All numbers are the
// engine's. Pointing at anything, focusing or tapping it puts a sentence about it below.
import { numel } from "../../../data/numel";
import type { Inspection } from "lanegrad";
import { paint, resize } from "../../../ui/ink";
import type { PictureSet } from "../run/picture_set";
import type { SelectedPicture } from "../run/selected_picture";
import "./inspector.css";
import {
  columns,
  deadAbout,
  explainLayer,
  explainTensor,
  layersAbout,
  ratioOf,
  shownLayers,
  tensorsAbout,
  type Shown,
} from "./explanations";
import { LayerMaps } from "./layer_maps";
import { showRatio, ticks, track } from "./ratio_axis";
import { make, scroller, setText } from "../../../ui/dom";
import { compact, grouped, scientific } from "../../../ui/format";
import { withTerms } from "../../../ui/glossary/words";

type Layer = Inspection["layers"][number];
type Tensor = Inspection["tensors"][number];
type Explain = () => string;

interface LayerRow {
  item: HTMLElement;
  range: HTMLElement;
  dead: HTMLElement;
  maps: LayerMaps;
}

// The engine asks about at most so many samples which neurons are dead.
const mostProbed = 128;

export class InspectorView {
  private readonly picture = make("canvas", { className: "ink", ariaHidden: "true" });
  private readonly layers = make("ol", { className: "layer-answers", test: "layer-answers" });
  private readonly table = make("table", { test: "tensors" });
  private readonly says = make(
    "p",
    { className: "says", id: "inspector-says" },
    "Point at anything here, tap it or tab to it, to read what it means.",
  );
  private readonly sentences = new WeakMap<Element, Explain>();
  private readonly about = new Text();
  private readonly layersAbout = new Text();
  // What the layers' neurons were asked about: "128 training digits".
  private probed = "";
  private readonly step = make("b", { test: "inspected-step" });
  private rows: LayerRow[] = [];
  private cells: HTMLElement[][] = [];
  // The net that the rows were made for.
  private made = "";
  private shown: Inspection | undefined;
  private names: readonly string[] = [];
  private explained: Element | undefined;

  constructor(place: HTMLElement) {
    const how = ", layer by layer, and how the weights learn. Step ";
    const title = make("span", {}, "What becomes of ", this.about, how, this.step);
    const scroll = scroller("Table of weights and gradients", this.table);
    const inside = make(
      "div",
      { className: "inside" },
      make("p", { className: "in-hand" }, this.picture, title),
      figure(this.layers, "What each layer answers.", this.layersAbout),
      figure(scroll, "How the weights learn.", ...withTerms(tensorsAbout)),
      this.says,
    );
    place.append(inside);
    for (const kind of ["focusin", "click"]) {
      inside.addEventListener(kind, (event) => this.point(event.target as Element));
    }
    // A pointer at rest does not count where only the page moves under it, as it does for people
    // who use the keyboard.
    let last = "";
    inside.addEventListener("pointermove", ({ screenX, screenY, target }) => {
      const place = `${screenX} ${screenY}`;
      if (place !== last) this.point(target as Element);
      last = place;
    });
  }

  // `trained` is the number of pictures to learn from; `best` is the epoch whose weights are back, if any.
  show(
    inspection: Inspection,
    selected: SelectedPicture,
    pictures: PictureSet,
    trained: number,
    best: number | undefined,
  ): void {
    this.shown = inspection;
    this.probed = `${Math.min(mostProbed, trained)} training ${pictures.noun}s`;
    setText(this.layersAbout, layersAbout(pictures.noun, this.probed));
    this.names = pictures.names;
    const layers = shownLayers(inspection.layers);
    const made = JSON.stringify([
      layers.map(({ title, layer }) => [title, layer.shape]),
      this.names,
      inspection.tensors.map((tensor) => [tensor.name, tensor.shape, "moments" in tensor]),
    ]);
    if (made !== this.made) this.build(layers, inspection.tensors, this.names);
    this.made = made;
    resize(this.picture, pictures);
    paint(
      this.picture,
      selected.pixels.map((value) => 255 * value),
    );
    setText(this.about, selected.called);
    const weights = best === undefined ? "" : `, with the weights of epoch ${best}`;
    setText(this.step, `${grouped(inspection.step)}${weights}`);
    layers.forEach(({ layer }, i) => this.showLayer(this.rows[i]!, layer));
    inspection.tensors.forEach((tensor, i) => this.showTensor(this.cells[i]!, tensor));
    this.say();
  }

  private showLayer(
    { range, dead, maps }: LayerRow,
    { name, shape, activations, ...layer }: Layer,
  ): void {
    const { least, most } = maps.show(activations);
    const numbers = `${compact(least)} to ${compact(most)}`;
    setText(range, layer.finite ? numbers : "not finite");
    range.classList.toggle("alarm", !layer.finite);
    const size = shape.join(" × ");
    const zeros = activations.filter((value) => value === 0).length;
    maps.canvas.ariaLabel =
      `${name}, ${size} numbers, ${numbers}` + (layer.dead === undefined ? "" : `, ${zeros} are 0`);
    if (layer.dead === undefined) return;
    setText(dead, `${Math.round(layer.dead * shape[0]!)} of ${shape[0]} dead`);
    dead.classList.toggle("alarm", layer.dead >= 0.5);
  }

  private showTensor(
    [plot, ratio, weight, gradient, first, second]: HTMLElement[],
    tensor: Tensor,
  ): void {
    const count = numel(tensor.shape);
    const each = (norm: number) => scientific(norm / Math.sqrt(count));
    const share = ratioOf(tensor);
    showRatio(plot!, share);
    setText(ratio!, scientific(share));
    setText(weight!, tensor.finite ? each(tensor.weightNorm) : "not finite");
    weight!.classList.toggle("alarm", !tensor.finite);
    setText(gradient!, each(tensor.gradientNorm));
    if (!tensor.moments) return;
    setText(first!, each(tensor.moments.first));
    setText(second!, each(tensor.moments.second));
  }

  private build(layers: Shown[], tensors: readonly Tensor[], names: readonly string[]): void {
    this.rows = layers.map(({ title, layer }, i) => {
      const maps = new LayerMaps(layer.shape);
      const range = make("span", { className: "range" });
      const dead = word("", "word dead");
      const shape = make("small", {}, layer.shape.join(" × "));
      const labels = i === layers.length - 1 ? maps.labels(names) : [];
      const item = make(
        "li",
        {},
        make("div", { className: "head" }, word(title), shape),
        make("div", { className: "picture" }, maps.canvas, ...labels),
        make("span", { className: "facts" }, range, layer.dead !== undefined && dead),
      );
      const now = () => shownLayers(this.shown!.layers)[i]!.layer;
      this.explain(item, () => explainLayer(now()));
      this.explain(dead, () => deadAbout(this.probed));
      for (const kind of ["pointermove", "pointerdown"] as const) {
        maps.canvas.addEventListener(kind, (event) => maps.point(event));
      }
      this.explain(maps.canvas, () => {
        const cell = maps.pointed();
        if (!cell) return explainLayer(now());
        const value = now().activations[cell.index]!;
        const last = i === this.rows.length - 1;
        const name = last ? names[cell.index] : undefined;
        if (name === undefined) return `${cell.name} of ${now().name} answers ${compact(value)}.`;
        return `The sum for “${name}” is ${compact(value)}; the largest of these sums is the answer.`;
      });
      return { item, range, dead, maps };
    });
    this.layers.replaceChildren(...this.rows.map(({ item }) => item));

    this.buildTable(tensors);
  }

  private buildTable(tensors: readonly Tensor[]): void {
    const adam = tensors.some(({ moments }) => moments);
    const titles = Object.entries({
      Tensor: columns.tensor,
      "Update ÷ weight": columns.ratio,
      Ratio: columns.ratio,
      Weight: columns.weight,
      Gradient: columns.gradient,
      ...(adam && { m: columns.first, "√v": columns.second }),
    });
    const heads = titles.map(([title, sentence], i) => {
      const head = make("th", { scope: "col" }, word(title), i === 1 && ticks());
      this.explain(head, () => sentence);
      return head;
    });
    this.cells = tensors.map(() => [
      make("td", { className: "plot-cell" }, track()),
      ...heads.slice(2).map(() => make("td")),
    ]);
    const rows = tensors.map(({ name }, i) => {
      const row = make("tr", {}, make("th", { scope: "row" }, word(name)), ...this.cells[i]!);
      const now = () => this.shown!.tensors[i]!;
      this.explain(row, () => explainTensor(now(), ratioOf(now())));
      return row;
    });
    this.table.replaceChildren(
      make("thead", {}, make("tr", {}, ...heads)),
      make("tbody", {}, ...rows),
    );
  }

  private explain(element: Element, sentence: Explain): void {
    this.sentences.set(element, sentence);
  }

  private point(target: Element): void {
    for (let at: Element | null = target; at; at = at.parentElement) {
      if (!this.sentences.has(at)) continue;
      this.explained = at;
      break;
    }
    this.say();
  }

  private say(): void {
    if (!this.explained?.isConnected) return;
    setText(this.says, this.sentences.get(this.explained)!());
  }
}

// A word that can be focused and tapped to read about it.
function word(text: string, className = "word"): HTMLButtonElement {
  const element = make("button", { className, type: "button" }, text);
  element.setAttribute("aria-describedby", "inspector-says");
  return element;
}

const figure = (content: HTMLElement, title: string, ...about: Node[]): HTMLElement =>
  make("figure", {}, content, make("figcaption", {}, make("b", {}, title), " ", ...about));
