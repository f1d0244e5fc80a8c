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
import { make } from "../../../ui/dom";
import { compact, grouped, scientific } from "../../../ui/format";

type Layer = Inspection["layers"][number];
type Tensor = Inspection["tensors"][number];
type Explain = () => string;

interface LayerRow {
  item: HTMLElement;
  range: HTMLElement;
  dead: HTMLElement;
  maps: LayerMaps;
}

export class InspectorView {
  private readonly title = make("p", { className: "in-hand" });
  private readonly picture = make("canvas", { className: "ink" });
  private readonly layers = make("ol", { className: "layer-answers" });
  private readonly table = make("table");
  private readonly body = make("tbody");
  private readonly says = make("p", { className: "says" });
  private readonly sentences = new WeakMap<Element, Explain>();
  private readonly about = new Text();
  private readonly step = make("b");
  private rows: LayerRow[] = [];
  private cells: HTMLElement[][] = [];
  // The net that the rows were made for.
  private made = "";
  private shown: Inspection | undefined;
  private names: readonly string[] = [];
  private explained: Element | undefined;

  constructor(place: HTMLElement) {
    const inside = make("div", { className: "inside" });
    this.picture.setAttribute("aria-hidden", "true");
    this.step.dataset["testid"] = "inspected-step";
    this.title.append(
      this.picture,
      span(
        "What becomes of ",
        this.about,
        ", layer by layer, and how the weights learn. Step ",
        this.step,
      ),
    );
    this.layers.dataset["testid"] = "layer-answers";
    this.says.id = "inspector-says";
    this.says.textContent = "Point at anything here, tap it or tab to it, to read what it means.";
    this.table.append(this.body);
    this.table.dataset["testid"] = "tensors";
    const scroll = make("div", { className: "scroll" });
    scroll.tabIndex = 0;
    scroll.role = "region";
    scroll.ariaLabel = "Table of weights and gradients";
    scroll.append(this.table);
    inside.append(
      this.title,
      figure(this.layers, "What each layer answers.", layersAbout),
      figure(scroll, "How the weights learn.", tensorsAbout),
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

  show(inspection: Inspection, selected: SelectedPicture, pictures: PictureSet): void {
    this.shown = inspection;
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
    set(this.about, selected.called);
    set(this.step, grouped(inspection.step));
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
    set(range, layer.finite ? numbers : "not finite");
    range.classList.toggle("alarm", !layer.finite);
    const size = shape.join(" × ");
    const zeros = activations.filter((value) => value === 0).length;
    maps.canvas.ariaLabel =
      `${name}, ${size} numbers, ${numbers}` + (layer.dead === undefined ? "" : `, ${zeros} are 0`);
    if (layer.dead === undefined) return;
    set(dead, `${Math.round(layer.dead * shape[0]!)} of ${shape[0]} dead`);
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
    set(ratio!, scientific(share));
    set(weight!, tensor.finite ? each(tensor.weightNorm) : "not finite");
    weight!.classList.toggle("alarm", !tensor.finite);
    set(gradient!, each(tensor.gradientNorm));
    if (!tensor.moments) return;
    set(first!, each(tensor.moments.first));
    set(second!, each(tensor.moments.second));
  }

  private build(layers: Shown[], tensors: readonly Tensor[], names: readonly string[]): void {
    this.rows = layers.map(({ title, layer }, i) => {
      const item = make("li");
      const name = button(title);
      const range = make("span", { className: "range" });
      const dead = button("");
      const facts = make("span", { className: "facts" });
      const maps = new LayerMaps(layer.shape);
      const shape = make("small");
      shape.textContent = layer.shape.join(" × ");
      dead.classList.add("dead");
      facts.append(range);
      if (layer.dead !== undefined) facts.append(dead);
      const head = make("div", { className: "head" });
      head.append(name, shape);
      const picture = make("div", { className: "picture" });
      picture.append(maps.canvas);
      if (i === layers.length - 1) picture.append(...maps.labels(names));
      item.append(head, picture, facts);
      const now = () => shownLayers(this.shown!.layers)[i]!.layer;
      this.explain(item, () => explainLayer(now()));
      this.explain(dead, () => columns.dead);
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

    this.body.replaceChildren();
    const adam = tensors.some(({ moments }) => moments);
    const heads = [
      ["Tensor", columns.tensor],
      ["Update ÷ weight", columns.ratio],
      ["Ratio", columns.ratio],
      ["Weight", columns.weight],
      ["Gradient", columns.gradient],
      ...(adam
        ? ([
            ["m", columns.first],
            ["√v", columns.second],
          ] as const)
        : []),
    ] as const;
    const head = make("tr");
    heads.forEach(([title, sentence], i) => {
      const th = make("th");
      th.scope = "col";
      th.append(button(title));
      if (i === 1) th.append(ticks());
      this.explain(th, () => sentence);
      head.append(th);
    });
    const thead = make("thead");
    thead.append(head);
    this.cells = tensors.map((_, i) => {
      const row = make("tr");
      const th = make("th");
      th.scope = "row";
      th.append(button(tensors[i]!.name));
      const plot = make("td", { className: "plot-cell" });
      plot.append(track());
      const numbers = heads.slice(2).map(() => make("td"));
      row.append(th, plot, ...numbers);
      this.explain(row, () =>
        explainTensor(this.shown!.tensors[i]!, ratioOf(this.shown!.tensors[i]!)),
      );
      this.body.append(row);
      return [plot, ...numbers];
    });
    this.table.replaceChildren(thead, this.body);
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
    set(this.says, this.sentences.get(this.explained)!());
  }
}

const span = (...parts: (string | Node)[]): HTMLElement => make("span", {}, ...parts);

// A word that can be focused and tapped to read about it.
function button(text: string): HTMLButtonElement {
  const element = make("button", { className: "word", type: "button" }, text);
  element.setAttribute("aria-describedby", "inspector-says");
  return element;
}

const figure = (content: HTMLElement, title: string, about: string): HTMLElement =>
  make("figure", {}, content, make("figcaption", {}, make("b", {}, title), ` ${about}`));

// Sets a text only where it changes, so that it keeps its place and the selection.
function set(where: Text | Element, text: string): void {
  if (where.textContent !== text) where.textContent = text;
}
