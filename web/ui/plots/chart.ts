// One figure over epochs: training (each point pale, the line through them solid) and what it is
// judged by, the test (dashed) or validation (dotted), with one point per epoch; behind them the
// curves of kept runs. It draws with uPlot when it is told to, and follows the colour scheme and its own width.
import uPlot from "uplot";
import { make } from "../dom";
import type { Size } from "../ink";
import { lazy } from "../lazy";
import "uplot/dist/uPlot.min.css";
import { axisEnd, roundNumbers } from "./axis";
import { judgeOf, type Curves } from "./curves";
import type { KeptCurves } from "./kept";
import { CurveKey } from "./key";
import { line, valueAt } from "./lines";
import { drawMark, type Mark } from "./mark";
import type { ChartOptions } from "./scales";
import { sentenceOf } from "./sentence";
import { numbersRest, Paced } from "../pace";
import { typeScale } from "../type_scale";

const loadKept = lazy(() => import("./kept"), "drawKept");
const loadPicture = lazy(() => import("./picture"), "picture");

export class Chart {
  private plot: uPlot;
  private scale = typeScale();
  private colors: Record<string, string> = {};
  // The epochs on the axis where it was drawn empty; 0 where it was not.
  private drawnEmpty = 0;
  private readonly key = new CurveKey();
  private kept: readonly KeptCurves[] = [];
  // What draws them, once there are some.
  private drawing: typeof import("./kept") | undefined;
  private epochs = 1;
  private marked: Mark | undefined;
  private best: number | undefined;
  private readonly values = new Paced(
    () => numbersRest,
    () => this.showValues(),
  );

  constructor(
    private readonly figure: HTMLElement,
    private readonly options: ChartOptions,
    private readonly curves: Curves,
  ) {
    const box = make("div", { className: "plot" });
    figure.querySelector("figcaption")!.before(this.key.element, box);
    this.plot = this.plotIn(box);
    this.showValues();

    new ResizeObserver(() => this.resize(box)).observe(box);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.colors = {};
      this.drawnEmpty = 0;
      this.draw();
    });
  }

  // Sets how far the axis reaches.
  setEpochs(epochs: number): void {
    this.epochs = epochs;
  }

  // Draws a line at one step; undefined removes it.
  mark(mark: Mark | undefined): void {
    this.marked = mark;
  }

  // Takes the epoch whose weights are back; undefined where the weights are the latest.
  setBest(epoch: number | undefined): void {
    this.best = epoch;
  }

  // Takes earlier runs to draw beside this one; they outlive it.
  async setKept(kept: readonly KeptCurves[]): Promise<void> {
    this.kept = kept;
    if (kept.length > 0) this.drawing ??= await loadKept();
    this.draw();
    this.flush();
  }

  // A picture of the figure as it is now; `about` says in a line which run it is of.
  async picture(about: string): Promise<HTMLCanvasElement> {
    const { kept } = this;
    const { picture } = await loadPicture();
    return picture({
      title: this.options.name,
      about,
      curves: (["train", "test", "validation"] as const).filter(
        (curve) => curve === "train" || this.curves.ended[curve].x.length > 0,
      ),
      kept: kept.map(({ name }) => name),
      color: this.color,
      options: (size, scale) => this.uplotOptions(size, scale),
      data: this.data(),
    });
  }

  // All points as rows, one for each place on the axis, with a head; a cell is undefined where a
  // curve has no point.
  table(): (string | number | null | undefined)[][] {
    const names = ["training", "validation", "test"] as const;
    const columns = uPlot.join([
      this.data() as uPlot.AlignedData,
      ...this.kept.flatMap(({ points }) => names.map((curve) => line(points, curve))),
    ]);
    const kept = this.kept.flatMap(({ name }) =>
      names.map((curve) => `kept run ${name}: ${curve}`),
    );
    return [
      ["epoch", "training at each step", ...names, ...kept],
      ...Array.from(columns[0], (_, row) => columns.map((column) => column[row])),
    ];
  }

  // Draws all of it; an empty figure only where it is another one, as this happens again and again while a page loads.
  draw(): void {
    const data = this.data();
    const empty = data[0].length + this.kept.length > 0 ? 0 : this.epochs;
    if (!empty || empty !== this.drawnEmpty) this.plot.setData(data);
    this.drawnEmpty = empty;
    this.renewValues();
  }

  // Shows the values soon that the curves have now, drawn or not.
  renewValues(): void {
    this.values.renew();
  }

  // Shows them at once.
  flush(): void {
    this.values.flush();
  }

  private plotIn(box: HTMLElement): uPlot {
    const plot = new uPlot(this.uplotOptions(sizeOf(box)), this.data(), box);
    plot.ctx.canvas.setAttribute("role", "img");
    return plot;
  }

  private resize(box: HTMLElement): void {
    const scale = typeScale();
    if (scale === this.scale) return this.plot.setSize(sizeOf(box));
    this.scale = scale;
    this.plot.destroy();
    this.plot = this.plotIn(box);
    this.showValues();
  }

  private data(): uPlot.AlignedData {
    const { x, y, smooth } = this.curves.training;
    const { validation, test } = this.curves.ended;
    return uPlot.join([
      [x, y, smooth],
      [validation.x, validation.y],
      [test.x, test.y],
    ]);
  }

  // Shows in the key the values under the pointer, or else those of the weights: the latest, or the best epoch's where
  // those are back. Screen readers always get the latter.
  private showValues(): void {
    const { write } = this.options;
    const { curves, best } = this;
    const { judge } = curves;
    const { idx } = this.plot.cursor;
    const place = idx == null ? undefined : this.plot.data[0][idx];
    this.key.judgeBy(judge);
    this.key.show("train", valueAt(curves, "training", place ?? best), write);
    this.key.show(judge, valueAt(curves, judge, place ?? best), write);
    const kept = this.kept.map(({ name, points, best }) => ({
      name,
      train: valueAt(points, "training", place ?? best),
      judge: judgeOf(points),
      judged: valueAt(points, judgeOf(points), place ?? best),
    }));
    this.key.showKept(kept, write);

    const said = sentenceOf(this.options, curves, this.epochs, best, this.kept);
    const mark = this.marked ? ` Step ${this.marked.step} is marked.` : "";
    const label = `${said}${mark} The table below has the numbers.`;
    this.plot.ctx.canvas.setAttribute("aria-label", label);
  }

  // A colour of the page's scheme. It is read once, since reading it makes the browser work out the page's styles.
  private readonly color = (name: string): string =>
    (this.colors[name] ??= getComputedStyle(this.figure).getPropertyValue(name));

  // The options of uPlot; with `scale`, those of a picture that is this many times as large and has
  // its axes named.
  private uplotOptions(size: Size, scale?: number): uPlot.Options {
    const { options } = this;
    const times = (length: number) => length * (scale ?? this.scale);
    const density = times(uPlot.pxRatio);
    const color = (name: string) => () => this.color(name);
    const font = `${times(13)}px "Source Sans 3", system-ui, sans-serif`;
    const axis: uPlot.Axis = {
      stroke: color("--muted"),
      font,
      labelFont: font,
      labelSize: times(18),
      labelGap: 0,
      grid: { stroke: color("--grid"), width: times(1) },
      ticks: { show: false },
    };
    const atEpochs = (name: string, dash: number[]): uPlot.Series => ({
      stroke: color(name),
      width: times(2),
      // uPlot takes the lengths as they are.
      dash: dash.map((length) => times(length) * uPlot.pxRatio),
      spanGaps: true,
      points: { show: true, size: times(7), fill: color(name) },
    });
    const kept = () => (this.kept.length > 0 ? this.drawing?.extent(this.kept) : undefined);
    return {
      ...size,
      padding: [times(8), times(8), 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
      hooks: {
        setCursor: [(plot) => plot === this.plot && this.showValues()],
        drawAxes: [(plot) => this.drawing?.drawKept(plot, this.kept, this.color, density)],
        draw: [
          (plot) => this.drawing?.drawLetters(plot, this.kept, this.color, density),
          (plot) => drawMark(plot, this.marked, options.falls, this.color("--wrong"), density),
        ],
      },
      scales: {
        x: {
          time: false,
          range: () => {
            const reached = this.curves.training.x.at(-1) ?? 0;
            return [0, Math.max(axisEnd(reached, this.epochs), kept()?.epochs ?? 0)];
          },
        },
        y: {
          distr: 100,
          fwd: options.toAxis,
          bwd: options.fromAxis,
          range: () => {
            const { lowest = Infinity, highest = -Infinity } = kept() ?? {};
            const { curves } = this;
            return options.range(
              Math.min(curves.lowest, lowest),
              Math.max(curves.highest, highest),
            );
          },
        },
      },
      axes: [
        {
          ...axis,
          size: times(26),
          gap: times(4),
          space: times(48),
          incrs: roundNumbers(0, 6),
          label: "epoch",
        },
        {
          ...axis,
          ...(scale !== undefined && { label: options.name.toLowerCase() }),
          size: times(48),
          gap: times(6),
          space: times(28),
          splits: (_, __, min, max) => options.lines(min, max),
          filter: (_, lines) => lines,
          values: (_, splits) =>
            splits.map((value) => (value === null ? "" : options.writeLine(value))),
        },
      ],
      series: [
        {},
        { stroke: color("--train"), width: times(1), alpha: 0.22, points: { show: false } },
        {
          stroke: color("--train"),
          width: times(2.25),
          spanGaps: true,
          // The first few steps are too few to make a line.
          points: {
            show: (_, __, first, last) => last - first < 20,
            size: times(5),
            fill: color("--train"),
          },
        },
        atEpochs("--validation", [2, 4]),
        atEpochs("--test", [7, 5]),
      ],
    };
  }
}

const sizeOf = (box: HTMLElement): Size => ({ width: box.clientWidth, height: box.clientHeight });
