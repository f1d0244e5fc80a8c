// One figure over epochs: training (each point pale, their running mean solid), test (dashed) and,
// where there is one, validation (dotted), with one point per epoch; behind them the curves of kept
// runs. It draws with uPlot when it is told to, and follows the colour scheme and its own width.
import { grouped } from "../format";
import uPlot from "uplot";
import { lazy } from "../lazy";
import "uplot/dist/uPlot.min.css";
import { drawKept, drawLetters, extent, line, valueAt, type KeptCurves } from "./kept";
import { CurveKey, type Curve } from "./key";
import { Series } from "./series";

export interface ChartOptions {
  name: string; // "Loss"
  // Whether the value falls as it gets better; otherwise it rises.
  falls: boolean;
  // The value as text, as everywhere in the page.
  write(value: number): string;
  // The text beside one of the lines, which are at round numbers.
  writeLine(value: number): string;
  // The place of a value on the axis; fromAxis is the inverse.
  toAxis(value: number): number;
  fromAxis(place: number): number;
  // The values that have a line, in order, for curves from the lowest to the highest value; the
  // first and the last are the ends of the axis.
  lines(lowest: number, highest: number): number[];
  range(lowest: number, highest: number): [number, number];
}

// A step to be marked in the figure, with its place on the axis of epochs.
export interface Mark {
  at: number;
  step: number;
}

const loadPicture = lazy(() => import("./picture"), "picture");

class Points {
  x: number[] = [];
  y: number[] = [];
}

export class Chart {
  private readonly training = new Series();
  private readonly ended = { validation: new Points(), test: new Points() };
  private readonly plot: uPlot;
  private readonly key = new CurveKey();
  private kept: readonly KeptCurves[] = [];
  private lowest = Infinity;
  private highest = -Infinity;
  private epochs = 1;
  private marked: Mark | undefined;

  constructor(
    private readonly figure: HTMLElement,
    private readonly options: ChartOptions,
  ) {
    const box = document.createElement("div");
    box.className = "plot";
    figure.prepend(this.key.element, box);
    this.plot = new uPlot(this.uplotOptions(sizeOf(box)), this.data(), box);
    this.plot.ctx.canvas.setAttribute("role", "img");
    this.draw();

    new ResizeObserver(() => this.plot.setSize(sizeOf(box))).observe(box);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }

  // Adds a step's value. `epoch` is a fraction: the place of the step in the run.
  add(step: number, epoch: number, value: number): void {
    this.training.add(step, epoch, value);
    this.stretch(this.training.latest);
  }

  // Adds what was measured at an epoch's end; NaN is no value.
  addEpoch(curve: "validation" | "test", epoch: number, value: number): void {
    if (!Number.isFinite(value)) return;
    this.ended[curve].x.push(epoch);
    this.ended[curve].y.push(value);
    this.stretch(value);
  }

  // Sets how far the axis reaches.
  setEpochs(epochs: number): void {
    this.epochs = epochs;
  }

  // Draws a line at one step; undefined removes it.
  mark(mark: Mark | undefined): void {
    this.marked = mark;
  }

  reset(): void {
    this.training.reset();
    this.marked = undefined;
    for (const { x, y } of Object.values(this.ended)) x.length = y.length = 0;
    this.lowest = Infinity;
    this.highest = -Infinity;
  }

  // Takes earlier runs to draw beside this one; they outlive it.
  setKept(kept: readonly KeptCurves[]): void {
    this.kept = kept;
    this.draw();
  }

  // A picture of the figure as it is now; `about` says in a line which run it is of.
  async picture(about: string): Promise<HTMLCanvasElement> {
    const { kept } = this;
    const { picture } = await loadPicture();
    return picture({
      title: this.options.name,
      about,
      curves: (["train", "test", "validation"] as const).filter(
        (curve) => curve === "train" || this.ended[curve].x.length > 0,
      ),
      kept: kept.map(({ name }) => name),
      color: (name) => this.color(name),
      options: (size, scale) => this.uplotOptions(size, scale),
      data: this.data(),
    });
  }

  // All points as rows, one for each place on the axis, with a head; a cell is undefined where a
  // curve has no point.
  table(): (string | number | null | undefined)[][] {
    const columns = uPlot.join([
      this.data() as uPlot.AlignedData,
      ...this.kept.flatMap(({ points }) => [
        line(points, "training"),
        line(points, "validation"),
        line(points, "test"),
      ]),
    ]);
    const names = ["training", "validation", "test"];
    const kept = this.kept.flatMap(({ name }) =>
      names.map((curve) => `kept run ${name}: ${curve}`),
    );
    return [
      ["epoch", "training at each step", ...names, ...kept],
      ...Array.from(columns[0], (_, row) => columns.map((column) => column[row])),
    ];
  }

  // All points as plain data; setPoints puts such data back.
  points() {
    const { ended, lowest, highest } = this;
    return { training: this.training.state(), ended, lowest, highest };
  }
  setPoints({ training, ended, lowest, highest }: ChartPoints): void {
    this.training.setState(training);
    for (const curve of ["validation", "test"] as const) {
      this.ended[curve].x = [...ended[curve].x];
      this.ended[curve].y = [...ended[curve].y];
    }
    Object.assign(this, { lowest, highest });
  }

  draw(): void {
    this.plot.setData(this.data());
    this.showValues();
  }

  private stretch(value: number): void {
    this.lowest = Math.min(this.lowest, value);
    this.highest = Math.max(this.highest, value);
  }

  private data(): uPlot.AlignedData {
    const { x, y, smooth } = this.training;
    const { validation, test } = this.ended;
    return uPlot.join([
      [x, y, smooth],
      [validation.x, validation.y],
      [test.x, test.y],
    ]);
  }

  // Shows in the key the values under the pointer, or else the latest; screen readers always get
  // the latest.
  private showValues(): void {
    const { name, write } = this.options;
    const { validation, test } = this.ended;
    const latest: Record<Curve, number> = {
      train: this.training.latest,
      validation: validation.y.at(-1) ?? NaN,
      test: test.y.at(-1) ?? NaN,
    };
    const at = this.plot.cursor.idx;
    const columns = this.plot.data as (number | null | undefined)[][];
    for (const [curve, column] of [
      ["train", 2],
      ["validation", 3],
      ["test", 4],
    ] as const) {
      this.key.show(curve, at == null ? latest[curve] : near(columns[column]!, at), write);
    }
    const place = at == null ? undefined : columns[0]![at]!;
    const kept = this.kept.map(({ name, points }) => ({
      name,
      train: valueAt(points, "training", place),
      test: valueAt(points, "test", place),
    }));
    this.key.showKept(kept, write);

    const others = (["validation", "test"] as const)
      .filter((curve) => Number.isFinite(latest[curve]))
      .map((curve) => `, ${curve} ${write(latest[curve])}`);
    const summary = Number.isFinite(latest.train)
      ? `${name} over ${this.epochs} epochs: training ${write(latest.train)}${others.join("")}`
      : `${name}: no training yet`;
    const mark = this.marked ? ` Step ${this.marked.step} is marked.` : "";
    const beside = this.kept.map(({ name, points }) => {
      const [train, test] = [valueAt(points, "training"), valueAt(points, "test")];
      return `; kept run ${name}: training ${write(train)}${Number.isFinite(test) ? `, test ${write(test)}` : ""}`;
    });
    this.plot.ctx.canvas.setAttribute(
      "aria-label",
      `${summary}${beside.join("")}.${mark} The table below has the numbers.`,
    );
  }

  private drawMark(plot: uPlot, scale: number): void {
    if (!this.marked) return;
    const { ctx, bbox } = plot;
    const x = Math.min(
      Math.max(plot.valToPos(this.marked.at, "x", true), bbox.left + scale),
      bbox.left + bbox.width - scale,
    );
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = this.color("--wrong");
    ctx.lineWidth = 1.5 * scale;
    ctx.setLineDash([2 * scale, 3 * scale]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.font = `600 ${13 * scale}px "Source Sans 3", system-ui, sans-serif`;
    const isLeft = x < bbox.left + bbox.width / 2;
    ctx.textAlign = isLeft ? "left" : "right";
    const text = `step ${grouped(this.marked.step)}`;
    // The label stands where the curve is not: at the left end, values stay bad, and at the right
    // end they were good before.
    const isBelow = this.options.falls === isLeft;
    ctx.textBaseline = isBelow ? "bottom" : "top";
    const y = isBelow ? bbox.top + bbox.height - 4 * scale : bbox.top + 4 * scale;
    ctx.fillText(text, x + (isLeft ? 6 : -6) * scale, y);
    ctx.restore();
  }

  private color(name: string): string {
    return getComputedStyle(this.figure).getPropertyValue(name);
  }

  // The options of uPlot; with `scale`, those of a picture that is this many times as large and has
  // its axes named.
  private uplotOptions(size: Size, scale?: number): uPlot.Options {
    const { options } = this;
    const times = (length: number) => length * (scale ?? 1);
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
    const kept = () => (this.kept.length > 0 ? extent(this.kept) : undefined);
    return {
      ...size,
      padding: [times(8), times(8), 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
      hooks: {
        setCursor: [(plot) => plot === this.plot && this.showValues()],
        drawAxes: [
          (plot) => drawKept(plot, this.kept, (name) => this.color(name), times(uPlot.pxRatio)),
        ],
        draw: [
          (plot) => drawLetters(plot, this.kept, (name) => this.color(name), times(uPlot.pxRatio)),
          (plot) => this.drawMark(plot, times(uPlot.pxRatio)),
        ],
      },
      scales: {
        x: { time: false, range: () => [0, Math.max(this.epochs, kept()?.epochs ?? 0)] },
        y: {
          distr: 100,
          fwd: options.toAxis,
          bwd: options.fromAxis,
          range: () => {
            const { lowest = Infinity, highest = -Infinity } = kept() ?? {};
            return options.range(Math.min(this.lowest, lowest), Math.max(this.highest, highest));
          },
        },
      },
      axes: [
        {
          ...axis,
          size: times(26),
          gap: times(4),
          space: times(48),
          incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
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

// The last value at or before an index.
function near(values: (number | null | undefined)[], index: number): number {
  for (let i = index; i >= 0; i--) {
    const value = values[i];
    if (value !== null && value !== undefined) return value;
  }
  return NaN;
}

export type ChartPoints = ReturnType<Chart["points"]>;

interface Size {
  width: number;
  height: number;
}

const sizeOf = (box: HTMLElement): Size => ({ width: box.clientWidth, height: box.clientHeight });
